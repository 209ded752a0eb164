# SPDX-License-Identifier: GPL-2.0-or-later

"""What a run tells QGIS' windows; the steps of a model tell it together."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsProcessingFeedback

# Python is only told its base class. It belongs to one run of a model, whose steps share it.
_OF_A_MODEL = "QgsProcessingMultiStepFeedback"
_STEPS = "ksdiff_steps"


@dataclass(frozen=True)
class Told:
    """What was done.

    Parameters
    ----------
    title, text : what it was, and how it went.
    result : file of a layer that QGIS is about to load, to be compared with...
    before : ...the layer of this id; either may be empty.
    reports : HTML pages by what they are.
    """

    title: str
    text: str
    result: str
    before: str
    reports: dict[str, str]


def together(told: Told, feedback: QgsProcessingFeedback) -> Told:
    """With what the earlier steps of the same model have told; the latest comes first."""
    if feedback.metaObject().className() != _OF_A_MODEL:
        return told
    steps: list[Told] = [*(feedback.property(_STEPS) or ()), told]
    feedback.setProperty(_STEPS, steps)
    if len(steps) == 1:
        return told
    compared = next((step for step in reversed(steps) if step.result and step.before), told)
    reports: dict[str, str] = {}
    for label, page in (item for step in steps for item in step.reports.items()):
        like = [each for each in reports if each == label or each.startswith(f"{label} (")]
        reports[f"{label} ({len(like) + 1})" if like else label] = page
    # With all their buttons there is room for no more; the log has every word.
    text = " ".join(step.text for step in reversed(steps[-2:]))
    return Told("KSDiff", text, compared.result, compared.before, reports)
