# SPDX-License-Identifier: GPL-2.0-or-later
"""`python -m core quality`: the toolbox's values from GeoTIFFs, its files, what it refuses."""

from __future__ import annotations

import json
import logging
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Watched, quiet
from golden import SENSORS, of_sensor, reference
from logged import told
from raising import raises_code
from scenes import Images, landscape

from core.__main__ import main
from core.commands.quality import perform
from core.errors import Cancelled
from core.fusion.method_selection import POOLS
from core.methods.registry import METHODS
from core.progress import Pace
from core.raster.geotiff import no_space
from core.requests.scenes import Quality
from core.worker.protocol import EXIT_OK

#: Name of a quantity among the reference values, and of the index in the JSON.
RR = {name: name for name in ("SAM", "ERGAS", "Q2n", "SCC", "PSNR")}
FR = {
    "Dlambda_fused": "D_lambda",
    "DlambdaK_fused": "D_lambda_K",
    "Ds_fused": "D_s",
    "QNR_fused": "QNR",
    "HQNR_fused": "HQNR",
}


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("core").setLevel(logging.WARNING)


def quality(request: Quality, *options: str) -> int:
    """The command, with a request's inputs."""
    given = {"pan": request.pan, "ms": request.ms, "fused": request.fused}
    if request.reference:
        given["reference"] = request.reference
    named = [word for name, path in given.items() for word in (f"--{name}", path)]
    return main(["quality", *named, *options])


def numbers(request: Quality, folder: Path, *options: str) -> dict[str, Any]:
    """What the command writes as JSON."""
    assert quality(request, "--json", str(folder / "out.json"), *options) == EXIT_OK
    found: dict[str, Any] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("sensor", SENSORS)
def test_scores_equal_the_toolbox(sensor: str, tmp_path: Path) -> None:
    known, case = reference()[sensor], of_sensor(sensor)
    images = Images(case.pan, case.ms, case.gt)
    request = images.with_reference(tmp_path, case.fused)
    found = numbers(request, tmp_path, "--sensor", SENSORS[sensor])
    assert found["interpolation"] == "23-tap"
    assert found["peak"] == case.peak
    for quantity, name in (RR | FR).items():
        assert found[name] == pytest.approx(known[quantity], rel=1e-9), name


def test_default_sensor_is_generic(tmp_path: Path) -> None:
    """Which are those of GaoFen-2 in the toolbox; and without a reference, only what needs none."""
    known, case = reference()["GF2"], of_sensor("GF2")
    request = Images(case.pan, case.ms, case.gt).written(tmp_path, case.fused)
    found = numbers(request, tmp_path)
    for quantity, name in FR.items():
        assert found[name] == pytest.approx(known[quantity], rel=1e-9), name
    assert not RR.keys() & found.keys()
    assert {"SAM", "ERGAS", "Q2n", "bias_percent"} == found["consistency"].keys()
    assert len(found["bands"]) == 4
    assert found["pixels"] == 65536 and found["ratio"] == 4


@pytest.fixture
def request_of_files(tmp_path: Path) -> Quality:
    """A scene of 96 x 128 pixels, its truth as fused image and as reference."""
    scene = landscape(96, 128)
    return scene.with_reference(tmp_path, scene.reference + 5, "uint16")


def test_scores_maps_and_report_are_written(
    request_of_files: Quality, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("sam-map", "q2n-map", "error-map")
    maps = [word for name in names for word in (f"--{name}", str(tmp_path / f"{name}.tif"))]
    report = str(tmp_path / "report.html")
    found = numbers(request_of_files, tmp_path, *maps, "--report", report)
    shown = capsys.readouterr().out
    for name in ("SAM", "SSIM", "D_lambda_K", "HQNR", "bias_percent", "generic", "23-tap"):
        assert name.lower() in shown.lower(), name
    assert found["report"] == report
    assert "<html" in Path(report).read_text(encoding="utf-8")
    assert found["sam_map"].endswith("sam-map.tif")
    with rasterio.open(tmp_path / "error-map.tif") as made:
        np.testing.assert_allclose(made.read(), 5, atol=1)
        assert made.descriptions[0] == "error of 1"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_identical_image_is_perfect_and_infinity_is_null(tmp_path: Path) -> None:
    scene = landscape(64, 64)
    found = numbers(scene.with_reference(tmp_path, scene.reference, "uint16"), tmp_path)
    assert found["PSNR"] is None
    assert (found["ERGAS"], found["Q2n"], found["SCC"], found["SSIM"]) == pytest.approx(
        (0, 1, 1, 1)
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sensor": "Sputnik"}, "unknown-sensor"),
        ({"ms_bands": (1, 2)}, "fused-band-count"),
        ({"ms_bands": (1, 2, 7)}, "no-such-band"),
    ],
)
def test_wrong_request_is_refused_before_any_work(
    changes: dict[str, Any], code: str, request_of_files: Quality, tmp_path: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    with raises_code(code):
        perform(replace(request_of_files, **changes), quiet, Pace())
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("name", "code"), [("fused.tif", "output-suffix"), ("none/o.json", "output-folder-missing")]
)
def test_wrong_json_target_is_refused(
    name: str, code: str, request_of_files: Quality, tmp_path: Path
) -> None:
    with raises_code(code):
        perform(request_of_files, quiet, Pace(), tmp_path / name)


