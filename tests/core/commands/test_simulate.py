# SPDX-License-Identifier: GPL-2.0-or-later
"""`simulate`: the files are Wald's protocol on the grid they state, or there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import Watched, perform, write_pair
from raising import raises_code
from raster_files import read
from scenes import write
from toolbox import reduce_pair

from core.__main__ import main
from core.errors import Cancelled
from core.imaging.degrade import Phase
from core.pair.scene import Scene
from core.raster.geotiff import no_space
from core.requests.scenes import Simulate
from core.sensors import sensor, sensor_of
from core.worker.protocol import EXIT_ERROR, EXIT_OK

NAMES = ("pan.tif", "ms.tif", "reference.tif")


BANDS = ("blue", "green", "red")


@pytest.fixture
def images() -> tuple[np.ndarray, np.ndarray]:
    """PAN (256, 192) and MS (3, 64, 48) of noise, in which every sample matters."""
    rng = np.random.default_rng(11)
    pan, ms = rng.integers(1, 2047, (256, 192)), rng.integers(1, 2047, (3, 64, 48))
    return pan.astype(np.uint16), ms.astype(np.uint16)


@pytest.fixture
def pair(images: tuple[np.ndarray, np.ndarray], tmp_path: Path) -> tuple[str, str]:
    """The same as files of ratio 4 whose corners agree."""
    pan = write(tmp_path / "p.tif", images[0][None], Affine(0.5, 0, 500_000, 0, -0.5, 5_000_000))
    ms = write(tmp_path / "m.tif", images[1], Affine(2, 0, 500_000, 0, -2, 5_000_000), names=BANDS)
    return str(pan), str(ms)


def request_for(pair: tuple[str, str], folder: Path, **more: Any) -> Simulate:
    """What QGIS would ask for."""
    outputs = (str(folder / name) for name in NAMES)
    return Simulate(*pair, *outputs, **more)


@pytest.mark.parametrize("phase", ["product", "benchmark"])
@pytest.mark.parametrize("ratio", [None, 2])
@pytest.mark.parametrize("tile", [512, 24])
def test_files_equal_the_protocol_on_arrays(
    pair: tuple[str, str],
    images: tuple[np.ndarray, np.ndarray],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    phase: Phase,
    ratio: int | None,
    tile: int,
) -> None:
    """Through windows of any size, with the sensor's MTF."""
    monkeypatch.setattr("core.pair.reduced_files.TILE", tile)
    done = perform(request_for(pair, tmp_path, sensor="quickbird", phase=phase, ratio=ratio))
    gains = sensor("quickbird").gains(["blue", "green", "red"])
    pan, coarse, truth = reduce_pair(*images, gains, 4, phase)
    if ratio == 2:  # PAN is seen at MS resolution all the same
        halved = np.repeat(np.repeat(images[1], 2, axis=1), 2, axis=2)
        coarse = reduce_pair(halved[0], images[1], gains, 2, phase)[1]
    np.testing.assert_allclose(read(done["out_pan"])[0], pan, rtol=1e-5)
    np.testing.assert_allclose(read(done["out_ms"]), coarse, rtol=1e-5)
    np.testing.assert_array_equal(read(done["out_reference"]), truth)
    facts = {key: done[key] for key in ("ratio", "height", "width", "bands", "sensor")}
    expected = {"ratio": ratio or 4, "height": 64, "width": 48, "bands": 3, "sensor": "QuickBird"}
    assert facts == expected
    assert done["seconds"] >= 0


