# SPDX-License-Identifier: GPL-2.0-or-later
"""Why did the worker not start, or end without a word? By exit code and standard error."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from typing import Any

from ..language import later, tr
from .diagnostics import diagnose
from .environment import to_mend, to_repair
from .errors import RunError

SMALLER = later(
    "Choose a smaller tile (an advanced parameter) or a smaller extent, or close other programs."
)
_SHOWN_LINES = 8
# On Windows: no library of that name; no base of the virtual environment.
_CODES = {0xC0000135: "0xC0000135", 103: "No Python at"}
_CRASHES = 0xC0000000  # on Windows, from here on

# What can be wrong with a worker, as `diagnose` calls it: kind of the error, and its remedy where
# it is another one than that of an installation.
_IN_A_RUN = {
    "Disk": ("OutputError", later("Free some space, or write the output to another disk.")),
    "Library": ("NoRuntime", ""),
    "Memory": ("Memory", SMALLER),
    "Plugin": ("NoRuntime", ""),
    "Python": ("NoRuntime", ""),
}


def unstartable(python: str, error: OSError) -> RunError:
    """The error to raise for an interpreter that the system does not start."""
    known = diagnose(str(error), kinds=("Library",))
    if known is not None:
        return RunError(f"{known.message}\n{error}", known.remedy, "NoRuntime")
    text = tr("The Python of KSDiff cannot be started: {} ({})")
    return RunError(text.format(python, error.strerror or error), to_mend(python), "NoRuntime")


def told(event: Mapping[str, Any]) -> RunError:
    """The error that the worker told; what the system does to its libraries it does not know."""
    message = str(event.get("message") or tr("KSDiff failed without a reason."))
    kind = str(event.get("kind") or "InternalError")
    known = diagnose(message, kinds=("Library",)) if kind == "InternalError" else None
    if known is not None:
        return RunError(f"{known.message}\n{message}", known.remedy, "NoRuntime")
    return RunError(message, str(event.get("remedy") or ""), kind)


def explain(code: int | None, tail: Sequence[str], python: str, greeted: bool) -> RunError:
    """The error to raise for a worker that ended without a result and without an error event.

    Parameters
    ----------
    code : exit code as `subprocess` gives it (negative: a signal); None when it had to be
        killed after its streams were closed.
    tail : last lines of its standard error.
    python : the interpreter it ran in.
    greeted : whether it had said what it is.
    """
    if code in (-9, 137):
        text = tr("The system killed KSDiff, most likely for want of memory.")
        return RunError(text, tr(SMALLER), "Memory")
    text = "\n".join(tail)
    if code is not None and code & 0xFFFFFFFF in _CODES:
        text += "\n" + _CODES[code & 0xFFFFFFFF]
    known = diagnose(text, kinds=_IN_A_RUN)
    if known is not None:
        kind, remedy = _IN_A_RUN[known.kind]
        remedy = tr(remedy) if remedy else known.remedy
        if known.kind == "Python":
            remedy = to_mend(python)
        return RunError(known.message + _quote(tail), remedy, kind)
    if not greeted:
        said = tr("This is no Python with KSDiff's packages, or they do not work: {} ({}).")
        said = said.format(python, _words(code)) + _quote(tail)
        return RunError(said, to_mend(python), "NoRuntime")
    said = tr("KSDiff ended without a result ({}).").format(_words(code)) + _quote(tail)
    if code is not None and (code < 0 or code >= _CRASHES):
        return RunError(said, tr("If it happens again: {}").format(to_mend(python)))
    return RunError(said, mismatch() if code == 2 else "")


def mismatch() -> str:
    """What to do where plugin and worker do not speak the same language."""
    return tr(
        "The plugin and its worker do not fit together: update the plugin, and restart QGIS. Or "
        "have the environment made anew; in a checkout, by `make env`. {}"
    ).format(to_repair())


def _words(code: int | None) -> str:
    if code is None:
        return tr("it did not exit")
    if code >= _CRASHES:
        return tr("it crashed: {}").format(f"0x{code:08X}")
    if code >= 0:
        return tr("exit code {}").format(code)
    try:
        return tr("it crashed: {}").format(signal.Signals(-code).name)
    except ValueError:
        return tr("signal {}").format(-code)


def _quote(tail: Sequence[str]) -> str:
    lines = [line for line in tail if line.strip()][-_SHOWN_LINES:]
    return "\n" + tr("Its last words:") + "\n" + "\n".join(lines) if lines else ""
