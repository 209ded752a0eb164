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
from fakes import perform, quiet, write_pair
from made_jobs import Made
from raising import raises_code
from raster_files import edited, pixels, read

from core.errors import InputError, ModelError
from core.jobs import job as job_module
from core.jobs import mosaic
from core.jobs.job import Job
from core.jobs.running import Runner
from core.requests.jobs import Plan, Run
from core.requests.scenes import Folder


def of_size(size: int, folder: Path, **settings: Any) -> Made:
    """Return a job of a pair of another size (PAN px)."""
    pan, ms = map(str, write_pair(folder / "in", size=size))
    return Made((pan, ms), folder, **settings)


def test_the_plan_tells_parts_bytes_and_needs(job: Made) -> None:
    told = job.plan()
    scene = json.loads((job.scene / "scene.json").read_text())
    assert told["parts"] == len(scene["parts"]) == 9
    assert scene["parts"][:4] == [[0, 0, 128, 128], [0, 128, 128, 128], [0, 256, 128, 64],
                                  [128, 0, 128, 128]]  # fmt: skip
    assert sum(scene["bytes"]) == told["bytes"] == 320 * 320 * 4 * 2
    assert scene["needs"]["device"] == "cpu" and scene["needs"]["memory"] > 0
    told = {name: each["bytes"] for name, each in scene["inputs"].items()}
    assert told == {name: Path(name).stat().st_size for name in job.pair}


def test_a_part_that_another_process_has_done_meanwhile_keeps_its_record(planned: Made) -> None:
    opened = Job.open(Path(planned.job))
    part, folder = opened.parts[0], opened.scene(0)
    done: list[bool] = []

    def meanwhile(fraction: float, message: str) -> None:
        if not done:
            done.append(quick.do(part, quiet))

    with Runner(opened) as slow, Runner(opened) as quick:
        assert not slow.do(part, meanwhile) and done == [True]
    record = folder.done(part.at)
    assert record and [each["name"] for each in record["files"]] == [
        path.name for path in (folder.path / "parts").glob("*.tif")
    ]


def test_a_job_that_is_planned_again_stays_as_it_is(planned: Made) -> None:
    before = (planned.scene / "scene.json").stat().st_mtime_ns
    planned.run("1/2")
    planned.plan()
    assert (planned.scene / "scene.json").stat().st_mtime_ns == before
    assert planned.run()["before"] == 4
    with raises_code("job-is-another", InputError, job=planned.job):
        planned.plan(seed=3)


@pytest.mark.parametrize(("share", "count"), [("1/2", 4), ("2/2", 5), ("9", 1), (None, 9)])
def test_shares_are_of_all_parts(planned: Made, share: str | None, count: int) -> None:
    assert planned.run(share)["done"] == count


def test_a_share_that_is_none_is_refused(planned: Made) -> None:
    for share in ("0/2", "3/2", "10", "x", "1/"):
        with raises_code("job-part-unknown", InputError, part=share, parts=9):
            planned.run(share)


def test_missing_parts_are_named_and_nothing_is_made(planned: Made) -> None:
    for part in ("1", "3", "4", "6", "8", "9"):
        planned.run(part)
    with raises_code("job-parts-missing", InputError, count=3, all=9, parts="2, 5, 7"):
        planned.collect()
    assert not Path(planned.out).exists()


def test_a_part_that_is_damaged_or_whose_record_is_spoilt_is_done_again(planned: Made) -> None:
    def spoil(damage: str) -> None:
        record = planned.scene / "parts" / "0004.json"
        path = record.with_name(json.loads(record.read_text())["files"][0]["name"])
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 255
        if damage == "gone":
            path.unlink()
        elif damage in ("cut", "changed"):
            path.write_bytes(content[:-5] if damage == "cut" else content)
        else:
            record.write_text(damage)

    planned.run()
    records = ('{"format": 1}', '{"format": 1, "files": []}', "", "[]")
    for damage in ("cut", "changed", "gone", *records):
        spoil(damage)
        with raises_code("job-parts-missing", InputError, count=1, parts="5"):
            planned.collect()
        assert planned.run()["done"] == 1, damage
    planned.collect()
    assert planned.same


def test_a_folder_without_a_job(tmp_path: Path) -> None:
    with raises_code("job-missing", InputError):
        perform(Run(str(tmp_path)))


def test_another_version_refuses_the_parts(planned: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_module, "__version__", "9.9")
    with raises_code("job-version", InputError, here="9.9"):
        planned.run()


