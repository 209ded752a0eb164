# SPDX-License-Identifier: GPL-2.0-or-later
"""What a plan writes, what a collection makes of the parts, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import write_pair
from made_jobs import Made, pixels

from core.commands import folder, plan
from core.commands import run as run_command
from core.errors import InputError, ModelError
from core.jobs import job as job_module
from core.jobs import mosaic
from core.progress import Pace
from core.requests.jobs import Plan, Run
from core.requests.scenes import Folder


def quiet(*_: Any) -> None:
    """Progress that nobody shows."""


@pytest.fixture
def job(made: Callable[..., Made]) -> Made:
    return made(method="gsa")


def scene_folder(job: Made) -> Path:
    return Path(job.job) / "scenes" / "0000"


def test_the_plan_tells_parts_bytes_and_needs(job: Made) -> None:
    told = job.plan()
    scene = json.loads((scene_folder(job) / "scene.json").read_text())
    assert told["parts"] == len(scene["parts"]) == 9
    assert scene["parts"][:4] == [[0, 0, 128, 128], [0, 128, 128, 128], [0, 256, 128, 64],
                                  [128, 0, 128, 128]]  # fmt: skip
    assert sum(scene["bytes"]) == told["bytes"] == 320 * 320 * 4 * 2
    assert scene["needs"]["device"] == "cpu" and scene["needs"]["memory"] > 0
    told = {name: each["bytes"] for name, each in scene["inputs"].items()}
    assert told == {name: Path(name).stat().st_size for name in job.pair}


def test_a_job_that_is_planned_again_stays_as_it_is(job: Made) -> None:
    job.plan()
    before = (scene_folder(job) / "scene.json").stat().st_mtime_ns
    job.run("1/2")
    job.plan()
    assert (scene_folder(job) / "scene.json").stat().st_mtime_ns == before
    assert job.run()["before"] == 4


def test_another_job_does_not_go_into_the_same_folder(job: Made) -> None:
    job.plan()
    with pytest.raises(InputError, match="other scenes or settings"):
        job.plan(seed=3)


@pytest.mark.parametrize(("share", "count"), [("1/2", 4), ("2/2", 5), ("9", 1), (None, 9)])
def test_shares_are_of_all_parts(job: Made, share: str | None, count: int) -> None:
    job.plan()
    assert job.run(share)["done"] == count


@pytest.mark.parametrize("share", ["0/2", "3/2", "10", "x", "1/"])
def test_a_share_that_is_none_is_refused(job: Made, share: str) -> None:
    job.plan()
    with pytest.raises(InputError, match="of 9 parts"):
        job.run(share)


def test_missing_parts_are_named_and_nothing_is_made(job: Made) -> None:
    job.plan()
    for part in ("1", "3", "4", "6", "8", "9"):
        job.run(part)
    with pytest.raises(InputError, match=r"3 of 9 parts are missing or damaged: 2, 5, 7\."):
        job.collect()
    assert not Path(job.out).exists()


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_part_is_found_and_done_again(job: Made, damage: str) -> None:
    job.plan()
    job.run()
    path = next((scene_folder(job) / "parts").glob("0004-*.tif"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-5] if damage == "cut" else content)
    with pytest.raises(InputError, match=r"damaged: 5\."):
        job.collect()
    assert job.run()["done"] == 1
    job.collect()
    assert pixels(job.alone()) == pixels(job.out)


@pytest.mark.parametrize("record", ['{"format": 1}', '{"format": 1, "files": []}', "", "[]"])
def test_a_part_whose_record_is_spoilt_is_done_again(job: Made, record: str) -> None:
    job.plan()
    job.run()
    (scene_folder(job) / "parts" / "0004.json").write_text(record)
    with pytest.raises(InputError, match=r"damaged: 5\."):
        job.collect()
    assert job.run()["done"] == 1


def test_a_folder_without_a_job(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder of a job"):
        run_command.perform(Run(str(tmp_path)), quiet, Pace())


def test_another_version_refuses_the_parts(job: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    job.plan()
    monkeypatch.setattr(job_module, "__version__", "9.9")
    with pytest.raises(InputError, match=r"this is 9\.9"):
        job.run()


def test_an_input_that_changed_is_named(tmp_path: Path) -> None:
    pan, ms = map(str, write_pair(tmp_path / "in", size=128))
    job = Made((pan, ms), tmp_path, method="gsa")
    job.plan()
    with Path(ms).open("ab") as file:
        file.write(b"more")
    with pytest.raises(InputError, match="has changed since"):
        job.run()


def test_another_model_is_refused(
    made: Callable[..., Made], small_model: Path, tmp_path: Path
) -> None:
    job = made(method="ksdiff", model=str(small_model), adapt=0.0)
    job.plan()
    state = scene_folder(job) / "scene.json"
    values = json.loads(state.read_text())
    assert len(values["model_sha256"]) == 64
    state.write_text(json.dumps({**values, "model_sha256": "0" * 64}))
    with pytest.raises(ModelError, match="another here"):
        job.run()


def test_arrays_that_changed_are_refused(job: Made) -> None:
    job.plan()
    path = scene_folder(job) / "arrays.npz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="its hash is another"):
        job.run()


def test_the_mosaic_has_the_pixels_without_the_file(job: Made) -> None:
    job.plan()
    job.run()
    told = job.collect(mosaic_only=True)
    assert told["files"] == [] and not Path(job.out).exists()
    assert pixels(told["mosaics"][0]) == pixels(job.alone())
    assert Path(told["mosaics"][0]).suffix == ".vrt"
    job.collect()  # the file may follow
    assert pixels(job.out) == pixels(told["mosaics"][0])


def test_the_mosaic_needs_no_folder_of_results(job: Made) -> None:
    """As on workers that do not share it."""
    folder = Path(job.out).parent / "results"
    folder.mkdir()
    job.out = str(folder / "parts.tif")
    job.plan()
    job.run()
    folder.rmdir()
    told = job.collect(mosaic_only=True)
    assert pixels(told["mosaics"][0]) == pixels(job.alone())


def test_many_parts_have_an_index(job: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mosaic, "MOST_IN_VRT", 5)
    job.plan()
    job.run()
    path = Path(job.collect()["mosaics"][0])
    assert path.suffix == ".gti"
    with rasterio.open(path) as index, rasterio.open(job.out) as file:
        assert index.driver == "GTI"
        assert index.transform.almost_equals(file.transform) and index.crs == file.crs
        assert np.array_equal(index.read(), file.read())


def test_a_scene_without_a_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mosaic, "MOST_IN_VRT", 2)  # an index would find nothing
    pan, ms = write_pair(tmp_path / "in", size=192)
    for path in (pan, ms):
        with rasterio.open(path) as source:
            values, profile = source.read(), {**source.profile, "crs": None}
        profile["transform"] = rasterio.Affine.identity()
        with rasterio.open(path, "w", **profile) as target:
            target.write(values)
    job = Made((str(pan), str(ms)), tmp_path, method="hpm-h")
    job.plan()
    job.run()
    told = job.collect()
    assert pixels(job.alone()) == pixels(job.out) == pixels(told["mosaics"][0])


def test_a_cog(made: Callable[..., Made]) -> None:
    job = made(method="brovey", cog=True)
    job.plan()
    job.run()
    job.collect()
    with rasterio.open(job.out) as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert pixels(job.alone()) == pixels(job.out)


def test_the_manifest_has_the_hashes_of_all(job: Made) -> None:
    job.plan()
    job.run()
    told = json.loads(Path(job.collect()["manifest"]).read_text())
    scene = told["scenes"][0]
    assert scene["method"] == "gsa" and len(scene["parts"]) == 9
    assert scene["files"] == [
        {
            "path": job.out,
            "bytes": Path(job.out).stat().st_size,
            "sha256": job_module.sha256(Path(job.out)),
        }
    ]
    for part in scene["parts"]:
        (file,) = part["files"]
        path = scene_folder(job) / "parts" / file["name"]
        assert job_module.sha256(path) == file["sha256"]
    assert "numpy" in told["packages"]


def test_the_report_of_the_comparison_is_written(made: Callable[..., Made]) -> None:
    job = made(method="classical", report=str(made().folder / "test.html"))
    job.plan()
    job.run()
    job.collect()
    assert "<html" in Path(job.settings["report"]).read_text()


def test_a_small_scene_has_a_classical_method_in_place_of_the_fit(tmp_path: Path) -> None:
    pan, ms = map(str, write_pair(tmp_path / "in", size=96))
    job = Made((pan, ms), tmp_path, method="scene-fit")
    job.plan()
    job.run()
    job.collect()
    assert pixels(job.alone()) == pixels(job.out)


def test_a_folder_of_pairs(tmp_path: Path) -> None:
    """The results are those of the command folder; a pair that fails does not stop the others."""
    data, job = tmp_path / "data", str(tmp_path / "job")
    for name, size in (("a", 192), ("b", 128)):
        for path in write_pair(data, size=size):
            path.rename(data / f"{name}_{path.name}")
    (data / "c_pan.tif").write_bytes(b"nothing")
    (data / "c_ms.tif").write_bytes(b"nothing")
    settings: dict[str, Any] = {"data": str(data), "method": "scene-fit", "tile": 64}
    folder.perform(Folder(**settings, out_folder=str(tmp_path / "one")), quiet, Pace())
    told = plan.perform(
        Plan(**settings, out_folder=str(tmp_path / "two"), job=job, part_size=64), quiet, Pace()
    )
    assert (told["scenes"], told["parts"]) == (2, 9 + 4)
    run_command.perform(Run(job), quiet, Pace())
    made = Made(("", ""), tmp_path).collect()["files"]
    assert [Path(path).name for path in made] == ["a_sharpened.tif", "b_sharpened.tif"]
    for path in map(Path, made):
        assert pixels(path) == pixels(tmp_path / "one" / path.name)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"pan": "p.tif", "ms": "m.tif"},
        {"data": "d"},
        {"data": "d", "out_folder": "o", "pan": "p.tif"},
        {"pan": "p.tif", "ms": "m.tif", "out": "o.tif", "out_folder": "o"},
    ],
)
def test_a_job_is_of_a_pair_or_of_a_folder(tmp_path: Path, asked: dict[str, str]) -> None:
    with pytest.raises(InputError, match="needs a pair"):
        plan.perform(Plan(job=str(tmp_path / "job"), **asked), quiet, Pace())
