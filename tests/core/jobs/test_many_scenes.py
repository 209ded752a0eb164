# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes of one campaign: prepared in shares, and with one fit for all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import perform, quiet
from made_jobs import Made
from raising import raises_code
from raster_files import pixels, read

from core.errors import InputError
from core.methods.network_inputs import statistics_of_all
from core.methods.scene_fit_features import IntensitySums, pixels_of
from core.methods.scene_fit_file import read_fit
from core.methods.scene_fit_regression import NormalEquations
from core.methods.scene_fit_windows import PART, PARTS, fit_scene, fit_scenes, reduced_equations
from core.methods.separable_backprojection import PASSES
from core.pair.scene import Scene
from core.pair.valid_windows import training_tiles
from core.requests.jobs import Plan, Run
from core.requests.scenes import Pansharpen
from core.synthetic.pairs import write_pair

GAINS = (0.3,) * 4


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three drawn scenes."""
    folder = tmp_path_factory.mktemp("campaign")
    for number in (1, 2, 3):
        pan, ms, truth = write_pair(folder / f"s{number}", 256, 4, seed=number)
        pan.rename(folder / f"s{number}" / f"s{number}_pan.tif")
        ms.rename(folder / f"s{number}" / f"s{number}_ms.tif")
        truth.unlink()
    return folder


def pair(scenes: Path, number: int) -> tuple[Path, Path]:
    folder = scenes / f"s{number}"
    return folder / f"s{number}_pan.tif", folder / f"s{number}_ms.tif"


def together(opened: Sequence[Scene]) -> Any:
    each = [lambda scene=scene: nullcontext(scene) for scene in opened]
    return fit_scenes(each, 4.0, GAINS, PASSES, 0, quiet)  # type: ignore[arg-type]


def plan_all(scenes: Path, folder: Path, **settings: Any) -> dict[str, Any]:
    asked = {"data": str(scenes), "out_folder": str(folder / "out"), "method": "scene-fit"}
    return perform(Plan(job=str(folder / "job"), **{**asked, **settings}))


def test_the_fit_of_one_scene_is_its_own(scenes: Path) -> None:
    with Scene.open(*pair(scenes, 1)) as scene:
        alone, shared = fit_scene(scene, 4.0, GAINS, PASSES, 0, quiet), together([scene])
        assert alone and np.array_equal(alone.weights, shared.weights)
        twice = together([scene, scene])  # the same means of all sums
        assert np.allclose(alone.weights, twice.weights, rtol=1e-6, atol=1e-9)


def test_sums_over_scenes_are_those_of_all_their_pixels(scenes: Path) -> None:
    with Scene.open(*pair(scenes, 1)) as one, Scene.open(*pair(scenes, 2)) as two:
        parts = [training_tiles(scene, 0, PART, PARTS) for scene in (one, two)]
        sums = IntensitySums(4, one.band_names, pixels_of(parts[0]) + pixels_of(parts[1]))
        for scene, its in zip((one, two), parts, strict=True):
            sums.add(scene, its, quiet)
        intensity = sums.fit()
        total = NormalEquations(4)
        found = [
            reduced_equations(scene, its, intensity, GAINS, PASSES, None)
            for scene, its in zip((one, two), parts, strict=True)
        ]
        for each in found:
            total.take(each)
        assert np.array_equal(total.square, found[0].square + found[1].square)
        assert total.pixels == found[0].pixels + found[1].pixels
        shared = together([one, two])
        assert np.array_equal(shared.intensity.weight, intensity.weight)


def test_all_scenes_of_a_job_have_the_same_fit(scenes: Path, tmp_path: Path) -> None:
    told = plan_all(scenes, tmp_path, shared_fit=True)
    assert (told["scenes"], told["parts"]) == (3, 3)
    perform(Run(str(tmp_path / "job")))
    files = Made(("", ""), tmp_path).collect()["files"]
    fit = tmp_path / "job" / "fit.json"
    for number, path in enumerate(files, start=1):
        pan, ms = map(str, pair(scenes, number))
        alone = tmp_path / f"{number}.tif"
        asked = Pansharpen(pan, ms, str(alone), method="scene-fit", fit=str(fit))
        perform(asked)
        assert pixels(alone) == pixels(path)
    opened = [Scene.open(*pair(scenes, number)) for number in (1, 2, 3)]
    expected = together(opened)
    for scene in opened:
        scene.close()
    names = tuple(opened[0].band_names)
    assert np.allclose(read_fit(fit, 4.0, names)[0].weights, expected.weights)


def test_all_scenes_of_a_job_are_normalised_alike_for_a_network(
    scenes: Path, small_srino: Path, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {"method": "srino", "model": str(small_srino), "steps": 1}
    for name in ("s1", "s2"):
        shutil.copytree(scenes / name, tmp_path / "two" / name)
    plan_all(tmp_path / "two", tmp_path, shared_fit=True, **settings)
    perform(Run(str(tmp_path / "job")))
    files = Made(("", ""), tmp_path).collect()["files"]
    fit = tmp_path / "job" / "fit.json"
    _, shared = read_fit(fit, 4.0, (None,) * 4)
    assert shared
    own = []
    for number, path in enumerate(files, start=1):
        pan, ms = map(str, pair(scenes, number))
        alone = tmp_path / f"{number}.tif"
        perform(Pansharpen(pan, ms, str(alone), fit=str(fit), **settings))
        assert pixels(alone) == pixels(path)
        with Scene.open(pan, ms) as scene:
            own.append(statistics_of_all([lambda scene=scene: nullcontext(scene)], 4.0, 0, quiet))
    perform(Pansharpen(pan, ms, str(tmp_path / "own.tif"), **settings))
    assert pixels(tmp_path / "own.tif") != pixels(path), "by its own statistics it is another"
    # Scenes of one size weigh alike: means are averaged, and the variance between them adds up.
    means = np.stack([each.mean for each in own])
    assert np.allclose(shared.mean, means.mean(axis=0), rtol=1e-3)
    spread = np.stack([each.std for each in own]) ** 2
    expected = np.sqrt(spread.mean(axis=0) + means.var(axis=0))
    assert np.allclose(shared.std, expected, rtol=1e-2)


def test_scenes_that_differ_have_no_common_fit(scenes: Path, tmp_path: Path) -> None:
    other = tmp_path / "data"
    for number, bands in ((1, 4), (2, 8)):
        pan, ms, _ = write_pair(other, 256, bands, seed=number)
        pan.rename(other / f"s{number}_pan.tif")
        ms.rename(other / f"s{number}_ms.tif")
        (other / "truth.tif").unlink()
    with raises_code("shared-fit-differs", InputError, scene="s2", other="s1"):
        plan_all(other, tmp_path, shared_fit=True)
    with raises_code("shared-fit-needs-scene-fit", InputError):
        plan_all(scenes, tmp_path, shared_fit=True, method="gsa")


def test_scenes_are_prepared_in_shares(scenes: Path, tmp_path: Path) -> None:
    assert not plan_all(scenes, tmp_path, part="2/2")["ready"]
    with raises_code("job-not-prepared", InputError, left=1):
        perform(Run(str(tmp_path / "job")))
    told = plan_all(scenes, tmp_path, part="1/2")
    assert told["ready"] and told["parts"] == 3
    perform(Run(str(tmp_path / "job")))
    first = Made(("", ""), tmp_path).collect(part="1/2")
    assert len(first["files"]) == 1 and first["manifest"] is None
    both = Made(("", ""), tmp_path).collect(part="2/2")
    assert len(both["files"]) == 3 and Path(both["manifest"]).exists()
    assert {read(path).shape for path in both["files"]} == {(4, 256, 256)}
