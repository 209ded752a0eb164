# SPDX-License-Identifier: GPL-2.0-or-later
"""A drawn pair, and jobs of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from made_jobs import Made

from core.synthetic.pairs import write_pair


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """PAN and MS of a drawn scene, 320 PAN px: 9 parts of 1 to 4 tiles."""
    pan, ms, _ = write_pair(tmp_path_factory.mktemp("drawn"), 320, 4, seed=5)
    return str(pan), str(ms)


@pytest.fixture
def made(drawn: tuple[str, str], tmp_path: Path) -> Callable[..., Made]:
    """Return a job of the drawn pair, not yet planned."""
    return lambda **settings: Made(drawn, tmp_path, **settings)


@pytest.fixture
def job(made: Callable[..., Made]) -> Made:
    """Return a job of the drawn pair by the fastest method with a context, not yet planned."""
    return made(method="gsa")


@pytest.fixture
def planned(job: Made) -> Made:
    """Return that job, planned."""
    job.plan()
    return job
