# SPDX-License-Identifier: GPL-2.0-or-later
"""The reduced-resolution test: methods compared on the scene itself, where its MS is the reference.

What is best on other scenes need not be best on this one. PAN and MS are reduced by Wald's protocol
in windows scattered over the scene, every method sharpens them as it would sharpen the scene, and
the scene's own MS says how well. The command line and the plugin call it the scene test.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from core.errors import InputError, ModelError
from core.fusion.selection_rule import SelectionRule, error
from core.fusion.tiled import fused_tiles
from core.imaging.arrays import FloatArray, Image, Mask
from core.methods import registry
from core.methods.classical import Exp
from core.methods.interface import Method, Settings
from core.methods.registry import METHODS, NETWORKS
from core.pair.pan_sharpness import PAN_GAINS, pan_weights
from core.pair.reduced import ReducedScene
from core.pair.sampling import comparison_windows
from core.pair.scene import Scene
from core.progress import Progress, scaled
from core.quality.consistency import Consistency
from core.quality.dynamic_range import scale_and_peak
from core.quality.streaming import block_tiles
from core.quality.with_reference import WithReference
from core.raster.window import Window, plan
from core.registration.estimate import estimate
from core.sensors import GENERIC, sensor

log = logging.getLogger(__name__)

TILE = 512
MARGIN = 16  # px beyond the halo of a method, for outer windows that are aligned
METRICS = ("ERGAS", "SAM", "Q2n", "SCC", "reprojected")
"""Against the reference; `reprojected` is the ERGAS of the result, degraded to MS, against MS."""
FINE_TUNED_BY_AUTO = "ksdiff"
"""The network that `auto` fine-tunes to the scene."""
INTERPOLATION = Exp.name  # shown for comparison, but nobody asks for an unsharpened image


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
    shift : of MS against PAN, PAN px.
    left_out : method -> why it cannot sharpen this scene.
    """

    rows: tuple[MethodScores, ...]
    pixels: int
    windows: int
    whole: bool
    ratio: int
    shift: float
    seconds: float
    left_out: Mapping[str, str]

    @property
    def best(self) -> MethodScores:
        """The sharpening method with the lowest error."""
        return next((row for row in self.rows if row.method != INTERPOLATION), self.rows[0])

    @property
    def expected(self) -> dict[str, float]:
        """The error that each method is expected to have on the scene."""
        errors = {row.method: error(row.scores) for row in self.rows}
        return SelectionRule().expected(errors, self.shift)

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
        selected = SelectionRule().select(errors, given_back, self.shift)
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
                does = "is not expected to lower its error"
                if after < before:
                    does = f"is expected to lower its error by {100 * (1 - after / before):.1f} %"
                tested = ", ".join(f"{error(form.scores):.4f}" for form in reversed(forms))
                title = METHODS[name].title
                return f"Adapting {title} to the scene {does} (in the test {tested} unadapted)."
        return None

    def row(self, method: str) -> MethodScores | None:
        """Return the scores of a method; None where it was left out."""
        return next((row for row in self.rows if row.method == method), None)

    def sentence(self) -> str:
        """Say what was compared, and on how many pixels."""
        where = "all of it" if self.whole else f"{self.windows} windows scattered over it"
        compared = f"{len(self.rows)} methods were" if len(self.rows) > 1 else "1 method was"
        return (
            f"{compared} compared on this scene at reduced resolution (ratio {self.ratio}), where "
            f"its own MS is the reference: {self.pixels} MS pixels, {where}. "
            "The method with the lowest expected error is used: the error in the test, corrected "
            "by what other scenes show of such tests."
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
            "shift": self.shift,
            "seconds": self.seconds,
            "left_out": dict(self.left_out),
            "sentence": self.sentence(),
        }


def lines(facts: Mapping[str, Any]) -> list[str]:
    """Return `Comparison.facts` as lines of text."""
    columns = (*METRICS, "error", "expected")
    width = max(12, *(len(row["method"]) + 1 for row in facts["rows"]))
    text = [facts["sentence"], " " * width + "".join(f"{name:>12}" for name in columns)]
    for row in facts["rows"]:
        text.append(f"{row['method']:{width}}" + "".join(f"{row[n]:>12.4f}" for n in columns))
    return [*text, facts["adaptation"]] if facts.get("adaptation") else text


