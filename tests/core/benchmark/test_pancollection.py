# SPDX-License-Identifier: GPL-2.0-or-later
"""The reader of PanCollection files, on small ones written in each of their formats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import scipy.io
from raising import raises_code
from samples import SIZE, sample, write_h5, write_mat, write_mat_73

from core.benchmark import pancollection
from core.benchmark.pancollection import PanCollectionSample, SampleFile
from core.imaging.resample import interpolate
from core.pair.scene import Scene


def assert_same(read: PanCollectionSample, written: PanCollectionSample) -> None:
    for key in ("ms", "lms", "pan", "gt"):
        np.testing.assert_array_equal(getattr(read, key), getattr(written, key))
    assert read.ms.dtype == read.lms.dtype == read.pan.dtype == np.float64


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("pan_axes", [3, 4])
def test_samples_of_h5(tmp_path: Path, full: bool, pan_axes: int) -> None:
    samples = [sample(number, full=full) for number in range(3)]
    file = SampleFile.open(write_h5(tmp_path / "test_qb_multiExm1.h5", samples, pan_axes))
    assert (file.count, file.bands, file.height, file.width) == (3, 4, SIZE, SIZE)
    assert (file.ratio, file.full, file.card.key, file.card.peak) == (4, full, "quickbird", 2047)
    for number in (2, 0):
        assert_same(file.read(number), samples[number])
    with pytest.raises(IndexError):
        file.read(3)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("write", [write_mat, write_mat_73])
def test_sample_of_mat(tmp_path: Path, full: bool, write: Any) -> None:
    written = sample(1, full=full)
    file = SampleFile.open(write(tmp_path / "Test(HxWxC)_gf2_data7.mat", written))
    assert (file.count, file.bands, file.ratio, file.full) == (1, 4, 4, full)
    assert (file.card.key, file.card.peak) == ("gaofen2", 1023)
    assert_same(file.read(0), written)


@pytest.mark.parametrize(
    ("name", "bands", "key", "peak"),
    [
        ("test_wv3_OrigScale_multiExm1", 8, "worldview3", 2047),
        ("test_wv2_multiExm1", 8, "worldview2", 2047),
        ("test_qb_OrigScale_multiExm1", 4, "quickbird", 2047),
        ("test_gf2_multiExm1", 4, "gaofen2", 1023),
    ],
)
def test_sensor_is_recognised_by_file_name(
    tmp_path: Path, name: str, bands: int, key: str, peak: int
) -> None:
    file = SampleFile.open(write_h5(tmp_path / f"{name}.h5", [sample(0, bands)]))
    assert (file.card.key, file.card.peak, len(file.band_names)) == (key, peak, bands)
    assert file.band_names[0] == {4: "blue", 8: "coastal"}[bands]


def test_sensor_can_be_given(tmp_path: Path) -> None:
    path = write_h5(tmp_path / "mine.h5", [sample(0)])
    with raises_code("pancollection-sensor-unknown"):
        SampleFile.open(path)
    assert SampleFile.open(path, "GF2").card.peak == 1023
    assert SampleFile.open(path, "generic").band_names == (None,) * 4
    with raises_code("pancollection-band-count", bands=4, model="WorldView-3", model_bands=8):
        SampleFile.open(path, "wv3")


def test_one_sample_is_read_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening reads no pixel, reading a sample reads that one, and the file is closed again."""
    path = write_h5(tmp_path / "test_qb_multiExm1.h5", [sample(n) for n in range(4)])
    asked: list[tuple[str, Any]] = []
    real = h5py.Dataset.__getitem__

    def counting(self: h5py.Dataset, part: Any, *more: Any) -> Any:
        asked.append((self.name, part))
        return real(self, part, *more)

    monkeypatch.setattr(h5py.Dataset, "__getitem__", counting)
    file = SampleFile.open(path)
    assert asked == []
    file.read(2)
    assert sorted(asked) == [("/gt", 2), ("/lms", 2), ("/ms", 2), ("/pan", 2)]
    with path.open("r+b"), h5py.File(path, "r+"):
        pass  # it is closed


