# SPDX-License-Identifier: GPL-2.0-or-later
"""How far MS lies from PAN: known shifts are found, and where nothing can be told, that is said."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logged import told
from scenes import GRID, landscape, write
from scipy import ndimage

from core.imaging.arrays import FloatArray
from core.imaging.degrade import reduce_ms
from core.pair.scene import Scene
from core.raster.window import Window
from core.registration.shift_estimate import (
    Registration,
    aligned,
    describe_shift,
    estimate,
    measure,
    warn_if_displaced,
    with_pan_on_ms,
)

pytestmark = pytest.mark.numerical


EDGE = 64  # PAN px around the scene, which comes in when the truth is moved
GOOD = ["half_pixel_offset", "float_ms"]
VALIDATION = ["quickbird_full", "geoeye1", "worldview2", "spot6"]


@dataclass(frozen=True)
class Ground:
    """PAN and what MS sees `(C, H, W)`, larger than the scene by `EDGE` on every side."""

    pan: FloatArray
    truth: FloatArray


@pytest.fixture(scope="module")
def ground() -> Ground:
    made = landscape(512 + 2 * EDGE, 512 + 2 * EDGE, bands=3, seed=5)
    return Ground(made.pan, made.reference)


def displaced(ground: Ground, rows: float, cols: float) -> FloatArray:
    """What MS sees when its content lies further down and right."""
    spectra = (np.fft.fft2(band) for band in ground.truth)
    moved = [np.fft.ifft2(ndimage.fourier_shift(each, (rows, cols))).real for each in spectra]
    return np.stack(moved)


def written(folder: Path, pan: FloatArray, ms: FloatArray, ratio: float = 4.0) -> tuple[Path, Path]:
    """The pair as files whose corners agree, PAN and MS."""
    coarse = GRID * Affine.scale(ratio)
    return (
        write(folder / "pan.tif", pan[None].astype(np.float32)),
        write(folder / "ms.tif", ms.astype(np.float32), coarse),
    )


def pair(
    ground: Ground, folder: Path, rows: float, cols: float, noise: float = 0.0
) -> tuple[Path, Path]:
    """A pair of ratio 4 whose MS is displaced."""
    rng = np.random.default_rng(1)
    whole = reduce_ms(displaced(ground, rows, cols), [0.3] * 3, 4, "product")
    ms = whole[:, EDGE // 4 : -EDGE // 4, EDGE // 4 : -EDGE // 4]
    pan = ground.pan[EDGE:-EDGE, EDGE:-EDGE]
    return written(
        folder, pan + rng.normal(0, noise, pan.shape), ms + rng.normal(0, noise, ms.shape)
    )


def found(files: tuple[Path, Path]) -> Registration:
    with Scene.open(*files) as scene:
        return measure(scene)


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.floats(-16, 16), cols=st.floats(-16, 16))
def test_any_shift_is_found_to_a_fiftieth_of_a_pixel(
    ground: Ground, tmp_path: Path, rows: float, cols: float
) -> None:
    result = found(pair(ground, tmp_path, rows, cols))
    assert result.shift == pytest.approx((rows, cols), abs=0.02)
    assert result.confidence > 0.98
    assert len(result.blocks) == result.windows == 9
    assert result.residual_p90 < 0.1


def test_noise_lowers_the_confidence_not_the_place(ground: Ground, tmp_path: Path) -> None:
    clear = found(pair(ground, tmp_path, 3.0, 2.5))
    noisy = found(pair(ground, tmp_path, 3.0, 2.5, noise=40.0))
    assert noisy.shift == pytest.approx((3.0, 2.5), abs=0.15)
    assert 0.5 < noisy.confidence < clear.confidence
    assert noisy.unmoved < noisy.confidence


def test_a_estimate_sees_it_too(ground: Ground, tmp_path: Path) -> None:
    with Scene.open(*pair(ground, tmp_path, -5.25, 8.0)) as scene:
        assert estimate(scene).shift == pytest.approx((-5.25, 8.0), abs=0.3)


def test_pan_is_moved_to_ms_where_that_pays(ground: Ground, tmp_path: Path) -> None:
    for rows, cols, moves in ((0.1, 0.05, False), (0.6, -1.5, True), (0.0, 2.6, False)):
        with Scene.open(*pair(ground, tmp_path, rows, cols)) as scene:
            found = with_pan_on_ms(scene)
            assert (found is not scene) == moves
            if moves:
                assert found.pan_shift == pytest.approx((rows, cols), abs=0.1)
                assert estimate(found).length < 0.1
                assert with_pan_on_ms(found) is found
                part = scene.part(Window(0, 0, 120, 512))
                assert with_pan_on_ms(part) is part, "too few pixels to be sure"


def test_ratio_that_is_no_whole_number(ground: Ground, tmp_path: Path) -> None:
    """MS pixels of 2.5 PAN pixels, by interpolating MS of ratio 1 at their centres."""
    moved = ndimage.gaussian_filter(displaced(ground, 1.3, -2.2), (0, 1.4, 1.4))
    centres = EDGE + 2.5 * np.arange(204) + 0.75
    at = np.meshgrid(centres, centres, indexing="ij")
    ms = np.stack([ndimage.map_coordinates(band, at, order=3) for band in moved])
    files = written(tmp_path, ground.pan[EDGE:-EDGE, EDGE:-EDGE], ms, 2.5)
    with Scene.open(*files) as scene:
        assert scene.ratio == pytest.approx(2.5)
    assert found(files).shift == pytest.approx((1.3, -2.2), abs=0.05)


def test_nodata_has_no_place(ground: Ground, tmp_path: Path) -> None:
    """A large hole in MS, another in PAN; both have sharp edges that lie elsewhere."""
    pan_file, _ = pair(ground, tmp_path, 3.0, 2.5)
    with Scene.open(pan_file, tmp_path / "ms.tif") as scene:
        whole = scene.read_reduced(scene.ms_grid)
        pan = scene.read(scene.whole).pan
    ms = whole.ms.astype(np.float32)
    ms[:, 30:60, 50:90] = -9
    pan[400:470, 60:130] = -9
    coarse = GRID * Affine.scale(4)
    write(tmp_path / "ms.tif", ms, coarse, nodata=-9)
    write(pan_file, pan[None], nodata=-9)
    result = found((pan_file, tmp_path / "ms.tif"))
    assert result.shift == pytest.approx((3.0, 2.5), abs=0.05)


def test_windows_of_sea_do_not_count(ground: Ground, tmp_path: Path) -> None:
    """Two thirds of the scene are noise without detail."""
    pan_file, ms_file = pair(ground, tmp_path, 3.0, 2.5)
    rng = np.random.default_rng(2)
    with Scene.open(pan_file, ms_file) as scene:
        ms, pan = scene.read_reduced(scene.ms_grid).ms, scene.read(scene.whole).pan
    pan[170:], ms[:, 43:] = 500.0, 500.0
    pan += rng.normal(0, 2, pan.shape)
    ms += rng.normal(0, 2, ms.shape)
    result = found(written(tmp_path, pan.astype(np.float64), ms))
    assert result.shift == pytest.approx((3.0, 2.5), abs=0.05)
    assert 3 <= len(result.blocks) < result.windows


def noise(height: int, width: int, seed: int) -> FloatArray:
    return np.random.default_rng(seed).normal(500, 20, (height, width))


def stripes(ratio: int) -> FloatArray:
    cols = ratio * np.arange(512 // ratio) + (ratio - 1) / 2
    return np.broadcast_to(500 + 100 * np.sin(cols / 9), (512 // ratio, 512 // ratio))


@pytest.mark.parametrize("which", ["flat", "noise", "flat MS", "stripes", "other place", "tiny"])
def test_where_nothing_tells_no_number_is_told(
    ground: Ground, tmp_path: Path, caplog: pytest.LogCaptureFixture, which: str
) -> None:
    other = landscape(512, 512, bands=3, seed=6)
    pan, ms = {
        "flat": (np.full((512, 512), 0.3), np.full((3, 128, 128), 0.1)),
        "noise": (noise(512, 512, 0), np.stack([noise(128, 128, seed) for seed in (1, 2, 3)])),
        "flat MS": (noise(512, 512, 0), np.full((3, 128, 128), 7.0)),
        "stripes": (stripes(1), np.stack([stripes(4)] * 3)),
        "other place": (ground.pan[:512, :512], other.ms),
        "tiny": (ground.pan[:48, :48], other.ms[:, :12, :12]),
    }[which]
    with Scene.open(*written(tmp_path, pan, ms)) as scene:
        result = measure(scene)
        assert (result.shift, result.blocks) == (None, ())
        assert aligned(scene, lambda fraction, text: None) == (scene, None)
        assert told(caplog) == [()], "that it cannot be aligned"
        caplog.clear()
        warn_if_displaced(scene)
        assert not caplog.records


def test_a_tilt_is_told(ground: Ground, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """MS pixels stated 1 % too small: nowhere is the shift that of the whole."""
    pan_file, ms_file = pair(ground, tmp_path, 0.0, 0.0)
    with Scene.open(pan_file, ms_file) as scene:
        ms = scene.read_reduced(scene.ms_grid).ms
    write(ms_file, ms.astype(np.float32), GRID * Affine.scale(4 * 0.99))
    result = found((pan_file, ms_file))
    assert result.tilted
    first, last = result.blocks[0], result.blocks[-1]
    for block in (first, last):  # PAN's pixel n has what MS shows at 0.99 n
        expected = -0.01 * block.row, -0.01 * block.col
        assert block.shift == pytest.approx(expected, abs=0.25)
    with Scene.open(pan_file, ms_file) as scene:
        aligned(scene, lambda fraction, text: None)
    assert told(caplog) == [(sentence,) for sentence in result.disagreement()] != []


def test_a_moved_scene_is_read_at_the_exact_phase(ground: Ground, tmp_path: Path) -> None:
    """Whatever was displaced and moved back is what was not displaced."""
    (tmp_path / "straight").mkdir()
    straight = pair(ground, tmp_path / "straight", 0.0, 0.0)
    with Scene.open(*straight) as right, Scene.open(*pair(ground, tmp_path, 8.0, -4.0)) as wrong:
        scene = wrong.shifted(8.0, -4.0)
        assert scene.phase_yx == pytest.approx((1.5 - 8.0, 1.5 + 4.0))
        assert scene.transform == wrong.transform
        assert scene.read(scene.whole).valid.sum() < wrong.whole.height * wrong.whole.width
        window = right.scattered(256, 1, seed=3)[0]
        expected, got = right.read(window), scene.read(window)
        np.testing.assert_array_equal(got.pan, expected.pan)
        np.testing.assert_allclose(got.lms, expected.lms, rtol=0.02)
        back = scene.shifted(-8.0, 4.0)
        np.testing.assert_allclose(back.read(window).lms, wrong.read(window).lms, rtol=1e-5)


def test_the_log_tells_which_way(
    ground: Ground, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="core")
    with Scene.open(*pair(ground, tmp_path, -3.0, 2.5)) as scene:
        warn_if_displaced(scene)
        assert told(caplog) == [(describe_shift(estimate(scene).shift),)]
        moved, shift = aligned(scene, lambda fraction, text: None)
        assert shift == pytest.approx((-3.0, 2.5), abs=0.02)
        assert (describe_shift(shift),) in told(caplog, level=logging.INFO)
        caplog.clear()
        warn_if_displaced(moved)
        assert not caplog.records


@pytest.mark.parametrize(
    ("shift", "words"),
    [((3, 2.5), ("down", "right")), ((-3, -2.5), ("up", "left"))],
)
def test_a_shift_is_described_by_its_directions(
    shift: tuple[float, float], words: tuple[str, str]
) -> None:
    text = describe_shift(shift)
    assert text.index("3.00") < text.index(words[0]) < text.index("2.50") < text.index(words[1])


def test_the_displaced_scene(shared_data: Path) -> None:
    folder = shared_data / "edge" / "misregistered"
    result = found((folder / "pan.tif", folder / "ms.tif"))
    assert result.shift == pytest.approx((3.0, 2.5), abs=0.25)
    assert result.confidence > 0.9
    assert result.disagreement() == []


@pytest.mark.parametrize("name", [*GOOD, *VALIDATION, "landsat7"])
def test_scenes_that_are_registered_well(shared_data: Path, name: str) -> None:
    folder = shared_data / ("edge" if name in GOOD else "val") / name
    files = sorted(folder.glob("*pan.tif"))
    assert files
    for pan in files:
        result = found((pan, pan.with_name(pan.name.replace("pan", "ms"))))
        assert result.shift
        # 0.16 of an MS pixel, at most; Landsat's are registered to a few hundredths.
        limit = 0.1 if name in (*GOOD, "landsat7") else 0.65
        assert max(map(abs, result.shift)) < limit
        assert result.confidence > 0.9


@pytest.mark.parametrize("name", [*VALIDATION, "landsat7"])
@pytest.mark.parametrize("by", [(1.0, -2.0), (-1.5, 0.75), (-5.3, 8.1)])
def test_real_scenes_whose_georeference_is_wrong(
    shared_data: Path, tmp_path: Path, name: str, by: tuple[float, float]
) -> None:
    """By so many PAN pixels further than it was."""
    pan = min((shared_data / "val" / name).glob("*pan.tif"))
    ms = pan.with_name(pan.name.replace("pan", "ms"))
    with Scene.open(pan, ms) as scene:
        before = measure(scene)
        after = measure(scene.shifted(-by[0], -by[1]))
    assert before.shift and after.shift
    gone = after.shift[0] - before.shift[0], after.shift[1] - before.shift[1]
    assert gone == pytest.approx(by, abs=0.03)
