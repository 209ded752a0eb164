# SPDX-License-Identifier: GPL-2.0-or-later
"""MS bands sharpened by fine bands instead of a PAN, as with Sentinel-2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Watched, perform
from raising import raises_code
from raster_files import edited, read, single_bands
from rasterio.enums import ColorInterp

from core.errors import Cancelled
from core.pair.pan_of_bands import mixed_raster, weights_from
from core.requests.scenes import Pansharpen
from core.synthetic.pairs import write_pair


@pytest.fixture(scope="module")
def bands(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, np.ndarray]:
    """Four fine bands, four other coarse ones of the same ground, and these as they are."""
    folder = tmp_path_factory.mktemp("bands")
    _, ms, reference = write_pair(folder, 384, 8, 3)
    fine = edited(reference, lambda values: values[:4], folder / "fine.tif", nodata=0)
    return fine, ms, read(reference)[4:]


def sharpen(fine: Path, ms: Path, out: Path, **more: Any) -> dict[str, Any]:
    asked = Pansharpen(
        pan=str(fine), ms=str(ms), out=str(out), ms_bands=(5, 6, 7, 8), adapt=0.0,
        pan_from_bands=True, **{"method": "scene-fit", **more},
    )  # fmt: skip
    return perform(asked)


def test_fine_bands_may_be_files_of_their_own(
    bands: tuple[Path, Path, np.ndarray], tmp_path: Path
) -> None:
    fine, ms, _ = bands
    images = []
    for number, pan in enumerate((str(fine), single_bands(fine, "B{:02d}.tif"))):
        out = str(tmp_path / f"{number}.tif")
        perform(Pansharpen(pan, str(ms), out, ms_bands=(5, 6), method="gsa", pan_from_bands=True))
        images.append(read(out))
    np.testing.assert_array_equal(*images)


def test_fine_bands_sharpen_the_others(
    bands: tuple[Path, Path, np.ndarray], tmp_path: Path
) -> None:
    fine, ms, truth = bands
    errors = []
    for method in ("exp", "scene-fit"):
        out = tmp_path / f"{method}.tif"
        done = sharpen(fine, ms, out, method=method)
        with rasterio.open(out) as file:
            image = file.read().astype(float)
            assert (file.count, file.dtypes[0], done["bands"]) == (4, "uint16", 4)
        errors.append(np.sqrt(np.mean((image - truth)[:, 16:-16, 16:-16] ** 2)))
    assert errors[1] < 0.85 * errors[0]
    assert {each.name for each in tmp_path.iterdir()} == {"exp.tif", "scene-fit.tif"}


@pytest.mark.parametrize("by", ["value", "mask", "alpha"])
def test_a_pixel_without_data_in_a_fine_band_has_none_in_the_result(
    bands: tuple[Path, Path, np.ndarray], tmp_path: Path, by: str
) -> None:
    fine, ms, _ = bands
    holed = tmp_path / "holed.tif"
    with rasterio.open(fine) as file:
        profile, values = file.profile, file.read()
    hole = np.s_[100:120, 200:230]
    seen = np.full(values.shape[1:], 65535, np.uint16)
    seen[hole] = 0
    profile.update({} if by == "value" else {"nodata": None})
    profile.update({"count": 5, "alpha": "yes"} if by == "alpha" else {})
    if by == "value":
        values[(2, *hole)] = 0
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(holed, "w", **profile) as file,
    ):
        file.write(values, [1, 2, 3, 4])
        if by == "mask":
            file.write_mask(seen > 0)
        if by == "alpha":
            file.write(seen, 5)
            file.colorinterp = [ColorInterp.gray, *[ColorInterp.undefined] * 3, ColorInterp.alpha]
    sharpen(holed, ms, tmp_path / "o.tif", method="exp")
    with rasterio.open(tmp_path / "o.tif") as file:
        valid = file.read_masks(1) > 0
    assert not valid[hole].any()
    assert valid.sum() == valid.size - 20 * 30


def test_the_file_tells_how_it_was_made_and_the_summary_counts_all_bands(
    bands: tuple[Path, Path, np.ndarray], tmp_path: Path
) -> None:
    done = sharpen(*bands[:2], tmp_path / "o.tif", method="gsa-bp", tile=256)
    assert (done["method"], done["tiles"]) == ("gsa-bp", 16)
    with rasterio.open(tmp_path / "o.tif") as file:
        tags = file.tags()
    told = {key: tags[f"KSDIFF_{key}"] for key in ("METHOD", "BACK_PROJECTION", "PAN", "PAN_BANDS")}
    assert told == {
        "METHOD": "gsa-bp",
        "BACK_PROJECTION": "3",
        "PAN": "fine.tif",
        "PAN_BANDS": "1, 2, 3, 4",
    }


def test_a_cancelled_run_leaves_what_was_there(
    bands: tuple[Path, Path, np.ndarray], tmp_path: Path
) -> None:
    """Cancelled in the third of four bands."""
    out = tmp_path / "o.tif"
    out.write_bytes(b"before")
    asked = Pansharpen(
        pan=str(bands[0]), ms=str(bands[1]), out=str(out), ms_bands=(5, 6, 7, 8), method="exp",
        pan_from_bands=True,
    )  # fmt: skip
    with pytest.raises(Cancelled):
        perform(asked, Watched(0.6))
    assert [each.name for each in tmp_path.iterdir()] == ["o.tif"]
    assert out.read_bytes() == b"before"


def test_weights_are_those_of_the_mixture() -> None:
    draw = np.random.default_rng(1)
    fine = draw.normal(size=(3, 5000))
    fine[1] += fine[0]  # bands that resemble each other
    mixed = np.array([[0.5, 0.0, 2.0], [0.0, 1.0, 0.25]]) @ fine
    unseen = -fine[:1] - fine[2:]
    cov = np.cov(np.concatenate([fine, mixed, unseen]))
    np.testing.assert_allclose(
        weights_from(cov, 3), [[0.5, 0, 2], [0, 1, 0.25], [1 / 3] * 3], atol=1e-6
    )


def test_the_mixed_raster_is_the_weighted_sum(bands: tuple[Path, Path, np.ndarray]) -> None:
    weights = np.array([0.25, 0.0, 1.5, 0.5])
    with rasterio.open(bands[0]) as fine:
        expected = np.tensordot(weights, fine.read(), 1)
        crs, transform = fine.crs, fine.transform
    with rasterio.open(mixed_raster(str(bands[0]), [1, 2, 3, 4], weights, None)) as mixed:
        np.testing.assert_allclose(mixed.read(1), expected, rtol=1e-5)
        assert (mixed.crs, mixed.transform) == (crs, transform)


def test_what_has_no_meaning_for_several_pans_is_refused(
    bands: tuple[Path, Path, np.ndarray], tmp_path: Path
) -> None:
    fine, ms, _ = bands
    with raises_code("pan-of-bands-without", option="pan-band"):
        sharpen(fine, ms, tmp_path / "o.tif", pan_band=1)
    with raises_code("pan-of-bands-not-possible", bands=1):
        sharpen(ms.with_name("pan.tif"), ms, tmp_path / "o.tif")
