# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene for methods with a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.pair.scene import Scene
from core.synthetic.pairs import write_pair


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A made-up scene of 392 PAN px, not a multiple of any tile."""
    pan, ms, _ = write_pair(tmp_path_factory.mktemp("pair"), 392, 4, 7)
    return pan, ms


@pytest.fixture
def scene(pair: tuple[Path, Path]) -> Iterator[Scene]:
    with Scene.open(*pair) as opened:
        yield opened
