# SPDX-License-Identifier: GPL-2.0-or-later
"""Results of a benchmark: a row per scene, scale and method; means, tables, CSV and JSON.

The figures of a set are the mean and the sample standard deviation (N - 1) over its scenes. The
tables of all sets compare every method with references: interpolation, the scene fit, and the best
published method of each scene and index, which is known only after the comparison.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from core.imaging.arrays import FloatArray
from core.language import counted, in_columns, later, say
from core.worker.protocol import finite

#: Reduced resolution, with MS as the reference, PAN reduced by antialiased bicubic or under an MTF;
#: and full resolution, without a reference.
Scale = Literal["RR", "RR-MTF", "FR"]
TITLES: dict[Scale, str] = {
    "RR": later("reduced resolution"),
    "RR-MTF": later("reduced resolution, PAN under an MTF"),
    "FR": later("full resolution"),
}
_WITH_REFERENCE = ("ERGAS", "SAM", "Q2n", "SCC", "SSIM", "PSNR")
METRICS: dict[Scale, tuple[str, ...]] = {
    "RR": _WITH_REFERENCE,
    "RR-MTF": _WITH_REFERENCE,
    "FR": ("HQNR", "D_lambda_K", "D_s", "QNR", "D_lambda"),
}
Loss = Callable[[Mapping[str, float]], float]
_ERRORS: dict[str, Loss] = {
    "ERGAS": lambda s: s["ERGAS"],
    "SAM": lambda s: s["SAM"],
    "1 - Q2n": lambda s: 1 - s["Q2n"],
}
#: Losses that methods are compared by in the tables of all sets; lower is better.
LOSSES: dict[Scale, dict[str, Loss]] = {
    "RR": _ERRORS,
    "RR-MTF": _ERRORS,
    "FR": {"1 - HQNR": lambda s: 1 - s["HQNR"]},
}
#: References by title: the best of these methods on each scene, known only after the comparison.
References = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class BenchmarkRow:
    """One method on one scene; ``used`` is the method itself, or the one that auto selected."""

    set: str
    scene: str
    scale: Scale
    method: str
    used: str
    scores: dict[str, float]
    seconds: float


@dataclass(frozen=True)
class SetResults:
    """The rows of one set at one scale."""

    name: str
    scale: Scale
    rows: tuple[BenchmarkRow, ...]

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of the methods, in the order in which they first ran."""
        return tuple(dict.fromkeys(row.method for row in self.rows))

    @property
    def scenes(self) -> tuple[str, ...]:
        """Names of the scenes."""
        return tuple(dict.fromkeys(row.scene for row in self.rows))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The indices that were computed, in the tables' order."""
        return tuple(m for m in METRICS[self.scale] if any(m in row.scores for row in self.rows))

    def of(self, method: str) -> list[BenchmarkRow]:
        """Return the rows of one method, one per scene it ran on."""
        return [row for row in self.rows if row.method == method]

    def mean(self, method: str, metric: str) -> float:
        """Return the mean over the scenes."""
        return float(np.mean([row.scores[metric] for row in self.of(method)]))

    def std(self, method: str, metric: str) -> float | None:
        """Return the sample standard deviation over the scenes; None for one scene."""
        values = [row.scores[metric] for row in self.of(method)]
        with np.errstate(invalid="ignore"):  # a perfect PSNR is infinite
            return float(np.std(values, ddof=1)) if len(values) > 1 else None

    def seconds(self, method: str) -> float:
        """Return the mean duration over the scenes."""
        return float(np.mean([row.seconds for row in self.of(method)]))

    def complete(self, method: str) -> bool:
        """Return whether the method ran on every scene."""
        return len(self.of(method)) == len(self.scenes)


def group_by_set(rows: Iterable[BenchmarkRow]) -> list[SetResults]:
    """Group rows by scale, reduced resolution first, and set."""
    groups: dict[tuple[str, Scale], list[BenchmarkRow]] = {}
    for row in rows:
        groups.setdefault((row.set, row.scale), []).append(row)
    return [
        SetResults(name, scale, tuple(found))
        for wanted in TITLES
        for (name, scale), found in groups.items()
        if scale == wanted
    ]


@dataclass(frozen=True)
class Ratio:
    """A loss over that of a reference.

    mean : geometric mean over the sets, of that over the scenes of each.
    worst : on the scene where it is largest.
    lower : number of scenes on which it is below 1.
    """

    mean: float
    worst: float
    lower: int


def compare_over_sets(
    groups: Sequence[SetResults], references: References
) -> dict[str, dict[str, dict[str, Ratio]]]:
    """Compare methods over sets at one scale: loss -> method -> reference -> ratio.

    Left out are methods that did not run on every scene, references of such methods alone, and sets
    of which an index is not defined: one band has no SAM.
    """
    if not groups:
        return {}
    names = [m for m in groups[0].methods if all(group.complete(m) for group in groups)]
    known = {
        title: at
        for title, methods in references.items()
        if (at := [names.index(m) for m in methods if m in names])
    }
    results: dict[str, dict[str, dict[str, Ratio]]] = {}
    for title, loss in LOSSES[groups[0].scale].items():
        # of each set, (methods, scenes)
        of_sets = [np.array([[loss(r.scores) for r in g.of(m)] for m in names]) for g in groups]
        losses = [x for x in of_sets if np.isfinite(x).all()]
        if not losses:
            continue
        found: dict[str, dict[str, Ratio]] = {name: {} for name in names}
        for reference, at in known.items():
            ratios = [_ratio(x, x[at].min(axis=0)) for x in losses]
            means = np.mean([np.log(x).mean(axis=1) for x in ratios], axis=0)
            every = np.concatenate(ratios, axis=1)
            for name, mean, x in zip(names, means, every, strict=True):
                found[name][reference] = Ratio(
                    float(np.exp(mean)), float(x.max()), int((x < 1).sum())
                )
        results[title] = found
    return results


