# SPDX-License-Identifier: GPL-2.0-or-later
"""The demo: the pair made once, QGIS run as a child, scores and picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from fakes import use
from rasterio.transform import from_bounds, from_origin
from rasterio.warp import transform_bounds

from core.errors import InputError
from core.fusion.tiled import sharpen
from core.methods.classical import Gsa
from core.methods.interface import Settings
from core.methods.registry import create
from core.pair.scene import Scene
from core.raster.writer import Output
from tools import demo


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> demo.Pair:
    """A small made pair."""
    return demo.made_pair(tmp_path_factory.mktemp("demo") / "scene", 96)


def program(folder: Path, name: str, script: str) -> None:
    """An executable shell script."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def write(path: Path, image: np.ndarray, names: tuple[str, ...] = (), **profile: object) -> Path:
    """A GeoTIFF of (C, H, W)."""
    with rasterio.open(
        path, "w", driver="GTiff", count=len(image), height=image.shape[1], width=image.shape[2],
        dtype=image.dtype, transform=from_origin(0, 0, 1, 1), **profile,
    ) as target:  # fmt: skip
        target.write(image)
        if names:
            target.descriptions = names
    return path


def test_the_scene_is_made_once(pair: demo.Pair, capsys: pytest.CaptureFixture[str]) -> None:
    made = pair.pan.stat().st_mtime_ns
    again = demo.made_pair(pair.pan.parent, 96)
    assert again == pair
    assert pair.pan.stat().st_mtime_ns == made
    assert capsys.readouterr().out == ""


def test_a_scene_left_half_made_is_made_again(tmp_path: Path) -> None:
    first = demo.made_pair(tmp_path / "scene", 32)
    first.ms.unlink()
    assert demo.made_pair(tmp_path / "scene", 32).ms.is_file()


