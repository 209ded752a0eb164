# SPDX-License-Identifier: GPL-2.0-or-later
"""One machine, two workers of Dask and an array of Slurm give the same bytes, by every method."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import quiet
from made_jobs import Made, pixels
from pretended_slurm import submit

from core.commands import cluster
from core.job_requests import Cluster
from core.methods.registry import CLASSICAL
from core.progress import Pace
from core.synthetic.pairs import write_pair

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts of Slurm are for a shell")


@pytest.fixture(scope="module")
def mosaic(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """PAN and MS of two drawn scenes side by side, with a gap without data between them."""
    folder = tmp_path_factory.mktemp("mosaic")
    pairs = [write_pair(folder / str(seed), 128, 4, seed)[:2] for seed in (1, 2)]
    made = []
    for kind, gap in ((0, 16), (1, 4)):
        images = []
        for pair in pairs:
            with rasterio.open(pair[kind]) as source:
                images.append(source.read())
                profile = {**source.profile, "nodata": 0}
                names = source.descriptions
        image = np.concatenate([images[0], np.zeros_like(images[0][:, :, :gap]), images[1]], axis=2)
        pixel = 2.0 if kind else 0.5
        profile |= {"width": image.shape[2], "transform": Affine(pixel, 0, 5e5, 0, -pixel, 5e6)}
        path = folder / f"{'ms' if kind else 'pan'}.tif"
        with rasterio.open(path, "w", **profile) as target:
            target.write(image)
            target.descriptions = names
        made.append(str(path))
    return made[0], made[1]


@pytest.fixture(scope="module")
def two_workers() -> Iterator[str]:
    """The address of a scheduler with two worker processes."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as started:
        yield started.scheduler_address


@pytest.mark.parametrize("name", [*CLASSICAL, "ksdiff", "srino"])
def test_the_same_bytes(
    mosaic: tuple[str, str], two_workers: str, tmp_path: Path, name: str
) -> None:
    jobs = []
    for engine in ("dask", "slurm"):
        (tmp_path / engine).mkdir()
        jobs.append(Made(mosaic, tmp_path / engine, method=name, adapt=0.0))
        jobs[-1].plan()
    alone = pixels(jobs[0].alone())
    cluster.perform(Cluster(jobs[0].job, two_workers), quiet, Pace())
    assert submit(jobs[1], tmp_path / "state", tasks=2) == "ok"
    assert alone == pixels(jobs[0].out) == pixels(jobs[1].out)
    with rasterio.open(jobs[0].out) as made:
        assert not made.read_masks(1)[:, 130:142].any()
        assert made.read_masks(1)[:, :120].all()
