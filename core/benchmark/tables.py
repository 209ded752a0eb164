# SPDX-License-Identifier: GPL-2.0-or-later
"""What a bench measured: a row per scene, scale and method; means, tables, CSV and JSON.

A set's figures are the mean and the sample standard deviation (N - 1) over its scenes. The table of
all sets compares every method with the best classical one: that of each set and each index, chosen
after the fact, which no user could do.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.imaging.arrays import FloatArray
from core.worker.protocol import finite

#: At reduced resolution, with MS as the truth; at full resolution, without one.
Scale = Literal["RR", "FR"]
TITLES: dict[Scale, str] = {"RR": "reduced resolution", "FR": "full resolution"}
METRICS: dict[Scale, tuple[str, ...]] = {
    "RR": ("ERGAS", "SAM", "Q2n", "SCC", "SSIM", "PSNR"),
    "FR": ("HQNR", "D_lambda_K", "D_s", "QNR", "D_lambda"),
}
#: What methods are compared by in the table of all sets, the lower the better.
LOSSES: dict[Scale, dict[str, Callable[[Mapping[str, float]], float]]] = {
    "RR": {"ERGAS": lambda s: s["ERGAS"], "SAM": lambda s: s["SAM"]},
    "FR": {"1 - HQNR": lambda s: 1 - s["HQNR"]},
}


@dataclass(frozen=True)
class BenchmarkRow:
    """One method on one scene; ``used`` is the method itself, or for auto the one it chose."""

    set: str
    scene: str
    scale: Scale
    method: str
    used: str
    scores: dict[str, float]
    seconds: float


@dataclass(frozen=True)
class Group:
    """The rows of one set at one scale."""

    name: str
    scale: Scale
    rows: tuple[BenchmarkRow, ...]

    @property
    def methods(self) -> tuple[str, ...]:
        """In the order in which they first ran."""
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
        """The rows of one method, one per scene it ran on."""
        return [row for row in self.rows if row.method == method]

    def mean(self, method: str, metric: str) -> float:
        """Mean over the scenes."""
        return float(np.mean([row.scores[metric] for row in self.of(method)]))

    def std(self, method: str, metric: str) -> float | None:
        """Sample standard deviation over the scenes; None for one scene."""
        values = [row.scores[metric] for row in self.of(method)]
        with np.errstate(invalid="ignore"):  # a perfect PSNR is infinite
            return float(np.std(values, ddof=1)) if len(values) > 1 else None

    def seconds(self, method: str) -> float:
        """Mean over the scenes."""
        return float(np.mean([row.seconds for row in self.of(method)]))

    def complete(self, method: str) -> bool:
        """Whether the method ran on every scene."""
        return len(self.of(method)) == len(self.scenes)


def grouped(rows: Iterable[BenchmarkRow]) -> list[Group]:
    """Rows by scale, reduced resolution first, and set."""
    groups: dict[tuple[str, Scale], list[BenchmarkRow]] = {}
    for row in rows:
        groups.setdefault((row.set, row.scale), []).append(row)
    return [
        Group(name, scale, tuple(found))
        for wanted in TITLES
        for (name, scale), found in groups.items()
        if scale == wanted
    ]


@dataclass(frozen=True)
class Standing:
    """A method in the table of all sets.

    ``relative`` is each loss over that of the best classical method of the set, minus 1, averaged
    over the sets; None without classical methods. ``wins`` counts the scenes on which no other
    method did better; a method and the auto that chose it can both win.
    """

    relative: dict[str, float | None]
    wins: dict[str, int]


def standings(groups: Sequence[Group], rivals: Sequence[str]) -> dict[str, Standing]:
    """By method, over sets at one scale; methods that did not run on every scene are left out.

    `rivals` are the classical methods to compare with.
    """
    if not groups:
        return {}
    names = [m for m in groups[0].methods if all(group.complete(m) for group in groups)]
    against = [names.index(m) for m in rivals if m in names]
    relative: dict[str, FloatArray | None] = {}
    wins: dict[str, NDArray[np.intp]] = {}
    for title, loss in LOSSES[groups[0].scale].items():
        every = [np.array([[loss(r.scores) for r in g.of(m)] for m in names]) for g in groups]
        wins[title] = np.concatenate([x == x.min(axis=0) for x in every], axis=1).sum(axis=1)
        means = [x.mean(axis=1) for x in every]
        shares = [mean / mean[against].min() - 1 for mean in means] if against else []
        relative[title] = np.mean(shares, axis=0) if shares else None
    return {
        method: Standing(
            {title: None if x is None else float(x[at]) for title, x in relative.items()},
            {title: int(x[at]) for title, x in wins.items()},
        )
        for at, method in enumerate(names)
    }


def table(group: Group) -> str:
    """A group as a table, which is Markdown too."""
    count = len(group.scenes)
    title = f"### {group.name}, {TITLES[group.scale]}, {count} scene{'s' if count > 1 else ''}"
    lines = [["method", *group.metrics, "seconds"]]
    for method in group.methods:
        name = method
        used = Counter(row.used for row in group.of(method)).most_common()
        if used[0][0] != method:  # it chose
            name += f" ({', '.join(m if count == 1 else f'{m} {n}' for m, n in used)})"
        if not group.complete(method):
            name += f" ({len(group.of(method))} of {count})"
        cells = []
        for metric in group.metrics:
            std = group.std(method, metric)
            spread = "" if std is None else f" ± {std:.4f}"
            cells.append(f"{group.mean(method, metric):.4f}{spread}")
        lines.append([name, *cells, f"{group.seconds(method):.1f}"])
    return f"{title}\n\n{_aligned(lines)}\n"


def total(groups: Sequence[Group], rivals: Sequence[str]) -> str:
    """All sets at one scale as a table; nothing for one that has no rivals."""
    found = standings(groups, rivals)
    scale, losses = groups[0].scale, LOSSES[groups[0].scale]
    scenes = sum(len(group.scenes) for group in groups)
    sets = f"{len(groups)} set{'s' if len(groups) > 1 else ''}"
    title = f"### All at {TITLES[scale]}: {sets}, {scenes} scene{'s' if scenes > 1 else ''}"
    lines = [["method", *(f"{t} against best classical" for t in losses)]]
    lines[0] += [f"best {t} of a scene" for t in losses]
    for method, standing in found.items():
        shares = [standing.relative[t] for t in losses]
        cells = ["" if share is None else f"{100 * share:+.1f} %" for share in shares]
        lines.append([method, *cells, *(f"{standing.wins[t]} of {scenes}" for t in losses)])
    return f"{title}\n\n{_aligned(lines)}\n"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns are aligned as text, too."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    text = [
        [cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]
        for cells in (lines[0], rule, *lines[1:])
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in text)


def as_csv(rows: Sequence[BenchmarkRow]) -> str:
    """One line per row; an index that does not apply is empty."""
    metrics = [m for scale in METRICS.values() for m in scale if any(m in r.scores for r in rows)]
    head = ["set", "scene", "scale", "method", "used", *metrics, "seconds"]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(head)
    for r in rows:
        scores = [r.scores.get(metric, "") for metric in metrics]
        writer.writerow([r.set, r.scene, r.scale, r.method, r.used, *scores, r.seconds])
    return file.getvalue()


def as_json(
    rows: Sequence[BenchmarkRow], rivals: Sequence[str], facts: Mapping[str, object]
) -> str:
    """The rows, the figures of the tables, and whatever facts there are about the run."""
    groups = grouped(rows)
    sets = [
        {
            "name": group.name,
            "scale": group.scale,
            "scenes": len(group.scenes),
            "methods": {method: _figures(group, method) for method in group.methods},
        }
        for group in groups
    ]
    totals = {
        scale: {
            method: {"relative": standing.relative, "wins": standing.wins}
            for method, standing in standings(_at(groups, scale), rivals).items()
        }
        for scale in TITLES
    }
    lines = [
        {"set": r.set, "scene": r.scene, "scale": r.scale, "method": r.method, "used": r.used}
        | {**r.scores, "seconds": r.seconds}
        for r in rows
    ]
    whole = {**facts, "sets": sets, "total": totals, "rows": lines}
    return json.dumps(finite(whole), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _figures(group: Group, method: str) -> dict[str, object]:
    return {
        "scenes": len(group.of(method)),
        "mean": {metric: group.mean(method, metric) for metric in group.metrics},
        "std": {metric: group.std(method, metric) for metric in group.metrics},
        "seconds": group.seconds(method),
        "used": dict(Counter(row.used for row in group.of(method))),
    }


def as_text(rows: Sequence[BenchmarkRow], rivals: Sequence[str], notes: Sequence[str]) -> str:
    """All tables, which are Markdown too, and below them what else is to be told."""
    groups = grouped(rows)
    parts = []
    for scale in TITLES:
        found = _at(groups, scale)
        parts += [table(group) for group in found]
        if len(found) > 1:
            parts.append(total(found, rivals))
    if notes:
        parts.append("".join(f"- {note}\n" for note in notes))
    return "\n".join(parts)


def _at(groups: Sequence[Group], scale: Scale) -> list[Group]:
    return [group for group in groups if group.scale == scale]
