# SPDX-License-Identifier: GPL-2.0-or-later
"""Which method sharpens a scene: the one asked for, or what the scene test says.

A learned method may be adapted: its network then learns on the scene, one ratio coarser, before it
sharpens it. That helps on most scenes, not on all, so the scene test runs the method both ways, the
adapted one having learnt one ratio coarser still; only what lowers the error there is done on the
scene.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.errors import InputError, ModelError
from core.fusion import reduced_test
from core.fusion.reduced_test import KEPT, SceneTest
from core.methods.classical import CLASSICAL
from core.methods.interface import Method
from core.methods.registry import LEARNED, PLAIN, adapted
from core.models import modelfile
from core.pair.scene import Scene
from core.progress import Progress, scaled
from core.requests import Pansharpen

log = logging.getLogger(__name__)
#: Methods that are the best of several on the scene; the first is taken where nothing can be told,
#: and FALLBACK where its model cannot be used.
FALLBACK = "mtf-glp-fs"
POOLS = {
    "auto": (*LEARNED, *CLASSICAL),
    "classical": ("mtf-glp-fs", *(name for name in CLASSICAL if name != "mtf-glp-fs")),
}
#: Of the progress bar: the scene test, and the same where the network is adapted in it, too.
TEST_SHARE, ADAPTING_SHARE = 0.25, 0.5
#: Makes a method of a name for a ratio.
Create = Callable[[str, float], Method]


@dataclass(frozen=True)
class Choice:
    """The method, what takes its place where it cannot sharpen the scene, and why.

    ``adaptation`` tells what adapting does on this scene, or why nothing is adapted; None where
    nobody asked for it. ``share`` is how far the progress bar is.
    """

    names: tuple[str, ...]
    test: SceneTest | None
    adaptation: str | None
    share: float


def choose(
    scene: Scene, request: Pansharpen, create: Create, gains: Sequence[float], progress: Progress
) -> Choice:
    """The choice, told to the log; `gains` are the MTF of each MS band.

    Raises ModelError where a model was named that cannot be used.
    """
    learner, against = _learner(scene, request, create)
    names = _to_test(request, learner)
    test, share = None, 0.0
    if names:
        share = ADAPTING_SHARE if PLAIN.keys() & names else TEST_SHARE
        test = _compare(scene, request, names, create, gains, scaled(progress, 0.0, share))
    adaptation = _adaptation(request, learner, against, test)
    name = _chosen(request.method, test)
    others = [PLAIN[name]] if name in PLAIN and name != request.method else []
    if request.method in POOLS and not request.model and name != FALLBACK:
        others.append(FALLBACK)
    return Choice((name, *others), test, adaptation, share if test else 0.0)


def _learner(scene: Scene, request: Pansharpen, create: Create) -> tuple[str | None, str | None]:
    """The method that may be adapted, or why it is not to be; neither where nobody asked."""
    name = KEPT if request.method == "auto" else request.method
    if name not in LEARNED or not request.adapt:
        return None, None
    try:
        create(adapted(name), scene.ratio)
    except ModelError as error:
        said = f"The network is not adapted to the scene: {error.message}"
        log.info("%s %s", said, error.remedy)
        return None, said
    return name, None


def _to_test(request: Pansharpen, learner: str | None) -> tuple[str, ...]:
    """The methods to compare on the scene; none where nothing is to be compared.

    Raises ModelError where a model was named that is not there.
    """
    names: tuple[str, ...] = POOLS.get(request.method, ())
    if request.scene_test:
        # What was adapted because it was asked for is told apart from what it would be without.
        asked = () if names else (request.method,)
        names = tuple(dict.fromkeys((*asked, *POOLS["auto"])))
    if request.model and LEARNED.keys() & names:
        # A named model is one method's: the others are not compared.
        mine = modelfile.read_card(modelfile.find(request.model)).method
        names = tuple(n for n in names if n not in LEARNED or n in (mine, request.method))
    return (*(names or (learner,)), adapted(learner)) if learner else names


def _compare(
    scene: Scene,
    request: Pansharpen,
    names: Sequence[str],
    create: Create,
    gains: Sequence[float],
    progress: Progress,
) -> SceneTest | None:
    """The scene test, told to the log; None where the scene is too small for it."""
    if request.model:  # it must fit the method
        for name in LEARNED.keys() & names:
            create(name, scene.ratio)
    test = tested(scene, names, create, gains, request.seed, progress)
    reasons = test.left_out if test else {}
    if request.model:
        for name in LEARNED.keys() & reasons.keys():
            raise ModelError("named-model-left-out", reason=reasons[name])
    if request.method in PLAIN and request.method in reasons:
        log.warning("%s was left out: %s", request.method, reasons[request.method])
    return test


def tested(
    scene: Scene,
    names: Sequence[str],
    create: Create,
    gains: Sequence[float],
    seed: int,
    progress: Progress,
) -> SceneTest | None:
    """The scene test, told to the log; None where the scene is too small for it.

    `gains` are the MTF of each MS band; `seed` is that of the places of the windows.
    """
    try:
        test = reduced_test.run(scene, names, create, gains, seed=seed, progress=progress)
    except InputError as error:
        log.warning("The methods were not compared on this scene: %s", error.message)
        return None
    for name, reason in test.left_out.items():
        if name not in PLAIN:  # of adapting it is told what it means
            log.warning("%s was left out: %s", name, reason)
    for line in reduced_test.lines(test.facts()):
        log.info(line)
    return test


def _adaptation(
    request: Pansharpen, learner: str | None, against: str | None, test: SceneTest | None
) -> str | None:
    """What adapting the network does, or why it is not adapted; None where nobody asked for it."""
    if test and test.adaptation:
        return test.adaptation
    if request.method in PLAIN:
        return "The network is adapted to the scene; whether that helps was not tested."
    if not learner:
        return against
    why = test.left_out.get(adapted(learner)) if test else None
    said = why or "whether that helps cannot be tested on it."
    said = f"The network is not adapted to the scene: {said}"
    log.info(said)
    return said


def _chosen(method: str, test: SceneTest | None) -> str:
    """The method to use; what the scene test says against it goes to the log."""
    if test is None:
        return POOLS[method][0] if method in POOLS else method
    if method == "classical":
        ranked = (row.method for row in test.rows if row.method != reduced_test.BASELINE)
        name = next((each for each in ranked if each in CLASSICAL), FALLBACK)
    else:
        name = test.winner if method == "auto" else test.form(method)
    if test.rows[0].method == reduced_test.BASELINE != name:
        log.warning(
            "No method comes closer to the truth than interpolation does: PAN and MS may be "
            "displaced against each other, or show different days."
        )
    used, best = test.row(name), test.best
    if used and best.method != name:
        less = 1 - reduced_test.error(best.scores) / reduced_test.error(used.scores)
        level = logging.INFO if test.winner == name else logging.WARNING
        text = "On this scene %s had an error %.0f %% lower than %s."
        log.log(level, text, best.method, 100 * less, name)
    log.info("Sharpening with %s.", name)
    return name