def test_opening_a_mat_reads_no_pixel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_mat(tmp_path / "Test(HxWxC)_qb_data1.mat", sample(0))
    monkeypatch.setattr(scipy.io, "loadmat", lambda *a, **k: pytest.fail("read"))
    assert SampleFile.open(path).count == 1


def test_without_h5py(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = (
        write_h5(tmp_path / "test_qb_multiExm1.h5", [sample(0)]),
        write_mat_73(tmp_path / "Test(HxWxC)_qb_data1.mat", sample(0)),
    )
    plain = write_mat(tmp_path / "Test(HxWxC)_qb_data2.mat", sample(0))
    monkeypatch.setitem(sys.modules, "h5py", None)
    for path in paths:
        with raises_code("h5py-missing"):
            SampleFile.open(path)
    assert SampleFile.open(plain).read(0).pan.shape == (SIZE, SIZE)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with raises_code("pancollection-missing"):
        SampleFile.open(tmp_path / "test_qb.h5")
    for name in ("test_qb.h5", "test_qb.mat"):
        (tmp_path / name).write_bytes(b"no such format" * 100)
        with raises_code("pancollection-unreadable"):
            SampleFile.open(tmp_path / name)
    with h5py.File(tmp_path / "test_qb_a.h5", "w") as file:
        file["ms"] = sample(0).ms
    with raises_code("pancollection-arrays-missing", missing="lms, pan"):
        SampleFile.open(tmp_path / "test_qb_a.h5")


@pytest.mark.parametrize(
    ("lms", "pan", "gt"),
    [
        ((4, 32, 32), (16, 16), None),
        ((3, 32, 32), (32, 32), None),
        ((4, 32, 24), (32, 24), None),
        ((4, 24, 24), (24, 24), None),
        ((4, 32, 32), (32, 32), (4, 8, 8)),
    ],
)
def test_arrays_of_sizes_that_do_not_match_are_refused(
    tmp_path: Path, lms: tuple[int, ...], pan: tuple[int, ...], gt: tuple[int, ...] | None
) -> None:
    images = (np.ones(shape) for shape in ((4, 8, 8), lms, pan))
    wrong = PanCollectionSample(*images, None if gt is None else np.ones(gt))
    with raises_code("pancollection-arrays-mismatch"):
        SampleFile.open(write_h5(tmp_path / "test_qb_multiExm1.h5", [wrong]))


def test_files_of_a_folder_are_in_order(tmp_path: Path) -> None:
    names = [f"Test(HxWxC)_qb_data{n}.mat" for n in (1, 2, 10)] + ["test_qb_multiExm1.h5"]
    for name in [*names, "train_qb.h5", "valid_qb.h5", "readme.txt"]:
        (tmp_path / name).touch()
    assert [path.name for path in pancollection.find_files(tmp_path)] == names


@pytest.mark.parametrize("full", [False, True])
def test_pair_of_a_sample_lies_where_its_lms_does(tmp_path: Path, full: bool) -> None:
    """MS pixel i is on PAN pixel 4 i + 2, so LMS by the georeference is the file's lms."""
    written = sample(3, full=full)
    file = SampleFile.open(write_h5(tmp_path / "test_qb_multiExm1.h5", [written]))
    pan, ms = pancollection.write_pair(file, file.read(0), tmp_path)
    with Scene.open(pan, ms) as scene:
        assert scene.phase_yx == pytest.approx((2.0, 2.0))
        assert scene.band_names == ("blue", "green", "red", "nir")
        patch = scene.read(scene.whole)
    assert patch.valid.all()
    np.testing.assert_allclose(patch.pan, written.pan, rtol=1e-6)
    np.testing.assert_allclose(patch.lms[:, 2::4, 2::4], written.ms, rtol=1e-5)
    rows = (np.arange(SIZE) - 2.0) / 4
    np.testing.assert_allclose(patch.lms, interpolate(written.ms, rows, rows), rtol=1e-5)
    inner = (slice(None), slice(10, -10), slice(10, -10))
    assert np.abs(patch.lms[inner] - written.lms[inner]).max() < 0.05 * written.lms.std()
