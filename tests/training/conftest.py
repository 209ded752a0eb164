# SPDX-License-Identifier: GPL-2.0-or-later
"""For all tests of training."""

from __future__ import annotations

import os

import pytest
import torch


@pytest.fixture(autouse=True)
def threads() -> None:
    """One, or as many as TEST_THREADS asks for; training's own option changes it."""
    torch.set_num_threads(int(os.environ.get("TEST_THREADS", "1")))
