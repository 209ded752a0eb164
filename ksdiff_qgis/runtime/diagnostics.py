# SPDX-License-Identifier: GPL-2.0-or-later
"""What the messages of pip, uv, venv and the worker mean for who reads them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from .. import paths
from ..language import tr
from .environment import to_repair
from .signs import OFFLINE, SIGNS, WHEELS


@dataclass(frozen=True)
class Diagnosis:
    """What happened, in words of a person.

    Parameters
    ----------
    kind : one of `Plugin`, `Disk`, `Network`, `Proxy`, `Refused`, `Certificate`, `Hash`, `Wheel`,
        `Python`, `Permission`, `Path`, `Library`, `Memory`.
    message : what happened; names from the messages in it.
    remedy : what to do.
    """

    kind: str
    message: str
    remedy: str


# What a program tries again, with a warning: that may have passed by, so only its end counts.
_PASSING = ("Network", "Proxy", "Refused")


def offline_command(size: str) -> str:
    """The command that fetches a size's files into a folder, to be carried over."""
    return f"pip download --only-binary :all: --no-deps -d wheels -r {size}.txt"


def diagnose(
    text: str, size: str = "light", kinds: Container[str] | None = None
) -> Diagnosis | None:
    """What a program's messages mean; None where they tell nothing known.

    Parameters
    ----------
    text : what it said, as many lines as it likes.
    size : what was to be installed.
    kinds : what is looked for; everything when None.
    """
    for kind, pattern, message, remedy in SIGNS:
        if kinds is not None and kind not in kinds:
            continue
        found = re.search(pattern, _end(text) if kind in _PASSING else text, re.IGNORECASE)
        if found:
            said = tr(message).format(detail=_detail(found))
            return Diagnosis(kind, said, _filled(tr(remedy), size))
    return None


def _end(text: str) -> str:
    """What a program said from its first error on, or all of it.

    Where pip says that there is no version at all, the reason is in the warnings before.
    """
    error = re.search(r"(?m)^(?:ERROR|error): ", text)
    return text[error.start() :] if error and "(from versions: none)" not in text else text


def _filled(remedy: str, size: str) -> str:
    """A remedy with what it has in common with others."""
    command = offline_command(size)
    return remedy.format(
        offline=tr(OFFLINE).format(command),
        wheels=tr(WHEELS).format(command),
        repair=to_repair(),
        home=paths.home(),
    )


def _detail(found: re.Match[str]) -> str:
    """The name in a message, or the line it stands in."""
    named = [value for value in found.groupdict().values() if value]
    if named:
        return named[0]
    text = found.string
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    line = text[start : end if end >= 0 else len(text)].strip()
    said = re.sub(r"^(?:(?:ERROR|[Ee]rror|OSError|PermissionError|Caused by): *)+", "", line)
    return said[:200].rstrip(".")
