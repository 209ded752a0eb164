# SPDX-License-Identifier: GPL-2.0-or-later
"""The verdict's sentences follow from numbers: on either side of each threshold."""

from __future__ import annotations

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
from core.raster.geotiff import quietly
from core.raster.writer import Output
from core.report.verdict import band_correlations, confused_bands, offset_text, verdict
from core.requests import Quality


def text(made: Assessment) -> str:
    """All of a verdict."""
    said = verdict(made)
    return "\n".join([said.headline, *said.findings, *said.sentences, *said.notes])


@pytest.mark.parametrize("reference", [False, True])
def test_a_good_image_has_no_findings_and_a_few_sentences(reference: bool) -> None:
    said = verdict(assessment(reference=reference))
    assert said.findings == () and said.notes == ()
    assert 2 <= len(said.sentences) <= 4
    assert said.headline.startswith("Nothing conspicuous")


def test_wrong_band_order_is_called_by_name() -> None:
    made = reversed_bands(assessment())
    assert confused_bands(made) == (3, 2, 1, 0)
    said = verdict(made)
    assert "band order looks wrong" in said.findings[0]
    for pair in ("band 1 (blue) looks like band 4 (nir)", "band 3 (red) looks like band 2 (green)"):
        assert pair in said.findings[0]
    assert "not the colours" in said.findings[1]
    assert said.headline == "2 findings need attention."


def test_a_band_that_is_another_is_not_too_bright_besides() -> None:
    made = with_bands(reversed_bands(assessment()), bias_percent=[50.0, -40.0, 30.0, -20.0])
    assert "brightness" not in text(made)
    assert "50.0 % brighter" in text(with_bands(assessment(), bias_percent=[50.0, 0.0, 0.0, 0.0]))


def test_bands_that_are_nearly_alike_are_only_mentioned() -> None:
    """Brovey's blue is a hair closer to MS' green than to its blue: that is no wrong order."""
    made = assessment()
    rng = np.random.default_rng(0)
    ms = rng.normal(400, 100, (4, 5000))
    ms[1] = ms[0] + rng.normal(0, 10, 5000)
    fused = ms.copy()
    fused[0] = 0.45 * ms[0] + 0.55 * ms[1] + rng.normal(0, 20, 5000)
    made = replace(made, sample=ValuePairs(*(x.astype(np.float32) for x in (ms, fused))))
    correlation = band_correlations(made.sample)
    assert correlation[0, 1] > correlation[0, 0]
    made = with_bands(made, resembles=[1, None, None, None])
    said = verdict(made)
    assert said.findings == ()
    assert "band 1 (blue) is as close to band 2 (green)" in said.notes[0]


def test_without_a_sample_the_assessments_word_is_taken() -> None:
    made = with_bands(assessment(2), resembles=[1, 0])
    empty = np.zeros((2, 0), np.float32)
    made = replace(made, sample=ValuePairs(empty, empty))
    assert np.isnan(band_correlations(made.sample)).all()
    assert confused_bands(made) == (1, 0)


@pytest.mark.parametrize(
    ("shift", "pan_shift", "kind", "words"),
    [
        ((0.1, -0.2), (0.0, 0.1), "sentences", "lies on the MS and PAN, to within 0.2 PAN pixel"),
        ((3.0, -2.1), (3.0, -2.0), "findings", "3.0 PAN pixels down and 2.0 left against the PAN"),
        ((0.8, 0.0), (0.9, 0.0), "notes", "displaced"),
        ((3.0, 2.5), (0.0, 0.1), "findings", "the MS lies off by 3.0 PAN pixels up and 2.5 left"),
        ((3.0, 2.5), (0.0, 0.1), "findings", "if it was, assess against the aligned MS"),
        ((0.1, 0.0), (0.0, 2.0), "findings", "details do not lie on the PAN: 2.0 PAN pixels right"),
        ((0.0, 1.5), None, "findings", "displaced against the MS: 1.5 PAN pixels right"),
        (None, (-4.0, 0.0), "findings", "displaced against the PAN: 4.0 PAN pixels up"),
        (None, (0.0, 0.0), "sentences", "lies on the PAN, to"),
        (None, None, "notes", "could not be told"),
    ],
)
def test_displacement(shift: tuple | None, pan_shift: tuple | None, kind: str, words: str) -> None:
    said = verdict(assessment(shift=shift, pan_shift=pan_shift))
    assert any(words in sentence for sentence in getattr(said, kind)), text(
        assessment(shift=shift, pan_shift=pan_shift)
    )
    assert (said.findings != ()) == (kind == "findings")


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        ((3.04, -2.06), "3.0 PAN pixels down and 2.1 left"),
        ((0.02, 5.0), "5.0 PAN pixels right"),
        ((-1.0, 0.0), "1.0 PAN pixels up"),
        ((0.01, -0.01), "0.0 PAN pixels"),
    ],
)
def test_offsets_in_words(shift: tuple, words: str) -> None:
    assert offset_text(shift) == words


