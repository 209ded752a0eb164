# SPDX-License-Identifier: GPL-2.0-or-later
"""What can go wrong with a run, each with what to do about it."""

from __future__ import annotations

from ..language import tr


class RunError(Exception):
    """A run of the worker failed.

    Parameters
    ----------
    message : what happened.
    remedy : what the user can do about it; may be empty.
    kind : the worker's error kind, or one of `NoRuntime`, `Protocol`, `Silent`, `Memory`,
        `Died`.
    """

    def __init__(self, message: str, remedy: str = "", kind: str = "Died") -> None:
        super().__init__(message, remedy, kind)
        self.message = message
        self.remedy = remedy
        self.kind = kind

    def __str__(self) -> str:
        return (self.message + "\n" + self.remedy).strip()


class RunCancelled(RunError):  # noqa: N818 - a wish, not an error
    """The user cancelled, and the worker has ended."""

    def __init__(self) -> None:
        super().__init__(tr("Cancelled."), kind="Cancelled")
