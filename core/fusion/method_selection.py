# SPDX-License-Identifier: GPL-2.0-or-later
"""Select the method for a scene: the one asked for, or the winner of the reduced-resolution test.

A network may be fine-tuned to the scene. That helps on most scenes, not on all, so the test runs
the method both ways; the fine-tuned one is used only if its expected error is lower.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import InputError, ModelError
from core.fusion import reduced_test
from core.fusion.comparison import FINE_TUNED_BY_AUTO, INTERPOLATION, Comparison, lines
from core.fusion.selection_rule import error
from core.language import say
from core.methods import registry
from core.methods.interface import Settings
from core.methods.registry import BACK_PROJECTED, CLASSICAL, FINE_TUNED, METHODS, NETWORKS
from core.methods.scene_fit import SceneFit
from core.methods.scene_fit_weights import SceneFitWeights
from core.models import modelfile
from core.pair.scene import Scene
from core.progress import Progress, scaled
from core.requests.scenes import Pansharpen

log = logging.getLogger(__name__)
FALLBACK = SceneFit.name
"""Used where the scene is too small for the test, or the network's model cannot be used."""
POOLS = {
    "auto": (FALLBACK, *NETWORKS, *(name for name in CLASSICAL if name != FALLBACK)),
    "classical": CLASSICAL,
}
"""Names that stand for the best of several methods; the first where they cannot be compared."""
TEST_SHARE, FINE_TUNING_TEST_SHARE = 0.25, 0.5
"""Of the progress bar: the test, and the test in which a network is fine-tuned too."""


@dataclass(frozen=True)
class Selection:
    """The selected method, then what takes its place where it cannot sharpen the scene.

    ``adaptation`` says what fine-tuning does on this scene, or why it is not done; None where
    nobody asked for it. ``share`` is how far the progress bar is.
    """

    names: tuple[str, ...]
    test: Comparison | None
    adaptation: str | None
    share: float

    @property
    def fit(self) -> SceneFitWeights | None:
        """The scene fit that the test has made."""
        return self.test.fit if self.test else None

    def context(self, name: str) -> Any:
        """Return the context of a network that the test has fine-tuned; None of any other."""
        return self.test.contexts.get(name) if self.test else None


def select_method(
    scene: Scene, request: Pansharpen, settings: Settings, progress: Progress
) -> Selection:
    """Select the method, and log why.

    Raises ModelError where a model was named that cannot be used.
    """
    candidate, skipped = _fine_tuning_candidate(request, settings)
    names = _to_test(request, candidate)
    test, share = None, 0.0
    if names:
        share = FINE_TUNING_TEST_SHARE if {*FINE_TUNED} & {*names} else TEST_SHARE
        test = _test(scene, request, names, settings, scaled(progress, 0.0, share))
    adaptation = _adaptation(request, candidate, skipped, test)
    name = _selected(request.method, test)
    why = reason(request.method, test.facts() if test else None, name)
    log.info("Sharpening with %s: %s.", registry.title_of(name), why)
    if test:
        log_comparison(test)
    others = [plain] if (plain := METHODS[name].fine_tunes) and name != request.method else []
    if request.method in POOLS and not request.model and name != FALLBACK:
        others.append(FALLBACK)
    return Selection((name, *others), test, adaptation, share)


def _fine_tuning_candidate(
    request: Pansharpen, settings: Settings
) -> tuple[str | None, str | None]:
    """Return (fine-tuned method to test, reason it is skipped); both None if not requested."""
    name = FINE_TUNED_BY_AUTO if request.method == "auto" else request.method
    fine_tuned = METHODS[name].fine_tuned if name in METHODS else None
    if not fine_tuned or not request.adapt:
        return None, None
    try:
        registry.create(fine_tuned, settings)
    except ModelError as error:
        reason = say("The network is not adapted to the scene: {}", error.message)
        log.info("%s %s", reason, error.remedy)
        return None, reason
    return fine_tuned, None


