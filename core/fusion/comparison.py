# SPDX-License-Identifier: GPL-2.0-or-later
"""The outcome of the reduced-resolution test: scores of each method, and which one to use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.fusion.selection_rule import SelectionRule, error
from core.language import in_columns, say
from core.methods.classical import Exp
from core.methods.registry import METHODS, NETWORKS, title_of
from core.methods.scene_fit_weights import SceneFitWeights

METRICS = ("ERGAS", "SAM", "Q2n", "SCC", "reprojected")
"""Against the reference; `reprojected` is the ERGAS of the result, degraded to MS, against MS."""
FINE_TUNED_BY_AUTO = "ksdiff"
"""The network that `auto` fine-tunes to the scene."""
INTERPOLATION = Exp.name  # shown for comparison, never selected


@dataclass(frozen=True)
class MethodScores:
    """Indices of one method, SAM in degrees, and the seconds that it took."""

    method: str
    scores: Mapping[str, float]
    seconds: float


@dataclass(frozen=True)
class Comparison:
    """The result of the test: rows best first.

    pixels, windows : MS pixels that were compared, and the windows they lie in.
    whole : whether that is the whole scene.
    left_out : method -> why it cannot sharpen this scene.
    fit : the scene fit; None where it is not needed, or the scene is too small.
    contexts : of networks fine-tuned to the scene, by method.
    """

    rows: tuple[MethodScores, ...]
    pixels: int
    windows: int
    whole: bool
    ratio: int
    seconds: float
    left_out: Mapping[str, str]
    fit: SceneFitWeights | None = None
    contexts: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def best(self) -> MethodScores:
        """The sharpening method with the lowest error."""
        return next((row for row in self.rows if row.method != INTERPOLATION), self.rows[0])

    @property
    def expected(self) -> dict[str, float]:
        """The error that each method is expected to have on the scene."""
        errors = {row.method: error(row.scores) for row in self.rows}
        return SelectionRule().expected(errors)

    @property
    def winner(self) -> str:
        """The method to use."""
        return self.winner_of(row.method for row in self.rows)

    def winner_of(self, names: Iterable[str]) -> str:
        """Return the method to use of these; where none was tested, the first row's."""
        wanted = {*names, INTERPOLATION}
        rows = [row for row in self.rows if row.method in wanted]
        errors = {row.method: error(row.scores) for row in rows}
        given_back = {row.method: row.scores["reprojected"] for row in rows}
        selected = SelectionRule().select(errors, given_back)
        return selected or self.rows[0].method

    def better_form(self, method: str) -> str:
        """Return the method, or its fine-tuned form if that has a lower expected error."""
        forms = self._forms(method)
        expected = self.expected
        improved = forms and expected[forms[1].method] < expected[forms[0].method]
        return forms[1].method if forms and improved else method

    def _forms(self, method: str) -> tuple[MethodScores, MethodScores] | None:
        """Return the scores of a method and of its fine-tuned form, if both were tested."""
        info = METHODS.get(method)
        plain, tuned = self.row(method), self.row(info.fine_tuned or "") if info else None
        return (plain, tuned) if plain and tuned else None

    @property
    def adaptation(self) -> str | None:
        """Return the expected effect of fine-tuning on a method; None if it was not tested."""
        for name in NETWORKS:
            if forms := self._forms(name):
                before, after = (self.expected[form.method] for form in forms)
                title = title_of(name)
                tested = ", ".join(f"{error(form.scores):.4f}" for form in reversed(forms))
                if after < before:
                    return say(
                        "Adapting {} to the scene is expected to lower its error by {} % (in the "
                        "test {} unadapted).",
                        title,
                        f"{100 * (1 - after / before):.1f}",
                        tested,
                    )
                if SelectionRule().too_good(*(error(form.scores) for form in forms)):
                    return say(
                        "{} is not adapted to the scene: the test gives it so low an error ({} "
                        "unadapted) that it has learnt what holds at the resolution of the test "
                        "alone. The network is used as it was trained.",
                        title,
                        tested,
                    )
                return say(
                    "Adapting {} to the scene is not expected to lower its error (in the test {} "
                    "unadapted).",
                    title,
                    tested,
                )
        return None

    def row(self, method: str) -> MethodScores | None:
        """Return the scores of a method; None where it was left out."""
        return next((row for row in self.rows if row.method == method), None)

    def sentence(self) -> str:
        """Return a sentence on what was compared, and on how many pixels."""
        where = say("1 window of it")
        if self.windows > 1:
            where = say("{} windows scattered over it", self.windows)
        if self.whole:
            where = say("all of it")
        compared = say("1 method was")
        if len(self.rows) > 1:
            compared = say("{} methods were", len(self.rows))
        return say(
            "{} compared on this scene at reduced resolution (ratio {}), where its own MS is the "
            "reference: {} MS pixels, {}. The method with the lowest expected error is used: the "
            "error in the test, corrected by what other scenes show of such tests.",
            compared,
            self.ratio,
            self.pixels,
            where,
        )

    def facts(self) -> dict[str, object]:
        """Return the comparison as plain values."""
        expected = self.expected
        rows = [
            {"method": r.method, **r.scores}
            | {"error": error(r.scores), "expected": expected[r.method], "seconds": r.seconds}
            for r in self.rows
        ]
        return {
            "rows": rows,
            "best": self.best.method,
            "winner": self.winner,
            "adaptation": self.adaptation,
            "pixels": self.pixels,
            "windows": self.windows,
            "ratio": self.ratio,
            "seconds": self.seconds,
            "left_out": dict(self.left_out),
            "sentence": self.sentence(),
        }


def lines(facts: Mapping[str, Any]) -> list[str]:
    """Return `Comparison.facts` as lines of text."""
    text = [table(facts), facts["sentence"]]
    return [*text, facts["adaptation"]] if facts.get("adaptation") else text


def table(facts: Mapping[str, Any]) -> str:
    """Return the scores of the methods, best first, in columns of equal width."""
    columns = (*METRICS, "error", "expected")
    rows = [("", *columns)]
    for row in facts["rows"]:
        rows.append((row["method"], *(f"{row[name]:.4f}" for name in columns)))
    return "\n".join(map("  ".join, in_columns(rows)))


def ranked(rows: Sequence[MethodScores]) -> list[MethodScores]:
    """Return the rows, lowest error first."""
    return sorted(rows, key=lambda row: error(row.scores))
