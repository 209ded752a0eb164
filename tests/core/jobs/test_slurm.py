# SPDX-License-Identifier: GPL-2.0-or-later
"""The example scripts for Slurm, by an sbatch that runs an array and what depends on it here."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from made_jobs import Made
from pretended_slurm import submit


@pytest.mark.skipif(os.name == "nt", reason="the scripts are for a shell")
def test_an_array_and_its_collection(
    made: Callable[..., Made], small_srino: Path, tmp_path: Path
) -> None:
    job = made(method="srino", model=str(small_srino), steps=1)
    job.plan()
    assert submit(job, tmp_path / "slurm", tasks=3) == "ok"
    logs = [(tmp_path / "slurm" / f"log-1-{task}").read_text() for task in (1, 2, 3)]
    memory = json.loads((Path(job.job) / "job.json").read_text())["needs"]["memory"]
    told = (tmp_path / "slurm" / "memory-1").read_text()
    assert told == f"{256 + memory // 2**20}M\n"
    assert all("3 parts done, 0 done before" in log for log in logs)
    assert job.same


@pytest.mark.skipif(os.name == "nt", reason="the scripts are for a shell")
def test_a_task_that_fails_cancels_the_collection(planned: Made, tmp_path: Path) -> None:
    assert submit(planned, tmp_path / "slurm", tasks=2, failing="2") == "cancelled"
    assert not Path(planned.out).exists()
    assert submit(planned, tmp_path / "slurm", tasks=4) == "ok"
    assert planned.same
