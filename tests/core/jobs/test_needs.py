# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory that the plan says a part takes, no less and no multiple of it; threads that it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import rasterio
from fakes import ROOT
from made_jobs import Made

from core.jobs.job import Job
from core.jobs.running import set_threads
from core.models import onnx_session
from core.raster import warp
from core.raster.georeference import Georeference
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


@pytest.mark.parametrize(("threads", "of_gdal"), [(0, "ALL_CPUS"), (3, "3")])
def test_threads_are_those_of_a_share_of_the_cores(
    pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch, threads: int, of_gdal: str
) -> None:
    """Of networks, and of what places images on the map by polynomials."""
    monkeypatch.setattr(onnx_session, "threads_in_use", 0)
    monkeypatch.setenv("GDAL_NUM_THREADS", "")
    told: dict[str, str] = {}
    monkeypatch.setattr(warp, "warped_by_model", lambda *given: told.update(given[-1]))
    set_threads(threads)
    with rasterio.open(pair[0]) as dataset:
        grid = warp.Grid(dataset.crs, dataset.transform, dataset.shape)
        warp.warped(dataset, Georeference("rpcs", dataset.crs), grid)
    assert told["NUM_THREADS"] == of_gdal
    assert onnx_session.cpu_runs() == min(threads or os.cpu_count() or 1, 2)
