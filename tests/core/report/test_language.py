# SPDX-License-Identifier: GPL-2.0-or-later
"""Every word of a report comes from the table of texts; names and numbers stay as they are."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from assessments import assessment, reversed_bands, with_bands
from scenes import GRID, landscape, write

from core import RESOURCES
from core.commands import align, bench, quality
from core.language import say, speaking
from core.progress import Pace
from core.quality.assessment import Assessment
from core.report import quality_page
from core.report.verdict import verdict
from core.requests.scenes import Align, Bench, Quality
from core.worker.main import translations_to

TEXTS = json.loads((RESOURCES / "i18n" / "ksdiff_de.json").read_text(encoding="utf-8"))
# What is the same in every language: images, indices, methods, units, software, and in names.
NAMES = {
    *("PAN", "MS", "MTF", "PSNR", "SSIM", "SAM", "ERGAS", "SCC", "QNR", "HQNR", "RMSE", "DN", "dB"),
    *("NDVI", "NDWI", "NDRE", "NDMI", "GSA", "BT", "AWLP", "HPM", "MTF", "GLP", "FS", "BDSD", "PC"),
    *("Brovey", "KSDiff", "SRINO", "UTC", "Generic", "blue", "green", "red", "nir", "tif", "core"),
    *("pan", "ms", "fused", "truth", "place", "moved", "rededge", "coastal", "yellow", "ksdiff"),
    *(
        "python",
        "numpy",
        "scipy",
        "rasterio",
        "gdal",
        "torch",
        "onnx",
        "onnxruntime",
        "safetensors",
    ),
    "cpu",
}

BANDS = ("blue", "green", "red", "nir")


@pytest.fixture
def foreign() -> Iterator[None]:
    """A language in which all letters are one, but for tags, names and what is filled in."""
    part = re.compile(r"(<[^>]*>|&\w+;|\{[^}]*\}|\$\w+|D_\w+)")
    with speaking({
        text: "".join(
            each if part.fullmatch(each) else re.sub("[A-Za-z]", "ж", each)
            for each in part.split(text)
        )
        for text in TEXTS
    }):  # fmt: skip
        yield


def english(page: str) -> set[str]:
    """Words of a page, its charts and the names of its pictures that are of no table."""
    svgs = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)
    charts = (base64.b64decode(svg).decode() for svg in svgs)
    texts = [part for chart in charts for part in re.findall(r"<text[^>]*>([^<]*)", chart)]
    texts += re.findall(r'alt="([^"]*)"', page)
    texts.append(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL))
    plain = re.sub(r"\S*[/\\]\S*", " ", unescape(" ".join(texts)))  # paths
    return set(re.findall(r"[A-Za-z]{2,}", plain)) - NAMES


def kinds_of_assessments() -> list[Assessment]:
    """Good and bad ones: together they have every finding, sentence and note but a few."""
    card = {"sensor": "Generic", "mtf_source": "DLPan-Toolbox: genMTF (MS), MTF_PAN (PAN)"}
    good, fair = assessment(**card), assessment(reference=True, **card)
    lost = replace(good.shares, negative=(0.1,) * 4, clipped_low=(0.1,) * 4, nodata=0.5)
    return [
        good, fair, assessment(1, **card), assessment(8, **card), reversed_bands(good),
        assessment(interpolation="georeferenced", **card),
        replace(good, detail=(0.1, 0.9, 0.9, 0.9)),
        replace(good, detail=(0.1,) * 4), replace(good, strength=(2.0,) * 4),
        replace(good, shares=lost), replace(good, shift=None, pan_shift=None),
        replace(good, shift=(1.4, -1.2), pan_shift=(-1.4, 0.0)),
        replace(good, shift=(0.0, 1.2), pan_shift=(0.0, 0.0), ms_shift=(2.0, 2.0)),
        replace(good, pixels=100), replace(fair, pixels=0), replace(good, scores={}),
        replace(good, pixels=int(0.9 * np.prod(good.size))),
        with_bands(good, bias_percent=[50.0, -3.0, 0.0, 0.0]),
        with_bands(fair, bias_percent=[5000.0, 4000.0, 4000.0, 4000.0]),
    ]  # fmt: skip


@pytest.mark.parametrize("made", kinds_of_assessments())
def test_a_report_of_quality_has_no_word_of_its_own(made: Assessment, foreign: None) -> None:
    assert english(quality_page.quality_page(made)) == set()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("scene") / "set"
    folder.mkdir()
    made = landscape(256, 256, bands=4)
    images = {"pan": made.pan[None], "ms": made.ms, "fused": made.reference}
    grids = (GRID, GRID * Affine.scale(4), GRID)
    files = {}
    for (name, image), grid in zip(images.items(), grids, strict=True):
        values = image.round().astype(np.uint16)
        files[name] = str(write(folder / f"a_{name}.tif", values, grid, names=BANDS[: len(image)]))
    return files


def quiet(fraction: float, message: str) -> None:
    pass


def test_reports_of_runs_have_no_word_of_their_own(
    scene: dict[str, str], tmp_path: Path, foreign: None
) -> None:
    page = tmp_path / "page.html"
    request = Quality(**scene, report=str(page), scene_test=True)
    quality.perform(request, quiet, Pace())
    assert english(page.read_text(encoding="utf-8")) - {"BT", "FS", "PC"} == set()
    align.perform(
        Align(scene["pan"], scene["ms"], str(tmp_path / "moved.tif"), str(page)), quiet, Pace()
    )
    assert english(page.read_text(encoding="utf-8")) == set()


def test_progress_of_the_bench_names_resolution_and_methods_in_words(
    scene: dict[str, str], foreign: None
) -> None:
    """What is done within a method is the progress of other tasks, which QGIS translates."""
    said: set[str] = set()
    request = Bench(str(Path(scene["pan"]).parents[1]), methods=("gsa-bp", "exp"), pan_gain=0.0)
    bench.perform(request, lambda fraction, text: said.add(text), Pace())
    where = f"set, {say('reduced resolution')}, a"
    assert {f"{where}: GSA жжжж жжжж-жжжжжжжжжж", f"{where}: жжжжжжжжжжжжж"} <= said


def test_without_a_language_texts_are_english() -> None:
    text = "{} findings need attention."
    with speaking(translations_to("de")):
        assert say(text, 2) == "2 Befunde verlangen Aufmerksamkeit."
        assert "Nichts Auffälliges" in verdict(assessment()).headline
    for unknown in (None, "", "en", "xx", "../../errors"):
        assert translations_to(unknown) == {}
    assert say(text, 2) == "2 findings need attention."
