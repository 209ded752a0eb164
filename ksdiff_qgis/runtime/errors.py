# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the runtime."""

from __future__ import annotations

from enum import Enum

from ..language import tr


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
