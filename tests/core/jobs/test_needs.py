# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plan says that a part takes is no less than it takes, and no multiple of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import ROOT
from made_jobs import Made

from core.jobs.job import Job
from core.jobs.needs import NETWORKS
from core.methods import registry
from core.synthetic.pairs import write_pair


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A scene of 2 x 2 tiles of a network, and of 4 x 4 of others."""
    pan, ms, _ = write_pair(tmp_path_factory.mktemp("large"), 1024, 4, seed=2)
    return str(pan), str(ms)


@pytest.mark.parametrize("name", ["exp", "scene-fit", "awlp-h-bp", "ksdiff"])
def test_the_memory_of_a_part(pair: tuple[str, str], tmp_path: Path, name: str) -> None:
    job = Made(pair, tmp_path, method=name, adapt=0.0, tile=256)
    job.plan(part_size=2048)
    command = [sys.executable, "-m", "core", "run", "--job", job.job]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    opened = Job.open(Path(job.job))
    record = json.loads(opened.scene(0).record(0).read_text())
    assert record["memory"] <= opened.memory <= 2 * record["memory"]


def test_every_network_has_its_numbers() -> None:
    assert set(NETWORKS) == set(registry.NETWORKS)