def run(
    scene: Scene,
    names: Sequence[str],
    settings: Settings,
    progress: Progress = lambda fraction, message: None,
    weights: Sequence[float] | None = None,
) -> Comparison:
    """Compare methods on the scene at reduced resolution.

    Parameters
    ----------
    names : the methods.
    settings : of the methods, which are created for the reduced scene's ratio; `gains` also reduce
        MS, and `seed` also draws the windows.
    weights : of each way of degrading PAN, `PAN_GAINS`; by default as sharp as PAN is.

    Raises
    ------
    InputError : the scene is too small to be reduced, or has no valid pixel.
    Cancelled : raised by ``progress``, passed on.
    """
    started = time.monotonic()
    parts = comparison_windows(scene, settings.seed)
    methods, left_out = _create(names, replace(settings, ratio=float(round(scene.ratio))))
    margin = max((m.halo + m.align for m in methods.values()), default=0) + MARGIN
    given = zip(PAN_GAINS, weights or pan_weights(scene, settings.seed), strict=True)
    ways = [(gain, weight) for gain, weight in given if weight]
    found = []
    contexts: dict[str, Any] = {}
    for number, (gain, _) in enumerate(ways):
        reduced = ReducedScene(scene, settings.gains, "product", None, parts, margin, gain)
        part = scaled(progress, number / len(ways), (number + 1) / len(ways))
        found.append(_measure(reduced, scene, methods, contexts, left_out, part))
    return Comparison(
        rows=tuple(ranked(_pooled([rows for rows, _ in found], [weight for _, weight in ways]))),
        pixels=found[0][1],
        windows=len(parts),
        whole=parts == [scene.ms_grid],
        ratio=round(scene.ratio),
        shift=estimate(scene).length,
        seconds=round(time.monotonic() - started, 2),
        left_out=left_out,
    )


def _measure(
    reduced: ReducedScene,
    scene: Scene,
    methods: Mapping[str, Method],
    contexts: dict[str, Any],
    left_out: dict[str, str],
    progress: Progress,
) -> tuple[list[MethodScores], int]:
    """Return the scores under one degradation of PAN, and the number of pixels compared.

    What methods that are judged as used have fitted to the scene is kept in `contexts`; what cannot
    sharpen it is added to `left_out`.
    """
    fused: dict[str, list[Image]] = {}
    seconds: dict[str, float] = {}
    for (name, method), share in zip(methods.items(), _shares(progress, methods), strict=True):
        begun = time.monotonic()
        before = scaled(share, 0.0, 0.5)
        try:
            if not method.judged_as_used:
                context = method.prepare(reduced, before)
            else:
                if name not in contexts:
                    contexts[name] = method.prepare(scene, before)
                context = method.at_reduced_resolution(contexts[name], reduced, before)
            fused[name] = _sharpen_parts(reduced, method, context, scaled(share, 0.5, 1.0))
        except ModelError as error:
            left_out[name] = error.message
        except InputError as error:
            # Fine-tuning learns on the reduced scene, and may find too little there.
            if not METHODS[name].fine_tunes:
                raise
            left_out[name] = error.message
        seconds[name] = time.monotonic() - begun
    if not fused:
        raise InputError("no-method-fits", reasons="; ".join(left_out.values()))
    scores, pixels = _scores(reduced, fused)
    return [MethodScores(name, scores[name], seconds[name]) for name in fused], pixels


def _pooled(
    tests: Sequence[Sequence[MethodScores]], weights: Sequence[float]
) -> list[MethodScores]:
    """Return the weighted mean indices of the methods that every test has; seconds are added up."""
    by_method: dict[str, list[MethodScores]] = {}
    for row in (row for rows in tests for row in rows):
        by_method.setdefault(row.method, []).append(row)
    return [
        MethodScores(
            name,
            {m: float(np.average([r.scores[m] for r in rows], weights=weights)) for m in METRICS},
            round(sum(row.seconds for row in rows), 2),
        )
        for name, rows in by_method.items()
        if len(rows) == len(tests)
    ]


