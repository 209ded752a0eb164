# SPDX-License-Identifier: GPL-2.0-or-later
"""Results of a benchmark: a row per scene, scale and method; means, tables, CSV and JSON.

The figures of a set are the mean and the sample standard deviation (N - 1) over its scenes. The
table of all sets compares every method with the best classical one: that of each set and each
index, chosen after the fact, which no user could do.
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
from numpy.typing import NDArray

from core.imaging.arrays import FloatArray
from core.worker.protocol import finite

#: Reduced resolution, with MS as the reference, and full resolution, without a reference.
Scale = Literal["RR", "FR"]
TITLES: dict[Scale, str] = {"RR": "reduced resolution", "FR": "full resolution"}
METRICS: dict[Scale, tuple[str, ...]] = {
    "RR": ("ERGAS", "SAM", "Q2n", "SCC", "SSIM", "PSNR"),
    "FR": ("HQNR", "D_lambda_K", "D_s", "QNR", "D_lambda"),
}
#: Losses that methods are compared by in the table of all sets; lower is better.
LOSSES: dict[Scale, dict[str, Callable[[Mapping[str, float]], float]]] = {
    "RR": {"ERGAS": lambda s: s["ERGAS"], "SAM": lambda s: s["SAM"]},
    "FR": {"1 - HQNR": lambda s: 1 - s["HQNR"]},
}


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
        """Tell whether the method ran on every scene."""
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
class OverallResult:
    """One method over all sets.

    ``relative`` is each loss divided by that of the best classical method of the set, minus 1,
    averaged over the sets; None without classical methods. ``wins`` counts the scenes on which no
    other method did better; a method and the auto that selected it can both win.
    """

    relative: dict[str, float | None]
    wins: dict[str, int]


def compare_over_sets(
    groups: Sequence[SetResults], baselines: Sequence[str]
) -> dict[str, OverallResult]:
    """Compare methods over sets at one scale with the classical methods `baselines`.

    Methods that did not run on every scene are left out.
    """
    if not groups:
        return {}
    names = [m for m in groups[0].methods if all(group.complete(m) for group in groups)]
    against = [names.index(m) for m in baselines if m in names]
    relative: dict[str, FloatArray | None] = {}
    wins: dict[str, NDArray[np.intp]] = {}
    for title, loss in LOSSES[groups[0].scale].items():
        # of each set, (methods, scenes)
        losses = [np.array([[loss(r.scores) for r in g.of(m)] for m in names]) for g in groups]
        wins[title] = np.concatenate([x == x.min(axis=0) for x in losses], axis=1).sum(axis=1)
        means = [x.mean(axis=1) for x in losses]
        shares = [mean / mean[against].min() - 1 for mean in means] if against else []
        relative[title] = np.mean(shares, axis=0) if shares else None
    return {
        method: OverallResult(
            {title: None if x is None else float(x[at]) for title, x in relative.items()},
            {title: int(x[at]) for title, x in wins.items()},
        )
        for at, method in enumerate(names)
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


def set_table(group: SetResults) -> str:
    """Return the results of a set as a Markdown table."""
    count = len(group.scenes)
    title = f"### {group.name}, {TITLES[group.scale]}, {_count(count, 'scene')}"
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


def overall_table(groups: Sequence[SetResults], baselines: Sequence[str]) -> str:
    """Return all sets at one scale as a Markdown table."""
    scale, losses = groups[0].scale, LOSSES[groups[0].scale]
    scenes = sum(len(group.scenes) for group in groups)
    counts = f"{_count(len(groups), 'set')}, {_count(scenes, 'scene')}"
    lines = [["method", *(f"{t} against best classical" for t in losses)]]
    lines[0] += [f"best {t} of a scene" for t in losses]
    for method, result in compare_over_sets(groups, baselines).items():
        shares = [result.relative[t] for t in losses]
        cells = ["" if share is None else f"{100 * share:+.1f} %" for share in shares]
        lines.append([method, *cells, *(f"{result.wins[t]} of {scenes}" for t in losses)])
    return f"### All at {TITLES[scale]}: {counts}\n\n{_aligned(lines)}\n"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    """Format cells as a Markdown table whose columns are aligned in plain text too."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    text = [
        [cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]
        for cells in (lines[0], rule, *lines[1:])
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in text)


def as_text(rows: Sequence[BenchmarkRow], baselines: Sequence[str], notes: Sequence[str]) -> str:
    """Return all tables as Markdown, and a list of notes."""
    parts = []
    for groups in _by_scale(rows).values():
        parts += [set_table(group) for group in groups]
        if len(groups) > 1:
            parts.append(overall_table(groups, baselines))
    if notes:
        parts.append("".join(f"- {note}\n" for note in notes))
    return "\n".join(parts)


def as_csv(rows: Sequence[BenchmarkRow]) -> str:
    """Return one line per row; an index that does not apply is empty."""
    metrics = [m for scale in METRICS.values() for m in scale if any(m in r.scores for r in rows)]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["set", "scene", "scale", "method", "used", *metrics, "seconds"])
    for r in rows:
        scores = [r.scores.get(metric, "") for metric in metrics]
        writer.writerow([r.set, r.scene, r.scale, r.method, r.used, *scores, r.seconds])
    return file.getvalue()


def as_json(
    rows: Sequence[BenchmarkRow], baselines: Sequence[str], facts: Mapping[str, object]
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
        scale: {name: asdict(r) for name, r in compare_over_sets(groups, baselines).items()}
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
