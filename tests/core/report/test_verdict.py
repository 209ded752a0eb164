# SPDX-License-Identifier: GPL-2.0-or-later
"""The verdict follows from numbers: on either side of each threshold, and on real images."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from assessments import assessment, reversed_bands, with_bands
from scipy import ndimage

from core.fusion.tiled import sharpen
from core.methods.interface import Settings
from core.methods.registry import create
from core.pair.scene import Scene
from core.quality.assess import assess
from core.quality.assessment import Assessment, ValuePairs
from core.raster.gdal import quietly
from core.raster.writer import Output
from core.report.verdict import band_correlations, confused_bands, verdict
from core.requests.scenes import Quality


def text(made: Assessment) -> str:
    """All of a verdict."""
    found = verdict(made)
    return "\n".join([found.headline, *found.findings, *found.sentences, *found.notes])


@pytest.mark.parametrize("reference", [False, True])
def test_good_image_has_no_findings(reference: bool) -> None:
    found = verdict(assessment(reference=reference))
    assert found.findings == () and found.notes == ()
    assert 2 <= len(found.sentences) <= 4


def test_reversed_bands_are_named() -> None:
    made = reversed_bands(assessment())
    assert confused_bands(made) == (3, 2, 1, 0)
    order, colours = verdict(made).findings
    for pair in ("band 1 (blue) looks like band 4 (nir)", "band 3 (red) looks like band 2 (green)"):
        assert pair in order
    assert "not the colours" in colours


def test_bias_of_a_confused_band_is_no_finding() -> None:
    bias = [50.0, -40.0, 30.0, -20.0]
    assert "brighter" not in text(with_bands(reversed_bands(assessment()), bias_percent=bias))
    assert "50.0 % brighter" in text(with_bands(assessment(), bias_percent=[50.0, 0.0, 0.0, 0.0]))


def test_similar_bands_are_only_a_note() -> None:
    """Brovey's blue is a little closer to MS' green than to its blue: that is no wrong order."""
    rng = np.random.default_rng(0)
    ms = rng.normal(400, 100, (4, 5000))
    ms[1] = ms[0] + rng.normal(0, 10, 5000)
    fused = ms.copy()
    fused[0] = 0.45 * ms[0] + 0.55 * ms[1] + rng.normal(0, 20, 5000)
    sample = ValuePairs(*(x.astype(np.float32) for x in (ms, fused)))
    correlation = band_correlations(sample)
    assert correlation[0, 1] > correlation[0, 0]
    made = replace(assessment(), sample=sample)
    found = verdict(with_bands(made, resembles=[1, None, None, None]))
    assert found.findings == ()
    assert "band 1 (blue) is as close to band 2 (green)" in found.notes[0]


def test_confused_bands_without_value_pairs() -> None:
    empty = np.zeros((2, 0), np.float32)
    made = replace(with_bands(assessment(2), resembles=[1, 0]), sample=ValuePairs(empty, empty))
    assert np.isnan(band_correlations(made.sample)).all()
    assert confused_bands(made) == (1, 0)


@pytest.mark.parametrize(
    ("shift", "pan_shift", "kind", "words"),
    [
        ((0.1, -0.2), (0.0, 0.1), "sentences", "lies on the MS and PAN, to within 0.2 PAN pixel"),
        ((3.0, -2.1), (3.0, -2.0), "findings", "3.0 PAN pixels down and 2.0 left against the PAN"),
        ((0.8, 0.0), (0.9, 0.0), "notes", "displaced"),
        ((3.0, 2.5), (0.0, 0.1), "findings", "the MS lies off by 3.0 PAN pixels up and 2.5 left"),
        ((0.1, 0.0), (0.0, 2.0), "findings", "detail is shifted from the PAN: 2.0 PAN"),
        ((0.0, 1.5), None, "findings", "displaced against the MS: 1.5 PAN pixels right"),
        (None, (-4.0, 0.0), "findings", "displaced against the PAN: 4.0 PAN pixels up"),
        (None, (0.0, 0.0), "sentences", "lies on the PAN, to"),
        (None, None, "notes", "could not be measured"),
    ],
)
def test_displacement(shift: tuple | None, pan_shift: tuple | None, kind: str, words: str) -> None:
    found = verdict(assessment(shift=shift, pan_shift=pan_shift))
    assert any(words in sentence for sentence in getattr(found, kind)), found
    assert (found.findings != ()) == (kind == "findings")


@pytest.mark.parametrize(
    ("bias", "found"), [(1.99, False), (-1.99, False), (2.01, True), (-7.0, True)]
)
def test_brightness(bias: float, found: bool) -> None:
    findings = verdict(with_bands(assessment(), bias_percent=[0.0, bias, 0.1, math.nan])).findings
    words = f"band 2 (green) is {abs(bias):.1f} % {'brighter' if bias > 0 else 'darker'}"
    assert [words in finding for finding in findings] == [True] * found


@pytest.mark.parametrize(
    ("departure", "angle", "words", "found"),
    [
        (4.9, 1.4, "Colours: those of the MS", False),
        (5.1, 0.1, "Colours: nearly those of the MS", False),
        (1.0, 1.6, "Colours: nearly those of the MS", False),
        (10.1, 1.6, "Colours: changed", False),
        (1.0, 9.9, "Colours: changed", False),
        (25.1, 1.0, "not the colours of the MS", True),
        (1.0, 10.1, "not the colours of the MS", True),
    ],
)
def test_colours(departure: float, angle: float, words: str, found: bool) -> None:
    result = verdict(assessment(consistency={"SAM": angle, "ERGAS": departure / 4}))
    assert any(words in sentence for sentence in result.findings + result.sentences)
    assert bool(result.findings) == found


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ({"D_s": 0.049}, "to the PAN much as at"),
        ({"D_s": 0.149}, "to the PAN roughly as at"),
        ({"D_s": 0.151}, "to the PAN differently than at"),
        ({"SCC": 0.951, "D_s": 0.5}, "nearly all of the reference's edges"),
        ({"SCC": 0.851}, "most of the reference's edges"),
        ({"SCC": 0.849}, "only a part of the reference's edges"),
    ],
)
def test_detail(scores: dict[str, float], words: str) -> None:
    assert words in text(assessment(scores=scores))


@pytest.mark.parametrize(
    ("pixels", "findings", "notes"),
    [(0, 1, 0), (256 * 96 - 1, 1, 0), (256 * 96, 0, 1), (256 * 192 - 1, 0, 0)],
)
@pytest.mark.parametrize(
    ("reference", "images"),
    [
        (False, "the fused image, the PAN and the MS"),
        (True, "the fused image and the reference"),
    ],
)
def test_coverage(pixels: int, findings: int, notes: int, reference: bool, images: str) -> None:
    """With a reference, holes of PAN and MS leave no pixel out."""
    found = verdict(assessment(reference=reference, pixels=pixels))
    assert (len(found.findings), len(found.notes)) == (findings, notes)
    assert all(images in statement for statement in found.findings + found.notes)


def test_nan_is_left_out() -> None:
    made = with_bands(assessment(), bias_percent=[math.nan] * 4)
    scores, consistency = (
        dict.fromkeys(each, math.nan) for each in (made.scores, made.consistency)
    )
    made = replace(made, scores=scores, consistency=consistency, shift=None, pan_shift=None)
    assert verdict(made).findings == ()
    assert "nan" not in text(made)


def test_one_band_has_no_angle() -> None:
    made = assessment(1, consistency={"SAM": math.nan, "ERGAS": 0.5})
    assert "angle" not in text(made) and "2.0 %" in text(made)


@pytest.fixture(scope="module")
def sharpened(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Quality:
    """A real scene of eight bands, well sharpened."""
    folder = shared_data / "val" / "worldview2"
    pan, ms = folder / "pan.tif", folder / "ms.tif"
    fused = tmp_path_factory.mktemp("fused") / "good.tif"
    with Scene.open(pan, ms) as scene:
        sharpen(scene, create("mtf-glp-fs", Settings(scene.ratio)), Output(path=fused))
    return Quality(str(pan), str(ms), str(fused))


def blurred(image: np.ndarray) -> np.ndarray:
    return ndimage.gaussian_filter(image.astype(float), (0, 2, 2)).astype(image.dtype)


def noisy(image: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, image.std(), image.shape)
    return np.clip(image + noise, 1, 65535).astype(image.dtype)


def exaggerated(image: np.ndarray) -> np.ndarray:
    edges = image - ndimage.gaussian_filter(image.astype(float), (0, 1.5, 1.5))
    return np.clip(image + 3 * edges, 1, 65535).astype(image.dtype)


def with_one_band_moved(image: np.ndarray) -> np.ndarray:
    image = image.copy()
    image[4] = np.roll(image[4], 3, axis=0)
    return image


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda image: image, None),
        (lambda image: 20 * image, "different units or scales"),
        (lambda image: np.stack([image[4]] * len(image)), "All bands look like band 5 (red)"),
        (lambda image: image[::-1], "band 1 (coastal) looks like band 8 (nir2)"),
        (lambda image: np.roll(image, (3, -2), axis=(1, 2)), "3.0 PAN pixels down and 2.0 left"),
        (blurred, "was not sharpened"),
        (noisy, "noise covers it"),
        (exaggerated, "exaggerated"),
        (with_one_band_moved, "detail of band 5 (red) is not the PAN's"),
    ],
)
def test_faults_of_a_real_image_are_found(
    sharpened: Quality,
    tmp_path: Path,
    change: Callable[[np.ndarray], np.ndarray],
    words: str | None,
) -> None:
    path = tmp_path / "changed.tif"
    with rasterio.open(sharpened.fused) as source:
        image, names, profile = source.read(), source.descriptions, source.profile
    with quietly(), rasterio.open(path, "w", **profile) as target:
        target.write(change(image))
        target.descriptions = names
    findings = verdict(assess(replace(sharpened, fused=str(path)))).findings
    assert (findings == ()) if words is None else any(words in each for each in findings), findings
