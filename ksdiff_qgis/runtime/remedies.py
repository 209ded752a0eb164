# SPDX-License-Identifier: GPL-2.0-or-later
"""What to do in QGIS about an error of the worker, where QGIS has an own way to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from ..language import later, tr

_FULL = later(
    "Install the size full: Raster > KSDiff > Runtime, or qgis_process run ksdiff:runtime "
    "--ACTION=install --SIZE=full"
)
_BROKEN = later(
    "Repair the environment: Raster > KSDiff > Runtime. If you named this Python yourself, "
    "reinstall its packages, or clear that setting."
)

# Codes of the worker's errors (resources/errors.json); other codes keep the worker's remedy.
REMEDIES = {
    "fine-tuning-needs-package": _FULL,
    "training-needs-package": _FULL,
    "no-cuda": later(
        "Set the device to auto or cpu, or install the size gpu: Raster > KSDiff > Runtime. In a "
        "Python of your own, install onnxruntime-gpu."
    ),
    "packages-missing": later(
        "Repair the environment: Raster > KSDiff > Runtime. If you named this Python yourself "
        "({python}), install into it: {packages}; or clear that setting."
    ),
    "package-broken": _BROKEN,
    "ms-not-georeferenced": later(
        "Leave the output empty, and use the parameter ALIGN of a pansharpening algorithm."
    ),
    "output-in-use": later("Remove its layer from the project, or choose another name."),
    "run-folder-occupied": later("Choose an empty or a new run folder (RUN)."),
    "run-folder-locked": later("Wait until it has finished, or choose another run folder (RUN)."),
    "settings-differ": later(
        "Use the settings it was started with, or choose another run folder (RUN); delete that "
        "folder to start again."
    ),
}


def remedy_in_qgis(code: str, facts: Mapping[str, object]) -> str:
    """Return the translated remedy for a code of the worker; empty if QGIS has none of its own."""
    text = REMEDIES.get(code, "")
    return tr(text).format(**facts) if text else ""