def test_another_model_is_refused(made: Callable[..., Made], small_model: Path) -> None:
    job = made(method="ksdiff", model=str(small_model), adapt=0.0)
    job.plan()
    state = job.scene / "scene.json"
    values = json.loads(state.read_text())
    assert len(values["model_sha256"]) == 64
    state.write_text(json.dumps({**values, "model_sha256": "0" * 64}))
    with raises_code("job-model-changed", ModelError, method="ksdiff"):
        job.run()


def test_arrays_that_changed_are_refused(planned: Made) -> None:
    path = planned.scene / "arrays.npz"
    path.write_bytes(path.read_bytes()[:-1])
    with raises_code("job-damaged", InputError, path=path, reason="its hash is another"):
        planned.run()


def test_the_mosaic_has_the_pixels_without_the_file_or_its_folder(job: Made) -> None:
    """As on workers that do not share the folder of results; the file may follow."""
    folder = Path(job.out).parent / "results"
    folder.mkdir()
    job.out = str(folder / "parts.tif")
    job.plan()
    job.run()
    folder.rmdir()
    told = job.collect(mosaic_only=True)
    assert told["files"] == [] and Path(told["mosaics"][0]).suffix == ".vrt"
    assert pixels(told["mosaics"][0]) == pixels(job.alone())
    folder.mkdir()
    job.collect()
    assert pixels(job.out) == pixels(told["mosaics"][0])


def test_many_parts_have_an_index(job: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mosaic, "MOST_IN_VRT", 5)
    path = Path(job.carry_out()["mosaics"][0])
    assert path.suffix == ".gti"
    with rasterio.open(path) as index, rasterio.open(job.out) as file:
        assert index.driver == "GTI"
        assert index.transform.almost_equals(file.transform) and index.crs == file.crs
        assert np.array_equal(index.read(), file.read())


def test_a_scene_without_a_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mosaic, "MOST_IN_VRT", 2)  # an index would find nothing
    job = of_size(192, tmp_path, method="hpm-h")
    for path in job.pair:
        edited(path, crs=None, transform=rasterio.Affine.identity())
    told = job.carry_out()
    assert job.same and pixels(job.out) == pixels(told["mosaics"][0])


def test_a_cog(made: Callable[..., Made]) -> None:
    job = made(method="brovey", cog=True)
    job.carry_out()
    with rasterio.open(job.out) as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert job.same


def test_the_manifest_has_the_hashes_of_all(job: Made) -> None:
    told = json.loads(Path(job.carry_out()["manifest"]).read_text())
    scene, out = told["scenes"][0], Path(job.out)
    assert scene["method"] == "gsa" and len(scene["parts"]) == 9
    size, digest = out.stat().st_size, job_module.sha256(out)
    assert scene["files"] == [{"path": job.out, "bytes": size, "sha256": digest}]
    for part in scene["parts"]:
        (file,) = part["files"]
        assert job_module.sha256(job.scene / "parts" / file["name"]) == file["sha256"]
    assert "numpy" in told["packages"]


def test_the_report_of_the_comparison_is_written(made: Callable[..., Made]) -> None:
    job = made(method="classical", report=str(made().folder / "test.html"))
    job.carry_out()
    assert "<html" in Path(job.settings["report"]).read_text()


def test_a_small_scene_has_a_classical_method_in_place_of_the_fit(tmp_path: Path) -> None:
    job = of_size(96, tmp_path, method="scene-fit")
    job.carry_out()
    assert job.same


def test_a_folder_of_pairs(tmp_path: Path) -> None:
    """The results are those of the command folder; a pair that fails does not stop the others."""
    data, job = tmp_path / "data", str(tmp_path / "job")
    for name, size in (("a", 192), ("b", 128)):
        for path in write_pair(data, size=size):
            path.rename(data / f"{name}_{path.name}")
    (data / "c_pan.tif").write_bytes(b"nothing")
    (data / "c_ms.tif").write_bytes(b"nothing")
    settings: dict[str, Any] = {"data": str(data), "method": "scene-fit", "tile": 64}
    perform(Folder(**settings, out_folder=str(tmp_path / "one")))
    told = perform(Plan(**settings, out_folder=str(tmp_path / "two"), job=job, part_size=64))
    assert (told["scenes"], told["parts"]) == (2, 9 + 4)
    perform(Run(job))
    made = Made(("", ""), tmp_path).collect()["files"]
    assert [Path(path).name for path in made] == ["a_sharpened.tif", "b_sharpened.tif"]
    for path in map(Path, made):
        assert np.array_equal(read(path), read(tmp_path / "one" / path.name))


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
    with raises_code("job-needs-pair-or-folder", InputError):
        perform(Plan(job=str(tmp_path / "job"), **asked))