@pytest.mark.parametrize(
    ("bias", "found"), [(1.99, False), (-1.99, False), (2.01, True), (-7.0, True)]
)
def test_brightness(bias: float, found: bool) -> None:
    said = verdict(with_bands(assessment(), bias_percent=[0.0, bias, 0.1, float("nan")]))
    way = "brighter" if bias > 0 else "darker"
    assert bool(said.findings) == found
    assert (f"band 2 (green) is {abs(bias):.1f} % {way}" in "".join(said.findings)) == found


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
    said = verdict(assessment(consistency={"SAM": angle, "ERGAS": departure / 4}))
    assert any(words in sentence for sentence in said.findings + said.sentences)
    assert bool(said.findings) == found


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
    ("pixels", "kind", "words"),
    [
        (0, "findings", "No pixel"),
        (256 * 192 // 2 - 1, "findings", "Only 50 %"),
        (256 * 192 // 2, "notes", "50 % of the pixels"),
        (256 * 192 - 1, "notes", ""),
    ],
)
def test_pixels_without_data(pixels: int, kind: str, words: str) -> None:
    said = verdict(assessment(pixels=pixels))
    if words:
        assert words in getattr(said, kind)[0]
    else:
        assert said.findings == () and said.notes == ()


def test_what_is_no_number_is_not_spoken_of() -> None:
    nothing = float("nan")
    made = with_bands(assessment(), bias_percent=[nothing] * 4)
    made = replace(
        made,
        scores=dict.fromkeys(made.scores, nothing),
        consistency=dict.fromkeys(made.consistency, nothing),
        shift=None,
        pan_shift=None,
    )
    assert verdict(made).findings == ()
    assert "nan" not in text(made)


def test_one_band_has_no_angle() -> None:
    made = assessment(1, consistency={"SAM": float("nan"), "ERGAS": 0.5})
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


def spoilt(request: Quality, folder: Path, spoil: Callable[[np.ndarray], np.ndarray]) -> Quality:
    """The same request for another image `(C, H, W)` made of the fused one."""
    path = folder / "bad.tif"
    with rasterio.open(request.fused) as source:
        image, names, profile = source.read(), source.descriptions, source.profile
    with quietly(), rasterio.open(path, "w", **profile) as target:
        target.write(spoil(image))
        target.descriptions = names
    return replace(request, fused=str(path))


def test_a_real_image_is_good(sharpened: Quality) -> None:
    said = verdict(assess(sharpened))
    assert said.findings == () and 2 <= len(said.sentences) <= 4


def blurred(image: np.ndarray) -> np.ndarray:
    return ndimage.gaussian_filter(image.astype(float), (0, 2, 2)).astype(image.dtype)


def noisy(image: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, image.std(), image.shape)
    return np.clip(image + noise, 1, 65535).astype(image.dtype)


def ringing(image: np.ndarray) -> np.ndarray:
    rims = image - ndimage.gaussian_filter(image.astype(float), (0, 1.5, 1.5))
    return np.clip(image + 3 * rims, 1, 65535).astype(image.dtype)


def one_band_moved(image: np.ndarray) -> np.ndarray:
    image = image.copy()
    image[4] = np.roll(image[4], 3, axis=0)
    return image


def test_an_image_in_other_units_or_without_colours_is_told(
    sharpened: Quality, tmp_path: Path
) -> None:
    said = verdict(assess(spoilt(sharpened, tmp_path, lambda image: 20 * image)))
    assert any("different units or scales" in finding for finding in said.findings)
    grey = spoilt(sharpened, tmp_path, lambda image: np.stack([image[4]] * len(image)))
    said = verdict(assess(grey))
    assert any("All bands look like band 5 (red)" in finding for finding in said.findings)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (blurred, "was not sharpened"),
        (noisy, "noise covers it"),
        (ringing, "exaggerated"),
        (one_band_moved, "detail of band 5 (red) is not the PAN's"),
    ],
)
def test_detail_that_is_not_pans_is_found(
    sharpened: Quality, tmp_path: Path, spoil: Callable[[np.ndarray], np.ndarray], words: str
) -> None:
    said = verdict(assess(spoilt(sharpened, tmp_path, spoil)))
    assert any(words in finding for finding in said.findings), said.findings


def test_wrong_band_order_of_a_real_image_is_found(sharpened: Quality, tmp_path: Path) -> None:
    said = verdict(assess(spoilt(sharpened, tmp_path, lambda image: image[::-1])))
    assert "band 1 (coastal) looks like band 8 (nir2)" in said.findings[0]
    assert "Position: it lies on the MS and PAN" in said.sentences[-1]


def test_a_real_image_that_is_moved_is_found(sharpened: Quality, tmp_path: Path) -> None:
    moved = spoilt(sharpened, tmp_path, lambda image: np.roll(image, (3, -2), axis=(1, 2)))
    said = verdict(assess(moved))
    assert len(said.findings) == 1 and "displaced" in said.findings[0]
    assert "3.0 PAN pixels down and 2.0 left against the PAN" in said.findings[0]


def test_the_share_is_of_the_images_that_count() -> None:
    """With a reference, holes of PAN and MS leave no pixel out."""
    for reference, words in ((False, "the fused image, the PAN and the MS"),
                             (True, "the fused image and the reference")):  # fmt: skip
        made = assessment(reference=reference, pixels=256 * 96)
        assert f"50 % of the pixels have data in {words}; only those" in text(made)
        assert words in text(replace(made, pixels=0))