def _with_outputs(request: Quality, folder: Path) -> Quality:
    """The same with a map, which is there already, another and a report."""
    (folder / "sam.tif").write_text("old")
    names = {"sam_map": "sam.tif", "error_map": "error.tif", "report": "report.html"}
    return replace(request, **{key: str(folder / name) for key, name in names.items()})


def _only_the_old(folder: Path) -> bool:
    inputs = {f"{name}.tif" for name in ("pan", "ms", "fused", "reference")}
    left = {path.name for path in folder.iterdir()} - inputs
    return left == {"sam.tif"} and (folder / "sam.tif").read_text() == "old"


@pytest.mark.parametrize("at", [0.5, 0.95, 0.99])
def test_cancel_leaves_the_old_files(at: float, request_of_files: Quality, tmp_path: Path) -> None:
    """Also between the maps and the report, which are made one after the other."""
    with pytest.raises(Cancelled):
        perform(_with_outputs(request_of_files, tmp_path), Watched(at), Pace())
    assert _only_the_old(tmp_path)


@pytest.mark.parametrize("what", ["json", "map"])
def test_full_disk_leaves_the_old_files(
    request_of_files: Quality, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    real = Path.write_text

    def full(path: Path, *given: Any, **more: Any) -> int:
        if path.name == "out.json":
            raise OSError(28, "No space left on device", str(path))
        return real(path, *given, **more)

    def short(made: Path, target: Path) -> None:
        if target.name == "error.tif":
            raise no_space(target)

    request = _with_outputs(request_of_files, tmp_path)
    if what == "json":
        monkeypatch.setattr(Path, "write_text", full)
    else:
        monkeypatch.setattr("core.raster.writer.check_complete", short)
    with raises_code("output-not-writable" if what == "json" else "disk-full"):
        perform(request, quiet, Pace(), tmp_path / "out.json")
    assert _only_the_old(tmp_path)


def test_result_is_json_with_finite_scores(request_of_files: Quality) -> None:
    done = perform(request_of_files, quiet, Pace())
    assert done["report"] is None and done["scene_test"] is None
    assert all(type(value) is float and math.isfinite(value) for value in done["scores"].values())
    json.dumps(done)


def test_methods_are_compared_on_the_scene(
    tmp_path: Path,
    small_srino: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(POOLS, "auto", ("ksdiff", "srino", "gsa", "exp"))
    for name, model in (("ksdiff", "absent"), ("srino", str(small_srino))):
        monkeypatch.setitem(METHODS, name, replace(METHODS[name], model=model))
    scene = landscape(192, 192)
    request = scene.written(tmp_path, scene.reference)
    report = tmp_path / "report.html"
    found = numbers(request, tmp_path, "--scene-test", "--report", str(report))["scene_test"]
    assert {row["method"] for row in found["rows"]} == {"srino", "gsa", "exp"}
    assert "absent" in found["left_out"]["ksdiff"]
    shown = capsys.readouterr().out
    page = report.read_text(encoding="utf-8")
    assert found["sentence"] in shown and found["sentence"] in page
    assert "SRINO" in page and found["left_out"]["ksdiff"] in page
    progress = Watched()
    done = perform(replace(request, scene_test=True), progress, Pace())
    assert progress.fractions[-1] < 1
    rows = [{**row, "seconds": 0} for row in done["scene_test"]["rows"]]
    assert rows == [{**row, "seconds": 0} for row in found["rows"]]


def test_scene_too_small_to_compare_on_is_assessed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scene = landscape(24, 24)
    request = replace(scene.written(tmp_path, scene.reference), scene_test=True)
    done = perform(request, quiet, Pace())
    assert done["scene_test"] is None and done["scores"]
    assert len(told(caplog, "core.fusion.method_selection")) == 1


@pytest.mark.parametrize("folder", ["quickbird_full", "spot6", "geoeye1"])
def test_scores_of_interpolation_are_plausible_on_real_scenes(
    folder: str, shared_data: Path, tmp_path: Path
) -> None:
    """EXP, the yardstick of the field: consistent with MS, and aligned with it."""
    pair = {name: str(shared_data / "val" / folder / f"{name}.tif") for name in ("pan", "ms")}
    fused = str(tmp_path / "exp.tif")
    command = ["pansharpen", "--method", "exp", "--out", fused, "--extent"]
    with rasterio.open(pair["pan"]) as dataset:
        left, bottom, right, top = dataset.bounds
    extent = f"{left},{top - (top - bottom) / 2},{left + (right - left) / 2},{top}"
    assert main([*command, extent, "--pan", pair["pan"], "--ms", pair["ms"]]) == EXIT_OK
    found = numbers(Quality(**pair, fused=fused), tmp_path)
    assert 0.75 < found["HQNR"] < 0.97
    assert 0.01 < found["D_lambda_K"] < 0.08
    assert found["consistency"]["Q2n"] > 0.98
    assert found["shift"] == pytest.approx((0, 0), abs=0.05)
    assert [band["resembles"] for band in found["bands"]] == [None] * 4