def _create(names: Sequence[str], settings: Settings) -> tuple[dict[str, Method], dict[str, str]]:
    """Return the methods, and why some could not be created."""
    methods: dict[str, Method] = {}
    left_out: dict[str, str] = {}
    for name in names:
        try:
            methods[name] = registry.create(name, settings)
        except ModelError as error:
            left_out[name] = error.message
    return methods, left_out


def _shares(progress: Progress, names: Iterable[str]) -> list[Progress]:
    """Return the progress of each method, by what its test costs."""
    costs = {name: METHODS[name].test_cost for name in names}
    ends = [0, *np.cumsum(list(costs.values())).tolist()]

    def share(name: str, start: int, end: int) -> Progress:
        within = scaled(progress, start / ends[-1], end / ends[-1])
        text = f"Testing {name} on the scene"
        return lambda fraction, _: within(fraction, text)

    return [share(*each) for each in zip(costs, ends[:-1], ends[1:], strict=True)]


def _sharpen_parts(
    reduced: ReducedScene, method: Method, context: Any, progress: Progress
) -> list[Image]:
    """Sharpen each part of the reduced scene: `(C, h, w)` in DN."""
    images = []
    for number, part in enumerate(reduced.parts):
        progress(number / len(reduced.parts), "Sharpening")
        image = np.empty((reduced.bands, *part.shape), np.float32)
        tiles = plan(part, TILE, method.halo, method.align, reduced.whole)
        with closing(fused_tiles(reduced, partial(method.fuse, context=context), tiles)) as stream:
            for tile, values, _ in stream:
                image[(slice(None), *tile.inner.shift(-part.row, -part.col).slices)] = values
        images.append(image)
    return images


def _scores(
    reduced: ReducedScene, fused: Mapping[str, Sequence[Image]]
) -> tuple[dict[str, dict[str, float]], int]:
    """Return the indices of each method over all parts, and the number of pixels compared.

    Those are the pixels with a reference for which every method has a number.
    """
    references = [reduced.reference(part) for part in reduced.parts]
    valid = [
        mask & np.isfinite(np.concatenate(images)).all(axis=0)
        for (_, mask), *images in zip(references, *fused.values(), strict=True)
    ]
    if not any(each.any() for each in valid):
        raise InputError("no-pixel-to-test")
    pairs = [(image, v) for (image, _), v in zip(references, valid, strict=True)]
    largest = max(float(image.max(where=v, initial=-np.inf)) for image, v in pairs)
    scale, peak = scale_and_peak(sensor(GENERIC), largest, reduced.dtype)
    wanted = [_blank(image, v) for image, v in pairs]
    scores = {}
    for name, images in fused.items():
        consistency = Consistency(reduced, reduced.gains, scale)
        for part, image in zip(reduced.parts, images, strict=True):
            consistency.add(image, reduced.read(part))
        indices = WithReference(reduced.bands, reduced.ratio, peak, scale)
        for x, image, v in zip(wanted, images, valid, strict=True):
            y = _blank(image, v)
            for tile in block_tiles(Window(0, 0, *v.shape), TILE):
                a, b, mask = (tile.cut(each, tile.outer, tile.whole) for each in (x, y, v))
                indices.update(indices.measure(tile, a, b, mask))
        found = indices.compute() | {"reprojected": consistency.compute()["ERGAS"]}
        scores[name] = {metric: found[metric] for metric in METRICS}
        if reduced.bands == 1:
            scores[name]["SAM"] = math.nan  # one band has no spectrum
    return scores, sum(int(each.sum()) for each in valid)


def _blank(image: Image, valid: Mask) -> FloatArray:
    """Return the image in double precision, zero where not valid."""
    return np.where(valid, image, 0.0).astype(np.float64)


def ranked(rows: Sequence[MethodScores]) -> list[MethodScores]:
    """Return the rows, lowest error first."""
    return sorted(rows, key=lambda row: error(row.scores))
