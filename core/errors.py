# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors a person can act on: a code, and the facts of this case.

The English sentences of every code, its message and its remedy, are in `resources/errors.json`,
with the facts in braces. The command line and the log show them; the plugin has remedies of its
own, in QGIS' words, for some codes.
"""

from __future__ import annotations

import json
from functools import cache

from core.resources import ERRORS


class PansharpenError(Exception):
    """Base of every error this project raises on purpose.

    Parameters
    ----------
    code : what is wrong, a key of `resources/errors.json`.
    facts : what its sentences name: files, parameters, values.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return _sentences()[self.code][0].format(**self.facts)

    @property
    def remedy(self) -> str:
        """What the user can do about it, in English; may be empty."""
        return _sentences()[self.code][1].format(**self.facts)

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


@cache
def _sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(ERRORS.read_text(encoding="utf-8"))
    return found


class InputError(PansharpenError):
    """The user's files or parameters do not make a job that can be done."""


class ModelError(PansharpenError):
    """A model file is missing, damaged, or does not fit the scene."""


class OutputError(PansharpenError):
    """The result cannot be written where it was asked for."""


class EnvironmentFault(PansharpenError):
    """The Python environment lacks a package, memory ran out, or the program has a fault."""


class Cancelled(PansharpenError):
    """The user cancelled the run."""

    def __init__(self) -> None:
        super().__init__("cancelled")
