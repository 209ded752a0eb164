# SPDX-License-Identifier: GPL-2.0-or-later
"""Synthetic scenes: reproducible, physical, and on the grid of a real product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from core.synthetic.pairs import BANDS, FULL, MTF_GAIN, generate, observe_ms, write_pair


@pytest.fixture(scope="module")
def scene():
    return generate(384, 8, 1)


def test_scene_is_determined_by_seed() -> None:
    first, again, other = generate(64, 4, 5), generate(64, 4, 5), generate(64, 4, 6)
    assert np.array_equal(first.reference, again.reference)
    assert np.array_equal(first.pan, again.pan)
    assert np.abs(first.reference - other.reference).mean() > 10


def test_choice_of_bands_does_not_change_the_scene() -> None:
    all_bands, some = generate(64, 8, 3), generate(64, ("nir1", "blue"), 3)
    assert some.band_names == ("nir1", "blue")
    expected = all_bands.reference[[BANDS.index("nir1"), BANDS.index("blue")]]
    assert np.array_equal(some.reference, expected)
    assert np.array_equal(some.pan, all_bands.pan)


def test_values_are_eleven_bit(scene) -> None:
    assert scene.reference.shape == (8, 384, 384)
    assert scene.pan.shape == (384, 384)
    assert scene.reference.dtype == np.float32
    assert scene.reference.min() >= 0 and scene.reference.max() <= FULL
    assert 80 < scene.pan.mean() < 900
    assert (scene.reference >= FULL).mean() < 0.01


def test_spectra_are_those_of_land(scene) -> None:
    blue, red, nir = (scene.reference[BANDS.index(name)] for name in ("blue", "red", "nir1"))
    ndvi = (nir - red) / (nir + red + 1)
    assert (ndvi > 0.4).mean() > 0.15  # vegetation
    assert (ndvi < 0.15).mean() > 0.05  # roofs, roads, water
    visible = np.corrcoef(blue.ravel(), red.ravel())[0, 1]
    infrared = np.corrcoef(red.ravel(), nir.ravel())[0, 1]
    assert visible > 0.8 > infrared


def test_spectrum_is_that_of_images(scene) -> None:
    """Neighbours are alike, and the spectrum falls with frequency as that of photographs."""
    pan = scene.pan - scene.pan.mean()
    neighbours = (pan[:, 1:] * pan[:, :-1]).mean() / (pan**2).mean()
    assert neighbours > 0.8
    power = np.abs(np.fft.fft2(pan * np.outer(np.hanning(384), np.hanning(384)))) ** 2
    f = np.hypot(np.fft.fftfreq(384)[:, None], np.fft.fftfreq(384)[None])
    rings = [(0.02, 0.04), (0.04, 0.08), (0.08, 0.16), (0.16, 0.32)]
    level = [power[(f >= low) & (f < high)].mean() for low, high in rings]
    slope = np.polyfit(np.log([low for low, _ in rings]), np.log(level), 1)[0]
    assert -4 < slope < -1.2


def test_pan_responds_to_visible_and_near_infrared_bands(scene) -> None:
    flat = scene.reference.reshape(8, -1).astype(np.float64)
    weights = np.linalg.lstsq(flat.T, scene.pan.ravel().astype(np.float64), rcond=None)[0]
    by_name = dict(zip(BANDS, weights, strict=True))
    assert by_name["green"] > 5 * abs(by_name["nir2"])
    assert by_name["rededge"] > by_name["nir1"] > 0


@pytest.mark.parametrize("axis", [1, 2])
def test_ms_is_centred_on_its_pan_pixels(axis: int) -> None:
    """MS pixel i of a plane has the plane's value at PAN position 4 i + 1.5."""
    ramp = np.arange(96, dtype=np.float32)
    plane = np.moveaxis(np.broadcast_to(ramp, (1, 96, 96)), 2, axis).copy()
    ms = np.moveaxis(observe_ms(plane), axis, 2)[0, 12, 4:-4]
    assert ms == pytest.approx(4 * np.arange(4, 20) + 1.5, abs=1e-3)


def test_ms_has_the_mtf_gain_at_nyquist() -> None:
    """A wave of 8 PAN px, sampled at its crests, keeps `MTF_GAIN` of its amplitude."""
    x = np.arange(160)
    wave = np.cos(2 * np.pi * (x - 1.5) / 8).astype(np.float32)
    ms = observe_ms(np.broadcast_to(wave, (1, 160, 160)).copy())[0, 20]
    assert np.abs(ms[5:-5]) == pytest.approx(MTF_GAIN, abs=2e-3)


def test_pair_is_georeferenced_with_band_names(tmp_path: Path) -> None:
    pan, ms, truth = write_pair(tmp_path, 64, 4, 2)
    with rasterio.open(pan) as p, rasterio.open(ms) as m, rasterio.open(truth) as t:
        assert p.shape == t.shape == (64, 64) and m.shape == (16, 16)
        assert p.bounds == pytest.approx(m.bounds) and p.crs == m.crs == t.crs
        assert p.crs is not None and p.crs.is_projected
        assert m.res[0] == pytest.approx(4 * p.res[0])
        assert m.descriptions == t.descriptions == ("blue", "green", "red", "nir1")
        assert {p.dtypes[0], m.dtypes[0], t.dtypes[0]} == {"uint16"}
        seen = observe_ms(t.read().astype(np.float32))
        assert np.abs(seen - m.read()).mean() < 3  # only the sensor's noise


@pytest.mark.parametrize(("size", "bands"), [(8, 4), (64, ("ultraviolet",)), (64, ())])
def test_unknown_bands_and_small_sizes_are_refused(size: int, bands) -> None:
    with pytest.raises(ValueError):
        generate(size, bands, 0)


def test_size_must_be_a_multiple_of_the_ratio(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        write_pair(tmp_path, 66, 4, 0)
