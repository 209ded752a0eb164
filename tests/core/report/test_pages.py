# SPDX-License-Identifier: GPL-2.0-or-later
"""The reports: one well-formed file with every section, pictures that can be read, numbers."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from assessments import assessment, reversed_bands, with_bands
from rasterio.io import MemoryFile

from core.errors import OutputError
from core.quality.assessment import INDICES, Assessment, ValuePairs
from core.raster.gdal import quietly
from core.raster.writer import write_texts
from core.report import charts, figures, markup, quality_page, scene_test_page
from core.report.comparison import comparison

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Contents of a page; fails where tags are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag == "img":
            self.images.append(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings.append(data)

    def has_class(self, name: str) -> bool:
        return any(key == "class" and name in str(value).split() for key, value in self.attributes)


def embedded(svg: ElementTree.Element) -> list[str]:
    link = "{http://www.w3.org/1999/xlink}href"
    return [element.attrib[link] for element in svg.iter() if link in element.attrib]


def read_png(address: str) -> np.ndarray:
    content = base64.b64decode(address.partition(";base64,")[2], validate=True)
    with quietly(), MemoryFile(content) as memory, memory.open() as picture:
        assert picture.driver == "PNG"
        return picture.read()


def read_svg(address: str) -> ElementTree.Element:
    return ElementTree.fromstring(base64.b64decode(address.partition(";base64,")[2]))


@pytest.mark.parametrize(("bands", "reference"), [(1, False), (4, True), (16, False)])
def test_page_is_complete_and_needs_no_other_file(bands: int, reference: bool) -> None:
    text = quality_page.quality_page(assessment(bands, reference=reference))
    page = Page(text)
    assert page.headings[0] == "fused.tif" and len(page.headings) == 9
    assert not {"script", "link", "iframe", "svg", "object"} & page.tags
    assert not re.search(r"https?:|url\(|@import|javascript:", text)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert len(text) < 4e6
    assert "nan" not in page.text and "None" not in page.text


@pytest.mark.parametrize("reference", [False, True])
def test_pictures_of_every_crop_and_band_can_be_read(reference: bool) -> None:
    made = assessment(3, reference=reference)
    page = Page(quality_page.quality_page(made))
    for image in page.images:
        address = str(image["src"])
        if address.startswith("data:image/svg+xml"):
            svg = read_svg(address)
            assert float(svg.attrib["width"]) > 100 and len(list(svg.iter())) > 4
            assert all(np.ptp(read_png(inner)) > 0 for inner in embedded(svg))
        else:
            assert np.ptp(read_png(address)) > 0
        assert image["alt"] and image["width"] and image["height"]
    titles = " ".join(str(image["alt"]) for image in page.images)
    wanted = [f"{kind} of {name}" for kind in ("Histogram", "Scatter", "Error")
              for name in made.band_names]  # fmt: skip
    views = ("MS", "PAN", "Fused", *(("Reference",) if reference else ()))
    wanted += [f"Crop {n}: {view}" for n in (1, 2) for view in views]
    assert [title for title in wanted if title not in titles] == []
    assert ("Reference" in titles) == reference


def test_scores_are_shown_with_their_units() -> None:
    text = Page(quality_page.quality_page(assessment(reference=True))).text
    for shown in ("1.200°", "1.100", "0.9300", "41.00 dB", "0.9700", "0.0200", "0.9400"):
        assert shown in text
    assert "41.00 dB" not in Page(quality_page.quality_page(assessment())).text
    assert all(index.meaning.endswith(".") for index in INDICES.values())


def test_explanations_follow_interpolation_and_scores() -> None:
    tap23, georeferenced = (
        quality_page.INTERPOLATION["23-tap"],
        quality_page.INTERPOLATION["georeferenced"],
    )
    assert tap23 in quality_page.quality_page(assessment())
    assert georeferenced in quality_page.quality_page(assessment(interpolation="georeferenced"))
    without = assessment(reference=True, scores={"SAM": 1.0, "ERGAS": 1.0})
    assert tap23 not in quality_page.quality_page(without)
    peaks = [
        "1 023." in " ".join(Page(quality_page.quality_page(made)).text.split())
        for made in (assessment(peak=1023.0), assessment(reference=True, peak=1023.0))
    ]
    assert peaks == [False, True], "PSNR is relative to the largest value"


def test_findings_are_marked_in_verdict_and_tables() -> None:
    good = Page(quality_page.quality_page(assessment()))
    bad = Page(quality_page.quality_page(reversed_bands(assessment())))
    assert good.has_class("good") and not good.has_class("finding") and not good.has_class("off")
    assert bad.has_class("bad") and bad.has_class("finding") and bad.has_class("off")


def test_texts_are_escaped(tmp_path: Path) -> None:
    name = 'Wörth & <b>"Söhne".tif'
    made = assessment(2, band_names=("<i>", "b&b"), sensor="<Sensor>", mtf_source="a < b")
    made = replace(with_bands(made, name=["<i>", "b&b"]), fused=f"folder/{name}")
    target = tmp_path / "ä & <report>.html"
    write_texts({target: quality_page.quality_page(made)})
    text = target.read_text(encoding="utf-8")
    assert "<title>Quality of Wörth &amp; &lt;b&gt;&quot;Söhne&quot;.tif<" in text
    page = Page(text)
    assert name in page.text and "<Sensor>" in page.text and "a < b" in page.text
    assert not {"i", "sensor"} & page.tags and "&amp;lt;" not in text


def test_file_name_that_is_no_text_is_shown(tmp_path: Path) -> None:
    page = quality_page.quality_page(assessment(1, fused="bad\udcff.tif"))
    write_texts({tmp_path / "r.html": page})
    assert "bad\\udcff.tif" in (tmp_path / "r.html").read_text(encoding="utf-8")


def without_data(made: Assessment) -> Assessment:
    names = ("sam_map", "q2n_map", "error_map", "overview", "pan_overview")
    holes = {name: np.full_like(getattr(made, name), np.nan) for name in names}
    crops = tuple(
        replace(crop, **{n: np.full_like(getattr(crop, n), np.nan) for n in ("ms", "pan", "fused")})
        for crop in made.crops
    )
    none = np.zeros((len(made.bands), 0), np.float32)
    statistics = ("mean", "fused_mean", "bias", "bias_percent", "rmse", "rmse_percent")
    nan = [float("nan")] * len(made.bands)
    made = with_bands(made, **dict.fromkeys((*statistics, "correlation"), nan))
    return replace(
        made, **holes, crops=crops, sample=ValuePairs(none, none), pixels=0, blocks=0,
        scores=dict.fromkeys(made.scores, float("nan")), shift=None, pan_shift=None,
        consistency=dict.fromkeys(made.consistency, float("nan")),
    )  # type: ignore[arg-type] # fmt: skip


@pytest.mark.parametrize("bands", [1, 4])
@pytest.mark.filterwarnings("error")
def test_page_without_any_data(bands: int) -> None:
    made = without_data(assessment(bands))
    page = Page(quality_page.quality_page(made))
    assert page.has_class("finding") and "nan" not in page.text
    Page(quality_page.quality_page(replace(made, crops=())))


@pytest.mark.filterwarnings("error")
def test_constant_values_have_no_regression() -> None:
    flat = np.full((1, 50), 7, np.float32)
    made = assessment(1, sample=ValuePairs(flat, flat), sam_map=np.zeros((4, 4), np.float32))
    assert "r \N{EN DASH}, slope \N{EN DASH}" in Page(quality_page.quality_page(made)).text


def test_report_that_cannot_be_written_leaves_old_one(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.mkdir()
    for path in (target, tmp_path / "nowhere" / "report.html"):
        with pytest.raises(OutputError):
            scene_test_page.write_test_report(TEST, path)
    assert list(tmp_path.iterdir()) == [target]


def test_checkerboard_breaks_lines_of_displaced_image_only() -> None:
    rng = np.random.default_rng(0)
    bands = np.cumsum(rng.normal(0, 1, (3, 64, 64)), axis=2)
    pan = 2 * bands[0] - bands[1] + 0.5 * bands[2] + 100
    assert np.allclose(figures.checkerboard(pan, bands), pan)
    moved = figures.checkerboard(pan, np.roll(bands, 3, axis=2))
    edge = np.abs(np.diff(moved, axis=1))[:, 15::16].mean()
    assert edge > 1.5 * np.abs(np.diff(pan, axis=1)).mean()
    assert np.array_equal(moved[:16, :16], pan[:16, :16])


def test_regression_equals_numpy() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(100, 20, 500)
    y = 0.8 * x + 7 + rng.normal(0, 2, 500)
    line, r = figures.regression(np.append(x, np.nan), np.append(y, 3))
    assert line == pytest.approx(np.polyfit(x, y, 1))
    assert r == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_scatter_is_darkest_where_densest() -> None:
    x = np.concatenate([np.full(1000, 50.0), np.linspace(0, 100, 500)])
    svg = ElementTree.fromstring(charts.scatter(x, x, (1, 0)))
    cells = read_png(embedded(svg)[0])[0]
    row, col = np.unravel_index(cells.argmax(), cells.shape)
    assert abs(row - cells.shape[0] / 2) < 12 and abs(col - cells.shape[1] / 2) < 12
    assert cells[-1, 0] > 0 and cells[0, 0] == 0 and cells[0, -1] > 0


def test_boxes_lie_where_crops_do() -> None:
    picture = np.zeros((50, 100, 3), np.uint8)
    svg = ElementTree.fromstring(charts.boxed(picture, [(0.5, 0.25, 0.2, 0.1)], 400))
    box = next(e for e in svg.iter() if e.attrib.get("stroke"))
    assert [float(box.attrib[k]) for k in ("x", "y", "width", "height")] == [100, 100, 40, 40]
    assert [e.text for e in svg.iter() if e.tag.endswith("text")] == ["1"]


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1234567.891, 1, "1\u202f234\u202f567.9"),
        (-0.04, 1, "0.0"),
        (-1.5, 1, "\N{MINUS SIGN}1.5"),
        (float("nan"), 2, "\N{EN DASH}"),
        (None, 2, "\N{EN DASH}"),
        (float("inf"), 2, "∞"),
    ],
)
def test_number_as_text(value: float | None, digits: int, shown: str) -> None:
    assert markup.number(value, digits) == shown


@pytest.mark.parametrize(
    ("value", "scale", "shown"),
    [(457.81, 457.8, "457.8"), (0.12344, 0.12, "0.1234"), (10234.5, 1e4, "10\u202f234"),
     (0.0, 0.0, "0.00"), (3.0, float("nan"), "3.00")],
)  # fmt: skip
def test_dn_as_text(value: float, scale: float, shown: str) -> None:
    assert markup.dn(value, scale) == shown


KSDIFF = {"method": "ksdiff", "ERGAS": 1.4, "SAM": 1.7, "Q2n": 0.93, "SCC": 0.951, "error": 0.55,
          "seconds": 12.0}  # fmt: skip
GSA = {"method": "gsa", "ERGAS": 1.9, "SAM": 1.9, "Q2n": 0.90, "SCC": 0.952, "error": 0.71,
       "seconds": 0.6}  # fmt: skip
EXP = {"method": "exp", "ERGAS": 4.4, "SAM": None, "Q2n": 0.7, "SCC": 0.5, "error": 1.1,
       "seconds": None}  # fmt: skip
TEST = {
    "rows": [KSDIFF, GSA, EXP], "winner": "ksdiff", "best": "ksdiff", "chosen": "ksdiff",
    "pixels": 589824, "windows": 16, "ratio": 4, "seconds": 31.2, "sensor": "QuickBird",
    "sentence": "3 methods were compared & so on.", "left_out": {"bt-h": "no <haze>"},
    "pan": "folder/pan.tif", "ms": "folder/m & <s>.tif",
}  # fmt: skip


def test_report_of_reduced_resolution_test(tmp_path: Path) -> None:
    target = tmp_path / "test.html"
    scene_test_page.write_test_report(TEST, target)
    text = target.read_text(encoding="utf-8")
    page = Page(text)
    assert page.headings[0] == "m & <s>.tif"
    for shown in (TEST["sentence"], "589\u202f824", "16 windows", "BT-H: no <haze>"):
        assert str(shown) in page.text
    assert not re.search(r"https?:|<script|<svg", text)
    best = re.findall(r'class="n best"[^>]*><b>([\d.]+)</b>', text)
    assert sorted(best) == ["0.550", "0.9300", "0.9520", "1.400", "1.700"]
    ergas, sam = (read_svg(str(image["src"])) for image in page.images)
    lengths = [float(e.attrib["width"]) for e in ergas.iter() if e.tag.endswith("rect")]
    assert len(lengths) == 3 and lengths == sorted(lengths)
    assert len([e for e in sam.iter() if e.tag.endswith("rect")]) == 2  # EXP has no SAM


def test_quality_page_with_reduced_resolution_test() -> None:
    plain, page = (Page(quality_page.quality_page(assessment(), test)) for test in (None, TEST))
    assert len(page.headings) == len(plain.headings) + 1
    assert comparison(TEST) in quality_page.quality_page(assessment(), TEST)
    assert comparison(TEST) in scene_test_page.scene_test_page(TEST)


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({}, ["KSDiff is the best method on this scene."]),
        (
            {"chosen": "gsa"},
            [
                "GSA is used; KSDiff had an error 23 % lower.",
                "GSA was asked for; by this test KSDiff would be used.",
            ],
        ),
        (
            {"rows": [{**GSA, "error": 0.517}, KSDIFF], "best": "gsa"},
            ["KSDiff is used; GSA had an error 6 % lower in the test, but is expected"],
        ),
        (
            {"rows": [{**GSA, "error": 0.5489}, KSDIFF], "best": "gsa"},
            ["GSA had an error 0.2 % lower"],
        ),
        (
            {"rows": [KSDIFF, {**GSA, "error": None}], "chosen": "gsa"},
            ["GSA is used; KSDiff had a lower error."],
        ),
    ],
)
def test_headline_names_method_used_and_better_ones(
    changes: dict[str, object], sentences: list[str]
) -> None:
    text = Page(scene_test_page.scene_test_page({**TEST, **changes})).text
    assert [sentence for sentence in sentences if sentence not in text] == []
    assert ("best method" in text) == (not changes)


@pytest.mark.parametrize("network", ["KSDiff", "SRINO"])
def test_fine_tuned_methods_are_explained(network: str) -> None:
    name = f"{network.lower()}-adapted"
    rows = [{**KSDIFF, "method": name, "error": 0.5}, KSDIFF, GSA]
    used = dict.fromkeys(("winner", "best", "chosen"), name)
    test = {**TEST, **used, "rows": rows, "adaptation": "It lowers the error by 9.1 %."}
    text = Page(scene_test_page.scene_test_page(test)).text
    assert f"Adapted {network} is the best method" in text and "by 9.1 %." in text
    assert f"The adapted {network} was trained on these pixels" in text
    plain = Page(scene_test_page.scene_test_page({**TEST, "adaptation": None}))
    assert "dapt" not in plain.text and "None" not in plain.text


def test_long_names_of_methods_are_not_cut_off_beside_their_bars() -> None:
    names = ["KSDiff", "MTF-GLP-HPM-H with back-projection"]
    svg = ElementTree.fromstring(charts.bars([(name, 1.0) for name in names], 0, 3, figures.HALF))
    ends = [float(text.attrib["x"]) for text in svg.iter() if text.text in names]
    assert len(ends) == 2 and min(ends) > 6 * len(names[1]), "they end there, at 6 px a letter"
    widths = [
        float(e.attrib["x"]) + float(e.attrib["width"]) for e in svg if e.tag.endswith("rect")
    ]
    assert max(widths) < figures.HALF
