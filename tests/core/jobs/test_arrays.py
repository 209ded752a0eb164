# SPDX-License-Identifier: GPL-2.0-or-later
"""Arrays of xarray are sharpened chunk by chunk, to the bytes of one machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import write_holed
from made_jobs import TILE, Made
from raising import raises_code

from core.errors import EnvironmentFault, InputError
from core.jobs.arrays import sharpen

rioxarray = pytest.importorskip("rioxarray")


def opened(path: str | Path, **more: Any) -> Any:
    return rioxarray.open_rasterio(path, **more)


def test_the_chunks_are_parts_of_a_job(drawn: tuple[str, str], tmp_path: Path) -> None:
    chunked = {"x": 100, "y": 60}
    pan, ms = (opened(path, chunks=chunked) for path in drawn)
    job = tmp_path / "job"
    lazy = sharpen(pan, ms, job=job, chunk=128, method="scene-fit", tile=TILE)
    assert lazy.chunks == ((4,), (128, 128, 64), (128, 128, 64))
    assert not list(job.rglob("parts/*.json")), "no pixel is made before it is asked for"
    corner = lazy.isel(x=slice(0, 100), y=slice(0, 100)).compute()
    assert len(list(job.rglob("parts/*.json"))) == 1
    with rasterio.open(Made(drawn, tmp_path, method="scene-fit").alone()) as alone:
        expected = alone.read()
        assert np.array_equal(corner.values, expected[:, :100, :100])
        assert np.array_equal(lazy.compute().values, expected)
        assert lazy.dtype == alone.dtypes[0]
        assert lazy.rio.crs == alone.crs
        assert lazy.rio.transform(recalc=True).almost_equals(alone.transform)
        assert lazy.attrs["long_name"] == alone.descriptions


def test_values_are_those_of_the_arrays_and_not_of_their_files(
    drawn: tuple[str, str], tmp_path: Path
) -> None:
    pan, ms = (opened(path).astype("float32") for path in drawn)
    plain = sharpen(pan, ms, method="exp", tile=TILE)
    doubled = sharpen(pan, 2 * ms, method="exp", tile=TILE)
    assert np.allclose(doubled.values, 2 * plain.values)


def test_missing_data_stays_missing(drawn: tuple[str, str], tmp_path: Path) -> None:
    ms = write_holed(tmp_path / "ms.tif", Path(drawn[1]), slice(0, 20), slice(0, 20))
    made = sharpen(opened(drawn[0]), opened(ms), method="gsa", tile=TILE)
    assert made.rio.nodata == 65535
    values = made.values
    assert (values[:, :70, :70] == 65535).all() and (values[:, 100:, 100:] != 65535).all()
    masked = sharpen(opened(drawn[0]), opened(ms, masked=True), method="gsa", tile=TILE)
    assert np.array_equal(np.isnan(masked.values) | (masked.values == 65535), values == 65535)


def test_what_is_no_setting_is_refused(drawn: tuple[str, str]) -> None:
    pan, ms = map(opened, drawn)
    with raises_code("settings-unknown", InputError, settings="colour, out"):
        sharpen(pan, ms, out="x", colour=1)


def test_without_xarray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rioxarray", None)
    with raises_code("cluster-needs-package", EnvironmentFault, package="rioxarray"):
        sharpen(None, None)  # type: ignore[arg-type]