def test_one_file_of_a_pair_is_not_a_pair(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main(["--pan", "pan.tif"]) == 2
    assert "both" in capsys.readouterr().err


def test_perfect_result_scores_perfectly_and_interpolation_worse(
    pair: demo.Pair, tmp_path: Path
) -> None:
    exp = demo.fuse_all(pair, ["exp"], tmp_path)["exp"]
    scores = demo.score({"perfect": pair.truth, "exp": exp}, pair.truth, 4.0)
    assert scores["perfect"][:2] == pytest.approx((0, 0), abs=1e-4)
    assert scores["perfect"][2] == pytest.approx(1, abs=1e-6)
    assert scores["exp"][0] > 1 and scores["exp"][1] > 1 and scores["exp"][2] < 0.95


def test_pixels_without_data_are_not_scored(tmp_path: Path) -> None:
    """A collar and holes change no score: it is that of the part that has data."""
    rng = np.random.default_rng(0)
    truth = rng.integers(100, 900, (4, 96, 96)).astype(np.uint16)
    image = (truth + rng.integers(0, 90, truth.shape)).astype(np.uint16)
    whole = demo.score(
        {"it": write(tmp_path / "i.tif", image[:, :64])},
        write(tmp_path / "t.tif", truth[:, :64]),
        4,
    )
    image[:, 64:] = 0
    holed = write(tmp_path / "h.tif", image, nodata=0)
    truth[:, 64:] = 7  # what a truth holds where the image has nothing is of no matter
    assert demo.score({"it": holed}, write(tmp_path / "u.tif", truth), 4)["it"] == pytest.approx(
        whole["it"]
    )


def test_reflectance_is_scored_as_the_same_image_in_dn(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(100, 900, (4, 64, 64)).astype(np.float64)
    images = {"t": truth, "i": truth + rng.integers(0, 90, truth.shape)}
    found = []
    for name, factor in (("dn", 1.0), ("reflectance", 1e-4)):
        paths = {k: write(tmp_path / f"{name}_{k}.tif", factor * i) for k, i in images.items()}
        found.append(demo.score({"it": paths["i"]}, paths["t"], 4)["it"])
    assert found[1] == pytest.approx(found[0])


def test_scores_of_nothing_are_no_number(tmp_path: Path) -> None:
    nothing = write(tmp_path / "n.tif", np.full((4, 40, 40), np.nan, np.float32), nodata=np.nan)
    assert np.isnan(demo.score({"it": nothing}, nothing, 4)["it"]).all()


def test_table_names_the_best_classical_method() -> None:
    scores = {
        "ksdiff": (1.0, 2.0, 0.9), "exp": (4.0, 5.0, 0.5),
        "gsa": (2.0, 3.0, 0.8), "brovey": (1.5, 3.5, 0.7),
    }  # fmt: skip
    lines = demo.table(scores).splitlines()
    assert [line.split("  ")[0] for line in lines[1:]] == [
        "KSDiff", "best classical: GSA", "interpolation",
    ]  # fmt: skip
    assert lines[2].split()[-3:] == ["2.000", "3.000", "0.8000"]


def own_pair(folder: Path, crs: str) -> list[str]:
    """A user's pair with MS said to be in `crs`, as arguments."""
    folder.mkdir()
    made = demo.made_pair(folder / "made", 256)
    with rasterio.open(made.ms) as source:
        values, transform = source.read(), source.transform
    with rasterio.open(made.pan) as source:
        bounds = transform_bounds(source.crs, crs, *source.bounds)
    transform = from_bounds(*bounds, values.shape[2], values.shape[1])
    with rasterio.open(
        folder / "ms.tif", "w", driver="GTiff", count=len(values), height=values.shape[1],
        width=values.shape[2], dtype=values.dtype, transform=transform, crs=crs,
    ) as target:  # fmt: skip
        target.write(values)
    return ["--pan", str(made.pan), "--ms", str(folder / "ms.tif"), "--folder", str(folder / "it")]


@pytest.mark.parametrize("other", [False, True])
def test_a_pair_of_ones_own_is_scored_and_pictured(
    other: bool,
    pair: demo.Pair,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether MS has the CRS of PAN or another one."""

    def run_qgis(pair: demo.Pair, result: Path, profile: Path) -> None:
        with Scene.open(pair.pan, pair.ms) as scene:
            sharpen(scene, create("gsa", Settings(scene.ratio)), Output(path=result))

    with rasterio.open(pair.pan) as source:
        crs = source.crs.to_string()
    monkeypatch.setattr(demo, "run_qgis", run_qgis)
    use(monkeypatch, {"ksdiff": Gsa})
    words = own_pair(tmp_path / "own", "EPSG:4326" if other else crs)
    assert demo.main(words) == 0
    printed = capsys.readouterr().out
    assert "By Wald's protocol" in printed
    assert "best classical" in printed
    with rasterio.open(tmp_path / "own" / "it" / "before_after.png") as picture:
        assert picture.read()[:, demo.BAR :].std() > 20


def test_qgis_gets_settings_of_its_own_and_no_foreign_python(tmp_path: Path) -> None:
    inherited = {"PYTHONHOME": "x", "PYTHONPATH": "y", "VIRTUAL_ENV": "z", "PATH": "/bin"}
    env = demo.qgis_environment(tmp_path / "profile", inherited)
    assert not {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"} & env.keys()
    assert env["PATH"] == "/bin"
    assert env["QGIS_CUSTOM_CONFIG_PATH"] == str(tmp_path / "profile")
    assert Path(env["XDG_RUNTIME_DIR"]).stat().st_mode & 0o777 == 0o700


def test_a_broken_wrapper_is_passed_over(
    pair: demo.Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin", "qgis_process", "exit 127")
    program(
        tmp_path / "bin",
        "qgis_process.bin",
        'for a; do case $a in --OUTPUT=*) echo made > "${a#--OUTPUT=}";; esac; done',
    )
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    demo.run_qgis(pair, tmp_path / "out.tif", tmp_path / "profile")
    assert (tmp_path / "out.tif").read_text() == "made\n"


def test_what_qgis_says_about_a_failure_is_passed_on(
    pair: demo.Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = 'case $1 in run) echo "There was an error: no worker" >&2; exit 1;; esac'
    program(tmp_path / "bin", "qgis_process", script)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    stale = tmp_path / "out.tif"
    stale.write_text("of an earlier run")
    with pytest.raises(InputError, match="no worker"):
        demo.run_qgis(pair, stale, tmp_path / "profile")
    assert not stale.exists()


def test_without_qgis_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="make env"):
        demo.find_qgis_process()


def test_the_picture_shows_the_liveliest_part(tmp_path: Path) -> None:
    pan = np.full((1, 400, 600), 100, np.uint16)
    pan[0, 300:360, 450:520] = np.random.default_rng(0).integers(0, 999, (60, 70))
    window = demo.liveliest([write(tmp_path / "pan.tif", pan)], 128)
    assert (window.height, window.width) == (128, 128)
    assert window.row_off <= 300 and window.row_off + 128 >= 360
    assert window.col_off <= 450 and window.col_off + 128 >= 520
    assert window.row_off + 128 <= 400 and window.col_off + 128 <= 600


def test_the_picture_shows_no_collar(tmp_path: Path) -> None:
    """The step from a collar to the image is no detail, nor is what another panel lacks."""
    rng = np.random.default_rng(0)
    pan = np.full((1, 400, 600), 9000, np.uint16) + rng.integers(0, 20, (400, 600)).astype(
        np.uint16
    )
    pan[:, :, :200] = 0
    pan[:, :100] += rng.integers(0, 99, (100, 600)).astype(np.uint16)
    pan[:, :, :200] = 0
    ms = np.full((3, 400, 600), 500, np.uint16)
    ms[:, :120] = 0
    files = [write(tmp_path / f"{k}.tif", image, nodata=0) for k, image in enumerate((ms, pan))]
    window = demo.liveliest(files, 128)
    assert window.col_off >= 200 and window.row_off >= 120


def test_holes_are_white_and_the_rest_is_not_black(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    image = rng.uniform(100, 900, (3, 96, 96)).astype(np.float32)
    image[:, 20:30, 40:50] = np.nan
    holed = write(tmp_path / "h.tif", image, nodata=np.nan)
    target = tmp_path / "picture.png"
    demo.draw(target, [("one", holed), ("two", holed)], 2)
    with rasterio.open(target) as source:
        panel = source.read()[:, demo.BAR :, : 96 * demo.ZOOM]
    hole = np.kron(np.isnan(image[0]), np.ones((demo.ZOOM, demo.ZOOM))) > 0
    assert (panel[:, hole] == 255).all()
    assert panel[:, ~hole].std() > 40 and np.median(panel[:, ~hole]) > 80


def test_picture_has_the_panels_side_by_side(pair: demo.Pair, tmp_path: Path) -> None:
    target = tmp_path / "picture.png"
    demo.draw(target, [("one", pair.truth), ("two", pair.truth), ("PAN", pair.pan)], 2)
    with rasterio.open(target) as source:
        assert source.shape == (96 * demo.ZOOM + demo.BAR, 3 * (96 * demo.ZOOM + 4) - 4)
        image = source.read()
    wide = 96 * demo.ZOOM
    one, two = image[:, demo.BAR :, :wide], image[:, demo.BAR :, wide + 4 : 2 * wide + 4]
    assert np.array_equal(one, two)
    grey = image[:, demo.BAR :, 2 * wide + 8 :]
    assert np.array_equal(grey[0], grey[2]) and grey.std() > 20
    assert image[:, : demo.BAR, :wide].min() < 100  # a caption in black on white


def test_a_single_band_is_not_shown_in_the_tones_of_pan(tmp_path: Path) -> None:
    """MS of one band, darker than PAN, is not black; and small panels have room for a caption."""
    rng = np.random.default_rng(0)
    dark = write(tmp_path / "ms.tif", rng.integers(50, 90, (1, 40, 40)).astype(np.uint16))
    pan = write(tmp_path / "pan.tif", rng.integers(500, 900, (1, 40, 40)).astype(np.uint16))
    target = tmp_path / "picture.png"
    demo.draw(target, [("MS", dark), ("KSDiff", dark), ("PAN", pan)], 2)
    with rasterio.open(target) as source:
        panels = np.array_split(source.read()[:, demo.BAR :], 3, axis=2)
        assert source.width >= 3 * demo.LEAST
    assert all(np.median(panel) > 80 for panel in panels)