def _to_test(request: Pansharpen, candidate: str | None) -> tuple[str, ...]:
    """Return the methods to compare on the scene; none where nothing is to be compared.

    Raises ModelError where a model was named that is not there.
    """
    names: tuple[str, ...] = POOLS.get(request.method, ())
    if request.scene_test:
        # A fine-tuned method that was asked for is compared with its plain form, too.
        asked = () if names else (request.method,)
        names = tuple(dict.fromkeys((*asked, *POOLS["auto"])))
    names = without_twins(names, request.back_projection, request.method)
    if request.model and {*NETWORKS} & {*names}:
        # A named model is one method's: the other networks are not compared.
        mine = modelfile.read_card(modelfile.find(request.model)).method
        names = tuple(n for n in names if n not in NETWORKS or n in (mine, request.method))
    if not candidate:
        return names
    return (*(names or (METHODS[candidate].fine_tunes or "",)), candidate)


def without_twins(
    names: Sequence[str], back_projection: int | None, asked: str | None = None
) -> tuple[str, ...]:
    """Return the names without those of back-projected methods, but for the one asked for.

    Where passes of back-projection are given, the plain method has them already.
    """
    if back_projection is None:
        return tuple(names)
    return tuple(name for name in names if name == asked or name not in BACK_PROJECTED)


def _test(
    scene: Scene,
    request: Pansharpen,
    names: Sequence[str],
    settings: Settings,
    progress: Progress,
) -> Comparison | None:
    """Run the reduced-resolution test; None where the scene is too small for it.

    Raises ModelError where a model was named that cannot be used.
    """
    networks = [name for name in names if name in NETWORKS]
    if request.model:  # it must fit the method
        for name in networks:
            registry.create(name, settings)
    test = compare(scene, names, settings, progress)
    reasons = test.left_out if test else {}
    if request.model:
        for name in networks:
            if name in reasons:
                raise ModelError("named-model-left-out", reason=reasons[name])
    if request.method in FINE_TUNED and request.method in reasons:
        log.warning("%s was left out: %s", request.method, reasons[request.method])
    return test


def compare(
    scene: Scene, names: Sequence[str], settings: Settings, progress: Progress
) -> Comparison | None:
    """Run the reduced-resolution test; None where the scene is too small for it."""
    try:
        test = reduced_test.run(scene, names, settings, progress)
    except InputError as error:
        log.warning("The methods were not compared on this scene: %s", error.message)
        return None
    for name, reason in test.left_out.items():
        if name not in FINE_TUNED:  # whose reason is logged with what it means
            log.warning("%s was left out: %s", name, reason)
    return test


def log_comparison(test: Comparison) -> None:
    """Log the scores as a table, and what they are scores of."""
    scores, *sentences = lines(test.facts())
    log.info(scores, extra={"table": True})
    for sentence in sentences:
        log.info(sentence)


def _adaptation(
    request: Pansharpen, candidate: str | None, reason: str | None, test: Comparison | None
) -> str | None:
    """Say what fine-tuning does, or why it is not done; None where nobody asked for it."""
    if test and test.adaptation:
        return test.adaptation
    if request.method in FINE_TUNED:
        return say("The network is adapted to the scene; whether that helps was not tested.")
    if not candidate:
        return reason
    why = test.left_out.get(candidate) if test else None
    text = why or say("whether that helps cannot be tested on it.")
    text = say("The network is not adapted to the scene: {}", text)
    log.info(text)
    return text


def _selected(method: str, test: Comparison | None) -> str:
    """Return the method to use; log what the test says against it."""
    if test is None:
        return POOLS[method][0] if method in POOLS else method
    if method == "auto":  # fine-tuned or not
        name = test.winner
    else:
        name = test.winner_of(POOLS[method]) if method in POOLS else test.better_form(method)
    if test.rows[0].method == INTERPOLATION != name:
        log.warning(
            "No method comes closer to the reference than interpolation does: PAN and MS may be "
            "displaced against each other, or show different days."
        )
    used, best = test.row(name), test.best
    if used and best.method != name:
        less = 1 - error(best.scores) / error(used.scores)
        level = logging.INFO if test.winner == name else logging.WARNING
        text = say(
            "On this scene {} had an error {} % lower than {}.",
            registry.title_of(best.method),
            f"{100 * less:.0f}",
            registry.title_of(name),
        )
        log.log(level, "%s", text)
    return name


def reason(asked: str, test: Mapping[str, Any] | None, used: str) -> str:
    """Return why a method was used, of `Comparison.facts` and the method that was asked for."""
    if asked not in POOLS:
        return say("as chosen")
    if test is None:
        return say("the methods could not be compared on this scene")
    if used != test["winner"]:
        return say("{} was selected, but could not be used", test["winner"])
    return say("lowest expected error on this scene")
