# SPDX-License-Identifier: GPL-2.0-or-later
"""What the log tells: who, how loud, and of what; whatever its sentences are."""

from __future__ import annotations

import logging
from typing import Any

import pytest


def told(
    caplog: pytest.LogCaptureFixture, source: str = "core", level: int = logging.WARNING
) -> list[tuple[Any, ...]]:
    """Return what the records of a module, or of those in its folder, tell of, in order."""
    return [
        tuple(record.args or ())
        for record in caplog.records
        if f"{record.name}.".startswith(f"{source}.") and record.levelno == level
    ]