@pytest.mark.parametrize("phase", ["product", "benchmark"])
@pytest.mark.parametrize(("ratio", "shift"), [(4, 0.0), (2, 0.0), (2, 0.5), (4, 1.0)])
def test_spot_keeps_its_place_on_the_map(
    tmp_path: Path, phase: Phase, ratio: int, shift: float
) -> None:
    """A blob of known place, whatever the phase and the registration of the two grids."""
    size, centre = 64, (37.3, 27.9)  # in MS px from the corner of MS
    rows = (np.arange(size * ratio) + 0.5 - shift) / ratio, np.arange(size) + 0.5
    blobs = []
    for at in rows:
        y, x = (np.exp(-((at - c) ** 2) / (2 * 6.0**2)) for c in centre)
        blobs.append((1000 * np.outer(y, x)).astype(np.float32))
    pan = write(tmp_path / "p.tif", blobs[0][None], Affine(1, 0, -shift, 0, -1, shift))
    ms = write(tmp_path / "m.tif", blobs[1][None], Affine(ratio, 0, 0, 0, -ratio, 0))
    perform(request_for((str(pan), str(ms)), tmp_path, phase=phase))
    for name in NAMES:
        with rasterio.open(tmp_path / name) as dataset:
            image, transform = np.nan_to_num(dataset.read(1)), dataset.transform
        y, x = np.mgrid[: image.shape[0], : image.shape[1]] + 0.5
        at = [(image * each).sum() / image.sum() for each in (x, y)]
        found = transform * at
        place = ratio * centre[1], -ratio * centre[0]
        np.testing.assert_allclose(found, place, atol=0.06 * ratio, err_msg=name)
    with rasterio.open(tmp_path / "ms.tif") as coarse, rasterio.open(tmp_path / "pan.tif") as fine:
        corner = ~fine.transform * (coarse.transform * (0, 0))
    assert corner == pytest.approx((0.5 if phase == "benchmark" else 0,) * 2, abs=1e-9)


@pytest.mark.parametrize("name", ["half_pixel_offset", "non_integer_ratio", "float_ms"])
def test_real_grids_that_do_not_nest(shared_data: Path, tmp_path: Path, name: str) -> None:
    """The truth is MS as it is, and the reduced pair opens on its grid and looks like it."""
    folder = shared_data / "edge" / name
    pair = str(folder / "pan.tif"), str(folder / "ms.tif")
    done = perform(request_for(pair, tmp_path))
    with Scene.open(*pair) as full, rasterio.open(done["out_reference"]) as reference:
        truth, grid = reference.read(), reference.transform
        expected = full.read_reduced(full.ms_grid)
        names = full.band_names
        assert grid.almost_equals(full.ms_grid_transform)
        assert (reference.crs, reference.descriptions) == (full.crs, names)
    valid = np.isfinite(truth).all(axis=0)
    assert (valid == expected.valid).all()
    np.testing.assert_allclose(truth[:, valid], expected.ms[:, valid], rtol=1e-6)
    with Scene.open(done["out_pan"], done["out_ms"]) as reduced:
        assert reduced.ratio == pytest.approx(2)
        assert reduced.transform.almost_equals(grid)
        patch = reduced.read(reduced.whole)
    inner = patch.valid & valid
    inner[:2], inner[-2:], inner[:, :2], inner[:, -2:] = False, False, False, False
    for lms, band in zip(patch.lms, truth, strict=True):
        alike = {
            (dy, dx): np.corrcoef(np.roll(lms, (dy, dx), (0, 1))[inner], band[inner])[0, 1]
            for dy in (-1, 0, 1)
            for dx in (-1, 0, 1)
        }
        assert max(alike, key=lambda step: alike[step]) == (0, 0)
        assert alike[0, 0] > 0.85


