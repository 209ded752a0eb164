# SPDX-License-Identifier: GPL-2.0-or-later
"""How a step tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Told the fraction done (0..1) of a step and what is being done; raises Cancelled."""
