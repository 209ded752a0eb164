# SPDX-License-Identifier: GPL-2.0-or-later
"""Why did the worker end without a word? Pure functions over exit code and stderr."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence

from .diagnostics import diagnose
from .environment import HOW_TO_GET, REPAIR
from .errors import RunError

SMALLER = (
    "Choose a smaller tile (an advanced parameter) or a smaller extent, or close other programs."
)
_SHOWN_LINES = 8
_MISSING_DLL = 0xC0000135
_MISMATCH = (
    "The plugin and its worker do not fit together: update the plugin. Or have the environment "
    "made anew. " + REPAIR + ", or in a checkout `make env`."
)

# (pattern in standard error, what it means, remedy, kind); the first that matches is told.
_SIGNS = (
    (
        r"No module named '?(?P<name>[\w.]+)",
        "The Python environment of KSDiff lacks the package {name}.",
        HOW_TO_GET,
        "NoRuntime",
    ),
    (
        r"MemoryError|bad_alloc|Cannot allocate memory",
        "KSDiff ran out of memory.",
        SMALLER,
        "Memory",
    ),
    (
        r"No space left on device",
        "The disk is full.",
        "Free some space, or write the output to another disk.",
        "OutputError",
    ),
    (
        r"can't open file",
        "The worker of KSDiff is missing from the plugin.",
        "Install the plugin again.",
        "NoRuntime",
    ),
    (
        r"KSDiff needs Python 3\.10|SyntaxError",
        "The Python interpreter chosen for KSDiff is too old.",
        HOW_TO_GET,
        "NoRuntime",
    ),
)


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
    if code is not None and code & 0xFFFFFFFF == _MISSING_DLL:
        text += "\n0xC0000135"
    for pattern, message, remedy, kind in _SIGNS:
        found = re.search(pattern, text)
        if found:
            return RunError(message.format(**found.groupdict()) + _quote(tail), remedy, kind)
    known = diagnose(text)
    if known is not None and known.kind == "Library":
        return RunError(known.message + _quote(tail), known.remedy, "NoRuntime")
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
