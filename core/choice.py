# SPDX-License-Identifier: GPL-2.0-or-later
"""Which method sharpens a scene: the one asked for, or what the scene test says.

KSDiff may be adapted: its network then learns on the scene, one ratio coarser, before it sharpens
it. That helps on most scenes, not on all, so the scene test runs KSDiff both ways, the adapted one
having learnt one ratio coarser still; only what lowers the error there is done on the scene.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core import scenetest
from core.errors import InputError, ModelError
from core.methods import Method
from core.methods.classical import CLASSICAL
from core.progress import Progress
from core.protocol import Pansharpen
from core.scene import Scene
from core.scenetest import ADAPTED, DEEP, SceneTest

log = logging.getLogger(__name__)

#: Methods that are the best of several on the scene; the first is taken where nothing can be told,
#: and FALLBACK where its model cannot be used.
FALLBACK = "mtf-glp-fs"
POOLS = {
    "auto": (DEEP, *CLASSICAL),
    "classical": ("mtf-glp-fs", *(name for name in CLASSICAL if name != "mtf-glp-fs")),
}
#: Of the progress bar: the scene test, and the same where the network is adapted in it, too.
TEST_SHARE, ADAPTING_SHARE = 0.25, 0.5

#: Makes a method of a name for a ratio.
Create = Callable[[str, float], Method]


@dataclass(frozen=True)
class Choice:
    """The method, what takes its place where it cannot sharpen the scene, and why.

    ``adaptation`` tells what adapting KSDiff does on this scene, or why it is not adapted; None
    where nobody asked for it. ``share`` is how far the progress bar is.
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
    against = _against_adapting(scene, request, create)
    names = _to_test(request, against is None)
    test, share = None, 0.0
    if names:
        share = ADAPTING_SHARE if ADAPTED in names else TEST_SHARE
        test = _compare(scene, request, names, create, gains, part(progress, 0.0, share))
    adaptation = _adaptation(request, against, test)
    name = _chosen(request.method, test)
    others = [DEEP] if name == ADAPTED != request.method else []
    if request.method in POOLS and not request.model and name != FALLBACK:
        others.append(FALLBACK)
    return Choice((name, *others), test, adaptation, share if test else 0.0)


def part(progress: Progress, start: float, end: float) -> Progress:
    """The progress of a step that takes the bar from `start` to `end`."""
    return lambda fraction, message: progress(start + (end - start) * fraction, message)


def _against_adapting(scene: Scene, request: Pansharpen, create: Create) -> str | None:
    """Why the network is not to be adapted, empty where nobody asked; None if it may be."""
    if not request.adapt or request.method not in (DEEP, "auto"):
        return ""
    try:
        create(ADAPTED, scene.ratio)
    except ModelError as error:
        said = f"The network is not adapted to the scene: {error.message}"
        log.info("%s %s", said, error.remedy)
        return said
    return None


def _to_test(request: Pansharpen, adapts: bool) -> tuple[str, ...]:
    """The methods to compare on the scene; none where nothing is to be compared."""
    names: tuple[str, ...] = POOLS.get(request.method, ())
    if request.scene_test and not names:
        # What was adapted because it was asked for is told apart from what it would be without.
        names = (request.method, DEEP) if request.method == ADAPTED else (request.method,)
        names = tuple(dict.fromkeys((*names, *CLASSICAL)))
    return (*(names or (DEEP,)), ADAPTED) if adapts else names


def _compare(
    scene: Scene,
    request: Pansharpen,
    names: Sequence[str],
    create: Create,
    gains: Sequence[float],
    progress: Progress,
) -> SceneTest | None:
    """The scene test, told to the log; None where the scene is too small for it."""
    if request.model and DEEP in names:
        create(DEEP, scene.ratio)  # a named model must be there
    try:
        test = scenetest.run(scene, names, create, gains, seed=request.seed, progress=progress)
    except InputError as error:
        log.warning("The methods were not compared on this scene: %s", error.message)
        return None
    if request.model and DEEP in test.left_out:
        raise ModelError(test.left_out[DEEP], "Name another model, or none.")
    for name, reason in test.left_out.items():
        if name != ADAPTED or request.method == ADAPTED:  # else it is told with what it means
            log.warning("%s was left out: %s", name, reason)
    for line in scenetest.lines(test.facts()):
        log.info(line)
    return test


def _adaptation(request: Pansharpen, against: str | None, test: SceneTest | None) -> str | None:
    """What adapting the network does, or why it is not adapted; None where nobody asked for it."""
    if test and test.adaptation:
        return test.adaptation
    if request.method == ADAPTED:
        return "The network is adapted to the scene; whether that helps was not tested."
    if against is not None:
        return against or None
    why = test.left_out.get(ADAPTED) if test else None
    said = why or "whether that helps cannot be tested on it."
    said = f"The network is not adapted to the scene: {said}"
    log.info(said)
    return said


def _chosen(method: str, test: SceneTest | None) -> str:
    """The method to use; what the scene test says against it goes to the log."""
    if test is None:
        return POOLS[method][0] if method in POOLS else method
    name = test.winner if method in POOLS else method
    if method == DEEP and test.adapts:
        name = ADAPTED
    if test.rows[0].method == scenetest.BASELINE != name:
        log.warning(
            "No method comes closer to the truth than interpolation does: PAN and MS may be "
            "displaced against each other, or show different days."
        )
    used, best = test.row(name), test.best
    if used and best.method != name:
        less = 1 - scenetest.error(best.scores) / scenetest.error(used.scores)
        level = logging.INFO if test.winner == name else logging.WARNING
        text = "On this scene %s had an error %.0f %% lower than %s."
        log.log(level, text, best.method, 100 * less, name)
    log.info("Sharpening with %s.", name)
    return name
