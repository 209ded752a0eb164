# SPDX-License-Identifier: GPL-2.0-or-later
"""The demo: the synthetic pair is made once, QGIS runs as a child, scores and picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from fakes import use
from raising import raises_code
from rasterio.transform import from_bounds
from rasterio.warp import transform_bounds
from scenes import write

from core.fusion.tiled import sharpen
from core.methods.classical import Gsa
from core.methods.interface import Settings
from core.methods.registry import create
from core.pair.scene import Scene
from core.raster.window import Window
from core.raster.writer import Output
from tools import demo

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> demo.DemoPair:
    """A small synthetic pair."""
    return demo.synthetic_pair(tmp_path_factory.mktemp("demo") / "scene", 96)


def test_synthetic_scene_is_made_once_and_again_if_incomplete(tmp_path: Path) -> None:
    first = demo.synthetic_pair(tmp_path / "scene", 32)
    made = first.pan.stat().st_mtime_ns
    assert demo.synthetic_pair(tmp_path / "scene", 32) == first
    assert first.pan.stat().st_mtime_ns == made
    first.ms.unlink()
    assert demo.synthetic_pair(tmp_path / "scene", 32).ms.is_file()


def test_pan_without_ms_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main(["--pan", "pan.tif"]) == 2
    assert "MS" in capsys.readouterr().err


def test_scores_of_perfect_and_interpolated_image(pair: demo.DemoPair, tmp_path: Path) -> None:
    exp = demo.fuse_all(pair, ["exp"], tmp_path)["exp"]
    scores = demo.score({"perfect": pair.reference, "exp": exp}, pair.reference, 4.0)
    assert scores["perfect"] == pytest.approx((0, 0, 1), abs=1e-4)
    assert scores["exp"][0] > 1 and scores["exp"][1] > 1 and scores["exp"][2] < 0.95


def test_pixels_without_data_are_not_scored(tmp_path: Path) -> None:
    """A collar does not change the scores, and an image of nothing has none."""
    rng = np.random.default_rng(0)
    reference = rng.integers(100, 900, (4, 96, 96)).astype(np.uint16)
    image = (reference + rng.integers(0, 90, reference.shape)).astype(np.uint16)
    part = write(tmp_path / "i.tif", image[:, :64]), write(tmp_path / "r.tif", reference[:, :64])
    image[:, 64:] = 0
    reference[:, 64:] = 7
    holed = write(tmp_path / "h.tif", image, nodata=0), write(tmp_path / "w.tif", reference)
    expected, found = (demo.score({"it": made}, other, 4)["it"] for made, other in (part, holed))
    assert found == pytest.approx(expected)
    empty = write(tmp_path / "n.tif", np.full((4, 40, 40), np.nan, np.float32), nodata=np.nan)
    assert np.isnan(demo.score({"it": empty}, empty, 4)["it"]).all()


def test_table_names_best_classical_method() -> None:
    scores = {
        "ksdiff": (1.0, 2.0, 0.9), "exp": (4.0, 5.0, 0.5),
        "gsa": (2.0, 3.0, 0.8), "brovey": (1.5, 3.5, 0.7),
    }  # fmt: skip
    rows = demo.table(scores).splitlines()[1:]
    assert [row.split("  ")[0] for row in rows] == [
        "KSDiff", "best classical: GSA", "interpolation",
    ]  # fmt: skip
    assert rows[1].split()[-3:] == ["2.000", "3.000", "0.8000"]


def users_pair(folder: Path, crs: str) -> list[str]:
    """A user's pair whose MS is in `crs`, as arguments."""
    folder.mkdir()
    made = demo.synthetic_pair(folder / "made", 256)
    with rasterio.open(made.ms) as source:
        values = source.read()
    with rasterio.open(made.pan) as source:
        bounds = transform_bounds(source.crs, crs, *source.bounds)
    transform = from_bounds(*bounds, values.shape[2], values.shape[1])
    write(folder / "ms.tif", values, transform, crs)
    return ["--pan", str(made.pan), "--ms", str(folder / "ms.tif"), "--folder", str(folder / "it")]


