# SPDX-License-Identifier: GPL-2.0-or-later
"""For all tests of training."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from pretended import PretendedGpu


@pytest.fixture(autouse=True)
def threads() -> None:
    """One, or as many as TEST_THREADS asks for; training's own option changes it."""
    torch.set_num_threads(int(os.environ.get("TEST_THREADS", "1")))


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendedGpu]:
    """Pretend a GPU, for the whole test; its device is ``meta``."""
    real = torch.autocast

    class Generator(torch.Generator):
        """Torch has none for ``meta``; there are no numbers to be drawn."""

        def __new__(cls, device: Any = "cpu") -> Any:
            return super().__new__(cls)

    def autocast(device: str, *more: Any, **how: Any) -> Any:
        """Torch has none for ``meta``; it would change types only."""
        return real("cpu" if device == "meta" else device, *more, **how)

    monkeypatch.setattr(torch, "autocast", autocast)
    monkeypatch.setattr(torch, "Generator", Generator)
    with PretendedGpu() as made:
        yield made