def test_pan_band_ms_bands_and_nodata(
    images: tuple[np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    pan, ms = images
    ms[:, 20:30, 10:20] = 3000
    pan_path = write(tmp_path / "p.tif", np.stack([pan // 2, pan]), Affine(1, 0, 8, 0, -1, 8))
    ms_path = write(tmp_path / "m.tif", ms, Affine(4, 0, 8, 0, -4, 8), names=BANDS)
    request = request_for(
        (str(pan_path), str(ms_path)), tmp_path, pan_band=2, ms_bands=(3, 1), nodata=3000
    )
    done = perform(request)
    truth = read(done["out_reference"])
    hole = np.isnan(truth).any(axis=0)
    assert hole[20:30, 10:20].all()
    assert hole.sum() == 100
    np.testing.assert_array_equal(truth[:, ~hole], ms[[2, 0]][:, ~hole])
    with rasterio.open(done["out_ms"]) as dataset:
        assert np.nanmax(dataset.read()) < 2100  # nothing of the hole's 3000
        assert dataset.descriptions == ("red", "blue")
        assert np.isnan(dataset.nodata)
    expected = reduce_pair(pan, ms, (0.3,) * 3, 4)[0]
    seen = read(done["out_pan"])[0]
    np.testing.assert_allclose(seen[~hole], expected[~hole], rtol=1e-5)


def test_old_files_in_three_folders_are_replaced(pair: tuple[str, str], tmp_path: Path) -> None:
    outputs = []
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        outputs.append(tmp_path / name / "same.tif")
        outputs[-1].write_text("old")
        (tmp_path / name / "same.tif.aux.xml").write_text("statistics of the old one")
    done = perform(Simulate(*pair, *map(str, outputs)))
    assert [done[key] for key in ("out_pan", "out_ms", "out_reference")] == list(map(str, outputs))
    assert [read(path).shape for path in outputs] == [(1, 64, 48), (3, 16, 12), (3, 64, 48)]
    for path in outputs:
        assert list(path.parent.iterdir()) == [path]


def left(folder: Path) -> dict[str, str]:
    """Files in a folder, hidden ones too, and the text of those that were there before."""
    inputs = ("p.tif", "m.tif")
    return {path.name: path.read_text() for path in folder.iterdir() if path.name not in inputs}


@pytest.mark.parametrize("when", [0.0, 0.5, 0.9])
def test_cancel_leaves_old_files(pair: tuple[str, str], tmp_path: Path, when: float) -> None:
    (tmp_path / "ms.tif").write_text("old")
    with pytest.raises(Cancelled):
        perform(request_for(pair, tmp_path), Watched(when * 0.6))
    assert left(tmp_path) == {"ms.tif": "old"}


@pytest.mark.parametrize("incomplete", [False, True])
def test_failure_leaves_old_files(
    pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, incomplete: bool
) -> None:
    """Also when the disk fills while GDAL's threads compress, which is seen in the file alone."""
    (tmp_path / "pan.tif").write_text("old")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    def short(made: Path, target: Path) -> None:
        if target.name == "ms.tif":
            raise no_space(target)

    place, code = "core.pair.reduced.ReducedScene.read_ms_grid", "reduced-pair-not-written"
    if incomplete:
        place, code = "core.raster.writer.check_complete", "disk-full"
    monkeypatch.setattr(place, short if incomplete else full)
    with raises_code(code):
        perform(request_for(pair, tmp_path))
    assert left(tmp_path) == {"pan.tif": "old"}


def test_wrong_request_writes_nothing(pair: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for more, code in (
        ({"ratio": 1}, "ratio-below-two"),
        ({"phase": "full moon"}, "unknown-phase"),
        ({"sensor": "Sputnik"}, "unknown-sensor"),
        ({"ms_bands": (1, 9)}, "no-such-band"),
    ):
        with raises_code(code):
            perform(request_for(pair, tmp_path / "out", **more))
        assert list((tmp_path / "out").iterdir()) == []


def test_command_line(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "folder"
    words = ["simulate", "--pan", pair[0], "--ms", pair[1], "--out", str(folder)]
    assert main([*words, "--ms-bands", "2,1", "--ratio", "2", "--phase", "benchmark"]) == EXIT_OK
    printed = capsys.readouterr().out
    for told in (str(folder), *NAMES, "48 x 64", "2 bands", "ratio 2", "Generic"):
        assert told in printed
    assert {path.name for path in folder.iterdir()} == set(NAMES)
    with Scene.open(folder / "pan.tif", folder / "ms.tif") as scene:
        assert (scene.bands, scene.ratio, scene.phase_yx) == (2, 2, (1, 1))
    other = tmp_path / "other"
    wrong = ["simulate", "--pan", pair[0], "--ms", str(tmp_path / "none.tif"), "--out", str(other)]
    assert main(wrong) == EXIT_ERROR
    assert "none.tif" in capsys.readouterr().err
    assert not other.exists()


def test_reduced_pair_keeps_its_sensor(tmp_path: Path) -> None:
    """As it was known of the pair, so that what assesses or sharpens it has its MTF."""
    pan, ms = write_pair(tmp_path)
    line = ["simulate", "--pan", str(pan), "--ms", str(ms), "--out", str(tmp_path / "out")]
    (tmp_path / "out").mkdir()
    assert main([*line, "--sensor", "wv2"]) == 0
    with Scene.open(tmp_path / "out" / "pan.tif", tmp_path / "out" / "ms.tif") as scene:
        assert sensor_of("auto", *scene.rasters).key == "worldview2"
