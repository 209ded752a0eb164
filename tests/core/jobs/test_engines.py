# SPDX-License-Identifier: GPL-2.0-or-later
"""One machine, two workers of Dask and an array of Slurm give the same bytes, by every method."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import quiet
from made_jobs import Made, pixels
from pretended_slurm import submit
from rasterio.windows import Window

from core.commands import cluster, pansharpen
from core.jobs.job import Job
from core.jobs.planning import SceneRequest, finish_plan, freeze_scene, list_scenes
from core.methods import fine_tuning
from core.methods.network_method import NetworkMethod
from core.methods.registry import FINE_TUNED, METHODS
from core.progress import Pace
from core.requests.jobs import Cluster
from core.requests.scenes import Pansharpen
from core.synthetic.pairs import write_pair

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts of Slurm are for a shell")

ENGINES = ("dask", "slurm")
TILE = PART = 128
CROP = 256  # PAN px of the real pair: 2 x 2 tiles


def drawn_mosaic(folder: Path) -> tuple[str, str]:
    """PAN and MS of two drawn scenes side by side, with a gap without data between them."""
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


def real_pair(data: Path, folder: Path) -> tuple[str, str]:
    """A part of a scene of SPOT-6."""
    made = []
    for name, edge in (("pan.tif", CROP), ("ms.tif", CROP // 4)):
        with rasterio.open(data / "val" / "spot6" / name) as source:
            window = Window(edge, edge, edge, edge)
            profile = {**source.profile, "height": edge, "width": edge}
            profile["transform"] = source.window_transform(window)
            with rasterio.open(folder / name, "w", **profile) as target:
                target.write(source.read(window=window))
                target.descriptions = source.descriptions
        made.append(str(folder / name))
    return made[0], made[1]


@pytest.fixture(scope="module")
def two_workers() -> Iterator[str]:
    """The address of a scheduler with two worker processes."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as started:
        yield started.scheduler_address


@pytest.fixture(scope="module", params=["a mosaic", "a real pair"])
def results(
    request: pytest.FixtureRequest, two_workers: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with the results of each method: of one machine, and of both engines.

    Each scene of the job is the same pair, by another method.
    """
    folder = tmp_path_factory.mktemp("engines")
    if request.param == "a mosaic":
        pair = drawn_mosaic(folder)
    else:
        pair = real_pair(request.getfixturevalue("shared_data"), folder)
    with pytest.MonkeyPatch.context() as patch:
        weights_of_the_first_time(patch)
        job = plan_all(pair, folder)
    for engine in ENGINES:
        if engine == "dask":
            cluster.perform(Cluster(job.job, two_workers), quiet, Pace())
        else:
            assert submit(job, folder / "state", tasks=2) == "ok"
        start_anew(job, folder / engine)
    return folder


def weights_of_the_first_time(patch: pytest.MonkeyPatch) -> None:
    """Fine-tune by a few steps, and take the weights of the plan for the run of one machine.

    Fine-tuning stops by the clock; nothing else of a network's context depends on the time.
    """
    prepare, known = NetworkMethod.prepare, {}

    def once(self: Any, *given: Any) -> Any:
        if self.name not in FINE_TUNED:
            return prepare(self, *given)
        if self.name not in known:
            known[self.name] = prepare(self, *given)
        return known[self.name]

    patch.setattr(fine_tuning, "STEPS", 3)
    patch.setattr(NetworkMethod, "prepare", once)


def plan_all(pair: tuple[str, str], folder: Path) -> Made:
    """Plan a job of all methods, and sharpen by the run of one machine."""
    job = Made(pair, folder)
    asked = [
        Pansharpen(*pair, str(folder / f"{name}.tif"), method=name, tile=TILE, adapt=adapt)
        for name, info in METHODS.items()
        for adapt in [60.0 if info.fine_tunes else 0.0]
    ]
    place = Path(job.job)
    list_scenes(place, [SceneRequest(each.method, each) for each in asked], PART)
    for number, each in enumerate(asked):
        assert freeze_scene(place, number, quiet) == ""
        (folder / "alone").mkdir(exist_ok=True)
        alone = folder / "alone" / f"{each.method}.tif"
        pansharpen.perform(
            Pansharpen(*pair, str(alone), method=each.method, tile=TILE, adapt=each.adapt),
            quiet, Pace(),
        )  # fmt: skip
    finish_plan(place)
    return job


def start_anew(job: Made, place: Path) -> None:
    """Move the results away, and forget the parts."""
    opened = Job.open(Path(job.job))
    place.mkdir()
    for number, name in enumerate(opened.names):
        folder = opened.scene(number)
        Path(folder.out).rename(place / f"{name}.tif")
        for path in (*folder.path.glob("parts/*"), folder.result):
            path.unlink()


@pytest.mark.parametrize("name", METHODS)
def test_the_same_bytes(results: Path, name: str) -> None:
    alone, *others = (pixels(results / by / f"{name}.tif") for by in ("alone", *ENGINES))
    assert [alone == other for other in others] == [True, True]


@pytest.mark.parametrize("name", FINE_TUNED)
def test_the_weights_of_a_scene_count(results: Path, name: str) -> None:
    plain = METHODS[name].fine_tunes
    assert pixels(results / "dask" / f"{name}.tif") != pixels(results / "dask" / f"{plain}.tif")


def test_the_gap_of_a_mosaic_stays_empty(results: Path) -> None:
    with rasterio.open(results / "dask" / "scene-fit.tif") as made:
        empty = ~made.read_masks(1).astype(bool)
    if made.shape == (CROP, CROP):
        assert not empty.any()
    else:
        assert empty[:, 130:142].all() and not empty[:, :120].any()
