# SPDX-License-Identifier: GPL-2.0-or-later
"""The methods that the worker has, by the names that requests, scripts and models use."""

from __future__ import annotations

from .. import models
from ..language import later, tr

KSDIFF, SRINO = "ksdiff", "srino"
SCENE_FIT = "scene-fit"
INTERPOLATION = "exp"
AUTO = "auto"  # the best method on the scene
CLASSICAL_AUTO = "classical"  # in a request: the best of those without a network

# Labels of the methods with a network; the adapted ones are fine-tuned to the scene.
NETWORKS = {
    KSDIFF: "KSDiff",
    "ksdiff-adapted": later("fine-tuned KSDiff"),
    SRINO: "SRINO",
    "srino-adapted": later("fine-tuned SRINO"),
}
# Labels of the methods without a network.
CLASSICAL = {
    SCENE_FIT: later("scene fit"),
    "brovey": "Brovey",
    "gsa": "GSA",
    "bt-h": "BT-H",
    "mtf-glp-fs": "MTF-GLP-FS",
    "bdsd-pc": "BDSD-PC",
    "hpm-h": "MTF-GLP-HPM-H",
    "hpm-r": "MTF-GLP-HPM-R",
    "awlp-h": "AWLP-H",
    INTERPOLATION: later("interpolated"),
}
# What dialogs show where that is not the label.
TITLES = {
    AUTO: later("Best for this scene"),
    "auto-adapted": later("Best for this scene, fine-tuned"),
    CLASSICAL_AUTO: later("Best without a network"),
    SCENE_FIT: later("Fast (scene fit)"),
    INTERPOLATION: later("Interpolation only"),
}

# Methods whose labels are words, not names.
_IN_WORDS = (SCENE_FIT, INTERPOLATION, "ksdiff-adapted", "srino-adapted")
# In comparisons: the classical method of that name, followed by back-projection.
_BACK_PROJECTED = "-bp"


def label(method: str) -> str:
    """Return how results and messages name a method."""
    if method.endswith(_BACK_PROJECTED):
        return tr("{} with back-projection").format(label(method[: -len(_BACK_PROJECTED)]))
    name = {**NETWORKS, **CLASSICAL}.get(method, method)
    return tr(name) if method in _IN_WORDS else name


def title(method: str) -> str:
    """Return how dialogs name a method to choose."""
    return tr(TITLES[method]) if method in TITLES else label(method)


def sharpens_classically(method: str) -> bool:
    """Return whether a method sharpens without a network."""
    return method not in NETWORKS and method != INTERPOLATION


def model_problem(method: str, model: models.ModelInfo) -> str:
    """Return why a method cannot use a model, and which it can use; empty if it can."""
    reason = models.misfit(model, method)
    if not reason:
        return ""
    fitting = ", ".join(each.name for each in models.fitting(method))
    return tr("{} cannot use the model '{}': {}. Usable models: {}.").format(
        label(method), model.name, reason, fitting
    )