def _ratio(loss: FloatArray, reference: FloatArray) -> FloatArray:
    """Return the ratio of two losses; 1 where both are zero."""
    tiny = np.finfo(np.float64).tiny
    return np.asarray(np.maximum(loss, tiny) / np.maximum(reference, tiny))


def set_table(group: SetResults) -> str:
    """Return the results of a set as a Markdown table."""
    count = len(group.scenes)
    title = f"### {group.name}, {say(TITLES[group.scale])}, {counted(count, 'scene')}"
    lines = [["method", *group.metrics, "seconds"]]
    for method in group.methods:
        name = method
        used = Counter(row.used for row in group.of(method)).most_common()
        if used[0][0] != method:  # auto
            name += f" ({', '.join(m if count == 1 else f'{m} {n}' for m, n in used)})"
        if not group.complete(method):
            name += f" ({len(group.of(method))} of {count})"
        cells = []
        for metric in group.metrics:
            std = group.std(method, metric)
            deviation = "" if std is None else f" ± {std:.4f}"
            cells.append(f"{group.mean(method, metric):.4f}{deviation}")
        lines.append([name, *cells, f"{group.seconds(method):.1f}"])
    return f"{title}\n\n{_aligned(lines)}\n"


def overall_tables(groups: Sequence[SetResults], references: References) -> str:
    """Return all sets at one scale as Markdown tables, one for each loss."""
    scale = groups[0].scale
    scenes = sum(len(group.scenes) for group in groups)
    counts = f"{counted(len(groups), 'set')}, {counted(scenes, 'scene')}"
    tables = []
    for loss, methods in compare_over_sets(groups, references).items():
        found = list(dict.fromkeys(each for ratios in methods.values() for each in ratios))
        lines = [["method", *(title for each in found for title in (each, "worst", "lower on"))]]
        for method, ratios in methods.items():
            cells = [
                cell
                for ratio in (ratios[each] for each in found)
                for cell in (f"{ratio.mean:.3f}", f"{ratio.worst:.3f}", f"{ratio.lower}")
            ]
            lines.append([method, *cells])
        title = f"### All at {say(TITLES[scale])}: {loss} over that of a reference, {counts}"
        tables.append(f"{title}\n\n{_aligned(lines)}\n")
    return "\n".join(tables)


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    """Format cells as a Markdown table whose columns are aligned in plain text too."""
    head, *text = in_columns(lines)
    rule = ["-" * len(head[0]), *("-" * (len(cell) - 1) + ":" for cell in head[1:])]
    text = [head, rule, *text]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in text)


def as_text(rows: Sequence[BenchmarkRow], references: References, notes: Sequence[str]) -> str:
    """Return all tables as Markdown, and a list of notes."""
    parts = []
    for groups in _by_scale(rows).values():
        parts += [set_table(group) for group in groups]
        if len(groups) > 1:
            parts.append(overall_tables(groups, references))
    if notes:
        parts.append("".join(f"- {note}\n" for note in notes))
    return "\n".join(parts)


def as_csv(rows: Sequence[BenchmarkRow]) -> str:
    """Return one line per row; an index that does not apply is empty."""
    every = dict.fromkeys(metric for metrics in METRICS.values() for metric in metrics)
    metrics = [metric for metric in every if any(metric in row.scores for row in rows)]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["set", "scene", "scale", "method", "used", *metrics, "seconds"])
    for r in rows:
        scores = [r.scores.get(metric, "") for metric in metrics]
        writer.writerow([r.set, r.scene, r.scale, r.method, r.used, *scores, r.seconds])
    return file.getvalue()


def as_json(
    rows: Sequence[BenchmarkRow], references: References, facts: Mapping[str, object]
) -> str:
    """Return the rows, the figures of the tables, and `facts` about the run."""
    by_scale = _by_scale(rows)
    sets = [
        {
            "name": group.name,
            "scale": group.scale,
            "scenes": len(group.scenes),
            "methods": {method: _figures(group, method) for method in group.methods},
        }
        for groups in by_scale.values()
        for group in groups
    ]
    total = {
        scale: {
            loss: {
                method: {reference: asdict(ratio) for reference, ratio in ratios.items()}
                for method, ratios in methods.items()
            }
            for loss, methods in compare_over_sets(groups, references).items()
        }
        for scale, groups in by_scale.items()
    }
    lines = [
        {"set": r.set, "scene": r.scene, "scale": r.scale, "method": r.method, "used": r.used}
        | {**r.scores, "seconds": r.seconds}
        for r in rows
    ]
    whole = {**facts, "sets": sets, "total": total, "rows": lines}
    return json.dumps(finite(whole), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _figures(group: SetResults, method: str) -> dict[str, object]:
    return {
        "scenes": len(group.of(method)),
        "mean": {metric: group.mean(method, metric) for metric in group.metrics},
        "std": {metric: group.std(method, metric) for metric in group.metrics},
        "seconds": group.seconds(method),
        "used": dict(Counter(row.used for row in group.of(method))),
    }


def _by_scale(rows: Sequence[BenchmarkRow]) -> dict[Scale, list[SetResults]]:
    groups = group_by_set(rows)
    return {scale: [group for group in groups if group.scale == scale] for scale in TITLES}