@pytest.mark.parametrize("crs", ["of PAN", "EPSG:4326"])
def test_users_pair_is_scored_and_drawn(
    crs: str,
    pair: demo.DemoPair,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run_qgis(pair: demo.DemoPair, result: Path, profile: Path) -> None:
        with Scene.open(pair.pan, pair.ms) as scene:
            sharpen(scene, create("gsa", Settings(scene.ratio)), Output(path=result))

    monkeypatch.setattr(demo, "run_qgis", run_qgis)
    use(monkeypatch, {"ksdiff": Gsa})
    with rasterio.open(pair.pan) as source:
        own = source.crs.to_string()
    assert demo.main(users_pair(tmp_path / "own", own if crs == "of PAN" else crs)) == 0
    printed = capsys.readouterr().out
    assert "By Wald's protocol" in printed and "best classical" in printed
    with rasterio.open(tmp_path / "own" / "it" / "before_after.png") as picture:
        assert picture.read()[:, demo.BAR :].std() > 20


def test_qgis_gets_new_settings_and_no_foreign_python(tmp_path: Path) -> None:
    inherited = {"PYTHONHOME": "x", "PYTHONPATH": "y", "VIRTUAL_ENV": "z", "PATH": "/bin"}
    env = demo.qgis_environment(tmp_path / "profile", inherited)
    assert not {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"} & env.keys()
    assert env["PATH"] == "/bin"
    assert env["QGIS_CUSTOM_CONFIG_PATH"] == str(tmp_path / "profile")
    assert Path(env["XDG_RUNTIME_DIR"]).stat().st_mode & 0o777 == 0o700


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the path, for shell scripts as programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_broken_wrapper_of_qgis_process_is_not_used(
    pair: demo.DemoPair, programs: Path, tmp_path: Path
) -> None:
    program(programs / "qgis_process", "exit 127")
    script = 'for a; do case $a in --OUTPUT=*) echo made > "${a#--OUTPUT=}";; esac; done'
    program(programs / "qgis_process.bin", script)
    demo.run_qgis(pair, tmp_path / "out.tif", tmp_path / "profile")
    assert (tmp_path / "out.tif").read_text() == "made\n"


def test_failure_of_qgis_is_reported_and_leaves_no_old_result(
    pair: demo.DemoPair, programs: Path, tmp_path: Path
) -> None:
    script = 'case $1 in run) echo "There was an error: no worker" >&2; exit 1;; esac'
    program(programs / "qgis_process", script)
    old = tmp_path / "out.tif"
    old.write_text("of an earlier run")
    with raises_code("other") as caught:
        demo.run_qgis(pair, old, tmp_path / "profile")
    assert "no worker" in str(caught.value) and not old.exists()


def test_missing_qgis_is_an_error(programs: Path) -> None:
    with raises_code("other"):
        demo.find_qgis_process()


def test_picture_shows_part_of_a_large_scene(pair: demo.DemoPair, tmp_path: Path) -> None:
    made = demo.synthetic_pair(tmp_path / "scene", 512)
    result = demo.fuse_all(made, ["exp"], tmp_path)["exp"]
    window = demo.most_detailed_window(made, result)
    assert window.shape == (demo.CROP, demo.CROP)
    assert window.inside(Window(0, 0, 512, 512))


def test_picture_has_panels_side_by_side_with_white_holes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    image = rng.uniform(100, 900, (3, 96, 96)).astype(np.float32)
    image[:, 20:30, 40:50] = np.nan
    holed = write(tmp_path / "h.tif", image, nodata=np.nan)
    pan = write(tmp_path / "p.tif", rng.integers(100, 900, (1, 96, 96)).astype(np.uint16))
    target, wide = tmp_path / "picture.png", 96 * demo.ZOOM
    panels = [("one", holed), ("two", holed), ("PAN", pan)]
    demo.draw(target, panels, 2, Window(0, 0, 96, 96))
    with rasterio.open(target) as source:
        assert source.shape == (wide + demo.BAR, 3 * (wide + 4) - 4)
        picture = source.read()
    assert picture[:, : demo.BAR, :wide].min() < 100  # a caption in black on white
    one, two, grey = (picture[:, demo.BAR :, n * (wide + 4) :][..., :wide] for n in range(3))
    assert np.array_equal(one, two)
    assert np.array_equal(grey[0], grey[2]) and grey.std() > 20
    hole = np.kron(np.isnan(image[0]), np.ones((demo.ZOOM, demo.ZOOM))) > 0
    assert (one[:, hole] == 255).all()
    assert one[:, ~hole].std() > 40 and np.median(one[:, ~hole]) > 80


def test_small_dark_band_is_stretched_on_its_own(tmp_path: Path) -> None:
    """MS of one band, darker than PAN, is not black; a small panel has room for its caption."""
    rng = np.random.default_rng(0)
    dark = write(tmp_path / "ms.tif", rng.integers(50, 90, (1, 40, 40)).astype(np.uint16))
    pan = write(tmp_path / "pan.tif", rng.integers(500, 900, (1, 40, 40)).astype(np.uint16))
    target = tmp_path / "picture.png"
    demo.draw(target, [("MS", dark), ("KSDiff", dark), ("PAN", pan)], 2, Window(0, 0, 40, 40))
    with rasterio.open(target) as source:
        panels = np.array_split(source.read()[:, demo.BAR :], 3, axis=2)
        assert source.width >= 3 * demo.MIN_PANEL
    assert all(np.median(panel) > 80 for panel in panels)
