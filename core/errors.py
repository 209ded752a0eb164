# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors a person can act on: what is wrong, with which file, and what to do."""

from __future__ import annotations


class PansharpenError(Exception):
    """Base of every error this project raises on purpose.

    Parameters
    ----------
    message : what is wrong, naming the file or parameter.
    remedy : what the user can do about it; may be empty.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class InputError(PansharpenError):
    """The user's files or parameters do not make a job that can be done."""


class ModelError(PansharpenError):
    """A model file is missing, damaged, or does not fit the scene."""


class OutputError(PansharpenError):
    """The result cannot be written where it was asked for."""


class Cancelled(PansharpenError):
    """The user cancelled the run."""

    def __init__(self, message: str = "Cancelled.", remedy: str = "") -> None:
        super().__init__(message, remedy)
