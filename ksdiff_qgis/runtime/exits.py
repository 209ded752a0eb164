# SPDX-License-Identifier: GPL-2.0-or-later
"""Why did the worker end without a word? Pure functions over exit code and stderr."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from .diagnostics import diagnose
from .environment import REPAIR
from .errors import RunError

SMALLER = (
    "Choose a smaller tile (an advanced parameter) or a smaller extent, or close other programs."
)
_SHOWN_LINES = 8
# On Windows: no library of that name; no base of the virtual environment.
_CODES = {0xC0000135: "0xC0000135", 103: "No Python at"}
_MISMATCH = (
    "The plugin and its worker do not fit together: update the plugin. Or have the environment "
    "made anew. " + REPAIR + ", or in a checkout `make env`."
)

# What can be wrong with a worker, as `diagnose` calls it: kind of the error, and its remedy where
# it is another one than that of an installation.
_IN_A_RUN = {
    "Disk": ("OutputError", "Free some space, or write the output to another disk."),
    "Library": ("NoRuntime", ""),
    "Memory": ("Memory", SMALLER),
    "Plugin": ("NoRuntime", ""),
    "Python": ("NoRuntime", ""),
}


def explain(code: int | None, tail: Sequence[str]) -> RunError:
    """The error to raise for a worker that ended without a result and without an error event.

    Parameters
    ----------
    code : exit code as `subprocess` gives it (negative: a signal); None when it had to be
        killed after its streams were closed.
    tail : last lines of its standard error.
    """
    if code in (-9, 137):
        return RunError(
            "The system killed KSDiff, most likely for want of memory.", SMALLER, "Memory"
        )
    text = "\n".join(tail)
    if code is not None and code & 0xFFFFFFFF in _CODES:
        text += "\n" + _CODES[code & 0xFFFFFFFF]
    known = diagnose(text, kinds=_IN_A_RUN)
    if known is not None:
        kind, remedy = _IN_A_RUN[known.kind]
        return RunError(known.message + _quote(tail), remedy or known.remedy, kind)
    remedy = _MISMATCH if code == 2 else ""
    return RunError(f"KSDiff ended without a result ({_words(code)})." + _quote(tail), remedy)


def _words(code: int | None) -> str:
    if code is None:
        return "it did not exit"
    if code >= 0:
        return f"exit code {code}"
    try:
        return "it crashed: " + signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _quote(tail: Sequence[str]) -> str:
    lines = [line for line in tail if line.strip()][-_SHOWN_LINES:]
    return "\nIts last words:\n" + "\n".join(lines) if lines else ""
