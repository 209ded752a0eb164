# SPDX-License-Identifier: GPL-2.0-or-later
"""A job gives the pixels that one machine gives, to the byte, by every method."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import write_holed
from made_jobs import Made
from raster_files import pixels

from core.methods import fine_tuning
from core.methods.interface import Settings
from core.methods.network_method import NetworkMethod
from core.methods.registry import CLASSICAL, METHODS, create
from core.pair.scene import Scene


def compare(job: Made) -> None:
    alone = job.alone()
    job.plan()
    for share in ("3/3", "1/3", "2/3"):  # as three processes would, in any order
        job.run(share)
    job.collect()
    assert pixels(alone) == pixels(job.out)


@pytest.mark.parametrize("name", ["scene-fit", "hpm-h", "bdsd-pc-bp"])
def test_a_method_without_a_network(made: Callable[..., Made], name: str) -> None:
    compare(made(method=name))


def test_the_method_that_the_scene_test_selects(made: Callable[..., Made]) -> None:
    compare(made(method="classical"))


def test_ksdiff(made: Callable[..., Made], small_model: Path) -> None:
    compare(made(method="ksdiff", model=str(small_model), adapt=0.0))


def test_the_shipped_ksdiff_starts_from_the_fit(made: Callable[..., Made]) -> None:
    compare(made(method="ksdiff", adapt=0.0))


@pytest.mark.parametrize("name", ["scene-fit", "ksdiff"])
def test_where_pan_is_displaced(made: Callable[..., Made], tmp_path: Path, name: str) -> None:
    job = made(method=name, adapt=0.0)
    pan = Path(shutil.copy(job.pair[0], tmp_path / "moved.tif"))
    with rasterio.open(pan, "r+") as dataset:
        dataset.write(np.roll(dataset.read(), 1, axis=(1, 2)))
    still, job.pair = pixels(job.alone()), (str(pan), job.pair[1])
    compare(job)
    assert pixels(job.out) != still


@pytest.mark.parametrize("name", ["ksdiff-adapted", "srino-adapted"])
def test_a_fine_tuned_network_is_frozen_with_its_weights(
    made: Callable[..., Made],
    small_model: Path,
    small_srino: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """By a few steps; fine-tuning stops by the clock, so that both take the weights of one."""
    monkeypatch.setattr(fine_tuning, "STEPS", 3)
    model = small_srino if name.startswith("srino") else small_model
    job = made(method=name, model=str(model), adapt=60.0)
    plain = made(method=METHODS[name].fine_tunes, model=str(model), adapt=0.0)
    pan, ms = map(Path, job.pair)
    with Scene.open(pan, ms) as scene:
        settings = Settings(scene.ratio, model=str(model), fine_tuning_seconds=60.0)
        context = create(name, settings).prepare(scene, lambda fraction, text: None)
    with monkeypatch.context() as patch:
        patch.setattr(NetworkMethod, "prepare", lambda *given: context)
        job.plan()
        alone = pixels(job.alone())
    job.run("2/2")
    job.run()
    job.collect()
    assert alone == pixels(job.out) != pixels(plain.alone())


def test_srino_and_its_error_bar(
    made: Callable[..., Made], small_srino: Path, tmp_path: Path
) -> None:
    spread = tmp_path / "parts-spread.tif"
    job = made(method="srino", model=str(small_srino), steps=2, seed=7, spread=str(spread))
    compare(job)
    assert pixels(tmp_path / "alone-spread.tif") == pixels(spread)


def test_options_reach_the_parts(made: Callable[..., Made]) -> None:
    compare(
        made(
            method="gsa", output_type="uint16", creation_options={"NBITS": "12"},
            unseen_bands="interpolate", align=True, overviews="yes",
        )
    )  # fmt: skip


def test_a_mosaic_with_holes(drawn: tuple[str, str], tmp_path: Path) -> None:
    """Parts without any data, and the statistics and tags that one machine writes."""
    ms = write_holed(tmp_path / "holed.tif", Path(drawn[1]), slice(0, 30), slice(40, 80))
    job = Made((drawn[0], str(ms)), tmp_path, method="scene-fit", overviews="yes")
    compare(job)
    with rasterio.open(tmp_path / "alone.tif") as alone, rasterio.open(job.out) as parts:
        assert alone.profile == parts.profile
        assert alone.descriptions == parts.descriptions
        assert alone.tags() == parts.tags()
        assert alone.overviews(1) == parts.overviews(1) != []
        for band in (1, 2, 3, 4):
            told: list[dict[str, Any]] = [each.tags(band) for each in (alone, parts)]
            assert told[0].keys() == told[1].keys()
            for key in told[0]:
                assert float(told[0][key]) == pytest.approx(float(told[1][key]), rel=1e-6)
        assert np.all(parts.read(1)[:100, 200:300] == parts.nodata)


@pytest.mark.parametrize("name", [*CLASSICAL, "ksdiff", "srino"])
def test_a_real_pair(shared_data: Path, tmp_path: Path, name: str) -> None:
    """Of a ratio that is no integer, so that no tile begins where an MS pixel does."""
    folder = shared_data / "edge" / "non_integer_ratio"
    pair = str(folder / "pan.tif"), str(folder / "ms.tif")
    compare(Made(pair, tmp_path, method=name, adapt=0.0))
