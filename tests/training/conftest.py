# SPDX-License-Identifier: GPL-2.0-or-later
"""For all tests of training."""

from __future__ import annotations

import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Small networks gain nothing from several, and wait for each other on a busy machine."""
    torch.set_num_threads(1)
