# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the runtime, and remedies that several of them share."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from ..language import later, tr


class Kind(str, Enum):
    """Causes of errors. Errors that the worker reports keep the name of its exception class."""

    CANCELLED = "Cancelled"
    CERTIFICATE = "Certificate"
    DIED = "Died"
    DISK = "Disk"
    HASH = "Hash"
    INSTALL = "Install"
    INTERNAL = "InternalError"
    LIBRARY = "Library"
    LOCKED = "Locked"
    MEMORY = "Memory"
    NETWORK = "Network"
    NO_DEVICE = "NoDevice"
    NO_RUNTIME = "NoRuntime"
    PATH = "Path"
    PERMISSION = "Permission"
    PROTOCOL = "Protocol"
    PROXY = "Proxy"
    PYTHON = "Python"
    REFUSED = "Refused"
    SELF_TEST = "SelfTest"
    SILENT = "Silent"
    WHEEL = "Wheel"


class RunError(Exception):
    """An installation or a run of the worker failed.

    Parameters
    ----------
    message : what happened.
    remedy : what the user can do about it; may be empty.
    kind : the cause, a `Kind` or the name of the worker's exception class.
    """

    def __init__(self, message: str, remedy: str = "", kind: str = Kind.DIED) -> None:
        super().__init__(message, remedy, kind)
        self.message = message
        self.remedy = remedy
        self.kind = kind

    def __str__(self) -> str:
        return (self.message + "\n" + self.remedy).strip()


class RunCancelled(RunError):  # noqa: N818 - a request of the user, not an error
    """The user cancelled, and the child process has ended."""

    def __init__(self) -> None:
        super().__init__(tr("Cancelled."), kind=Kind.CANCELLED)


# --- remedies ---

NEED_FULL = ("fine-tuning-needs-package", "training-needs-package")

# Codes of the worker's errors (resources/errors.json); other codes keep the worker's remedy.
REMEDIES = {
    "no-cuda": later(
        "Set the device to auto or cpu, or install the size gpu: Raster > KSDiff > Runtime. In a "
        "Python of your own, install onnxruntime-gpu."
    ),
    "packages-missing": later(
        "Repair the environment: Raster > KSDiff > Runtime. If you named this Python yourself "
        "({python}), install into it: {packages}; or clear that setting."
    ),
    "package-broken": later(
        "Repair the environment: Raster > KSDiff > Runtime. If you named this Python yourself, "
        "reinstall its packages, or clear that setting."
    ),
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
    if code in NEED_FULL:
        return how_to_install("full")
    text = REMEDIES.get(code, "")
    return tr(text).format(**facts) if text else ""


def how_to_install(size: str = "") -> str:
    """Return the remedy: install the plugin's environment."""
    return _run_algorithm("install", size)


def how_to_repair(size: str = "") -> str:
    """Return the remedy: install the plugin's environment again."""
    return _run_algorithm("repair", size)


def _run_algorithm(action: str, size: str) -> str:
    arguments = f"--ACTION={action}" + (f" --SIZE={size}" if size else "")
    text = tr("Open Raster > KSDiff > Runtime and press Install.")
    if action == "repair":
        text = tr("Open Raster > KSDiff > Runtime and press Repair.")
    elif size:
        text = tr("Open Raster > KSDiff > Runtime, choose the size {} and press Install.")
    command = f"qgis_process run ksdiff:runtime {arguments}"
    return f"{text.format(size)} " + tr("Without windows: `{}`.").format(command)
