# SPDX-License-Identifier: GPL-2.0-or-later
"""The reports: every section is there, one file, well-formed, and its pictures are pictures."""

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
from raising import raises_code
from rasterio.io import MemoryFile

from core.errors import OutputError
from core.quality.assessment import INDICES, Assessment, ValuePairs
from core.raster.geotiff import quietly
from core.raster.writer import write_texts
from core.report import charts, figures, markup, pages
from core.report.comparison import comparison

SECTIONS = (
    "Scores", "Bands", "At full resolution", "The whole image", "Error of each band",
    "Values of each band", "Settings and versions", "How this was computed",
)  # fmt: skip
VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """What a page holds; fails where tags are not closed in order."""

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


def pictures(page: Page) -> list[tuple[str, bytes]]:
    """Kind and content of every picture, those inside of SVG too."""
    found = []
    addresses = [str(image["src"]) for image in page.images]
    while addresses:
        head, _, content = addresses.pop().partition(";base64,")
        data = base64.b64decode(content, validate=True)
        kind = head.removeprefix("data:image/")
        found.append((kind, data))
        if kind == "svg+xml":
            tree = ElementTree.fromstring(data)
            link = "{http://www.w3.org/1999/xlink}href"
            addresses += [e.attrib[link] for e in tree.iter() if link in e.attrib]
    return found


@pytest.mark.parametrize(("bands", "reference"), [(1, False), (4, True), (8, False), (16, True)])
def test_a_page_has_everything_and_needs_nothing(bands: int, reference: bool) -> None:
    text = pages.quality_page(assessment(bands, reference=reference))
    page = Page(text)
    assert page.headings == ["fused.tif", *SECTIONS]
    assert not {"script", "link", "iframe", "svg", "object"} & page.tags
    assert not re.search(r"https?:|url\(|@import|javascript:", text)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    kinds = [kind for kind, _ in pictures(page)]
    per_crop = 5 if reference else 4
    assert kinds.count("svg+xml") == 1 + 2 * bands
    # Crops, overview in its SVG, PAN, two maps, three scales, errors, scatters in their SVG.
    assert kinds.count("png") == 2 * per_crop + 1 + 1 + 2 + 3 + bands + bands
    assert all(image["alt"] and image["width"] and image["height"] for image in page.images)
    assert len(text) < 4e6
    assert "nan" not in page.text and "None" not in page.text


def test_pictures_are_pictures_and_not_empty() -> None:
    for kind, data in pictures(Page(pages.quality_page(assessment(3, reference=True)))):
        if kind == "png":
            with quietly(), MemoryFile(data) as memory, memory.open() as picture:
                assert picture.driver == "PNG" and np.ptp(picture.read()) > 0
        else:
            root = ElementTree.fromstring(data)
            assert float(root.attrib["width"]) > 100 and len(list(root.iter())) > 4


def test_scores_are_those_there_are_each_with_a_meaning() -> None:
    text = Page(pages.quality_page(assessment(reference=True))).text
    for shown in ("1.200°", "1.100", "0.9300", "41.00 dB", "0.9700", "0.0200", "0.9400"):
        assert shown in text
    without = Page(pages.quality_page(assessment())).text
    assert "No reference was given" in without and "41.00 dB" not in without
    assert {"SAM", "ERGAS", "Q2n", "SCC", "PSNR", "SSIM"} < INDICES.keys()
    assert all(index.meaning.endswith(".") for index in INDICES.values())


def test_the_interpolation_is_told() -> None:
    assert "23-tap filter" in pages.quality_page(assessment())
    other = pages.quality_page(assessment(interpolation="georeferenced"))
    assert "georeference puts it" in other and "23-tap filter" not in other
    both = pages.quality_page(assessment(reference=True))
    assert "PSNR pools" in both and "23-tap filter" in both
    scores = {"SAM": 1.0, "ERGAS": 1.0}
    alone = pages.quality_page(assessment(reference=True, scores=scores))
    assert "PSNR pools" in alone and "23-tap filter" not in alone


def test_the_fault_is_in_verdict_and_tables() -> None:
    good = pages.quality_page(assessment())
    bad = pages.quality_page(reversed_bands(assessment()))
    assert 'class="verdict good"' in good and 'class="finding"' not in good
    assert 'class="verdict bad"' in bad and "The band order looks wrong" in bad
    assert bad.index("The band order looks wrong") < bad.index("<h2>")
    assert bad.count('<td class="off">') == 4 and '<td class="off">' not in good


def test_texts_are_escaped(tmp_path: Path) -> None:
    name = 'Wörth & <b>"Söhne".tif'
    made = assessment(2, band_names=("<i>", "b&b"), sensor="<Sensor>", mtf_source="a < b")
    made = replace(with_bands(made, name=["<i>", "b&b"]), fused=Path("folder") / name)
    target = tmp_path / "ä & <report>.html"
    write_texts({target: pages.quality_page(made)})
    text = target.read_text(encoding="utf-8")
    assert "<title>Quality of Wörth &amp; &lt;b&gt;&quot;Söhne&quot;.tif<" in text
    page = Page(text)
    assert name in page.text and "<Sensor>" in page.text and "a < b" in page.text
    assert not {"i", "sensor"} & page.tags and "&amp;lt;" not in text


def test_a_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    page = pages.quality_page(assessment(1, fused=Path("bad\udcff.tif")))
    write_texts({tmp_path / "r.html": page})
    assert "bad\\udcff.tif" in (tmp_path / "r.html").read_text(encoding="utf-8")


def empty(made: Assessment) -> Assessment:
    """With no data anywhere."""
    names = ("sam_map", "q2n_map", "error_map", "overview", "pan_overview")
    holes = {name: np.full_like(getattr(made, name), np.nan) for name in names}
    crops = tuple(
        replace(crop, **{n: np.full_like(getattr(crop, n), np.nan) for n in ("ms", "pan", "fused")})
        for crop in made.crops
    )
    none = np.zeros((len(made.bands), 0), np.float32)
    nan = [float("nan")] * len(made.bands)
    made = with_bands(made, mean=nan, fused_mean=nan, bias=nan, bias_percent=nan, rmse=nan,
                      rmse_percent=nan, correlation=nan)  # fmt: skip
    return replace(
        made, **holes, crops=crops, sample=ValuePairs(none, none), pixels=0, blocks=0,
        scores=dict.fromkeys(made.scores, float("nan")), shift=None, pan_shift=None,
        consistency=dict.fromkeys(made.consistency, float("nan")),
    )  # type: ignore[arg-type] # fmt: skip


@pytest.mark.parametrize("bands", [1, 4])
@pytest.mark.filterwarnings("error")
def test_a_page_about_nothing_says_so(bands: int) -> None:
    made = empty(assessment(bands))
    page = Page(pages.quality_page(made))
    assert "No pixel has data" in page.text and "nan" not in page.text
    assert "Nothing here could be computed" in page.text
    Page(pages.quality_page(replace(made, crops=())))


@pytest.mark.filterwarnings("error")
def test_values_that_are_all_the_same() -> None:
    flat = np.full((1, 50), 7, np.float32)
    made = assessment(1, sample=ValuePairs(flat, flat), sam_map=np.zeros((4, 4), np.float32))
    assert "r \N{EN DASH}, slope \N{EN DASH}" in Page(pages.quality_page(made)).text


def test_the_same_assessment_gives_the_same_page() -> None:
    assert pages.quality_page(assessment(3)) == pages.quality_page(assessment(3))


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.mkdir()
    with raises_code("output-not-writable"):
        pages.write_test_report(FACTS, target)
    with pytest.raises(OutputError):
        pages.write_test_report(FACTS, tmp_path / "nowhere" / "report.html")
    assert list(tmp_path.iterdir()) == [target]


def test_displaced_lines_break_in_the_chequered_panel() -> None:
    """Between squares of PAN and of the image itself nothing breaks; of a moved image it does."""
    rng = np.random.default_rng(0)
    bands = np.cumsum(rng.normal(0, 1, (3, 64, 64)), axis=2)
    pan = 2 * bands[0] - bands[1] + 0.5 * bands[2] + 100
    assert np.allclose(figures.checkerboard(pan, bands), pan)
    assert np.allclose(figures.checkerboard(pan, bands[::-1]), pan)
    moved = figures.checkerboard(pan, np.roll(bands, 3, axis=2))
    edge = np.abs(np.diff(moved, axis=1))[:, 15::16].mean()
    assert edge > 1.5 * np.abs(np.diff(pan, axis=1)).mean()
    assert np.array_equal(moved[:16, :16], pan[:16, :16])


def test_regression_is_that_of_numpy() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(100, 20, 500)
    y = 0.8 * x + 7 + rng.normal(0, 2, 500)
    line, r = figures.regression(np.append(x, np.nan), np.append(y, 3))
    assert line == pytest.approx(np.polyfit(x, y, 1))
    assert r == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_the_densest_place_of_a_scatter_is_the_darkest() -> None:
    x = np.concatenate([np.full(1000, 50.0), np.linspace(0, 100, 500)])
    svg = ElementTree.fromstring(charts.scatter(x, x, (1, 0)))
    link = "{http://www.w3.org/1999/xlink}href"
    content = next(e.attrib[link] for e in svg.iter() if link in e.attrib).partition(",")[2]
    with quietly(), MemoryFile(base64.b64decode(content)) as memory, memory.open() as picture:
        cells = picture.read(1)
    row, col = np.unravel_index(cells.argmax(), cells.shape)
    assert abs(row - cells.shape[0] / 2) < 12 and abs(col - cells.shape[1] / 2) < 12
    assert cells[-1, 0] > 0 and cells[0, 0] == 0 and cells[0, -1] > 0


def test_boxes_lie_where_the_crops_do() -> None:
    svg = ElementTree.fromstring(
        charts.boxed(np.zeros((50, 100, 3), np.uint8), [(0.5, 0.25, 0.2, 0.1)], 400)
    )
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
def test_numbers_as_text(value: float | None, digits: int, shown: str) -> None:
    assert markup.number(value, digits) == shown


@pytest.mark.parametrize(
    ("value", "scale", "shown"),
    [(457.81, 457.8, "457.8"), (0.12344, 0.12, "0.1234"), (10234.5, 1e4, "10\u202f234"),
     (0.0, 0.0, "0.00"), (3.0, float("nan"), "3.00")],
)  # fmt: skip
def test_dn_as_text(value: float, scale: float, shown: str) -> None:
    assert markup.dn(value, scale) == shown


FACTS = {
    "rows": [
        {"method": "ksdiff", "ERGAS": 1.4, "SAM": 1.7, "Q2n": 0.93, "SCC": 0.951, "error": 0.55,
         "seconds": 12.0},
        {"method": "gsa", "ERGAS": 1.9, "SAM": 1.9, "Q2n": 0.90, "SCC": 0.952, "error": 0.71,
         "seconds": 0.6},
        {"method": "exp", "ERGAS": 4.4, "SAM": None, "Q2n": 0.7, "SCC": 0.5, "error": 1.1,
         "seconds": None},
    ],
    "winner": "ksdiff", "best": "ksdiff", "chosen": "ksdiff", "pixels": 589824, "windows": 16,
    "ratio": 4, "seconds": 31.2, "sensor": "QuickBird",
    "sentence": "3 methods were compared & so on.", "left_out": {"bt-h": "no <haze>"},
    "pan": "folder/pan.tif", "ms": "folder/m & <s>.tif",
}  # fmt: skip


def test_the_scene_test_tells_what_was_compared(tmp_path: Path) -> None:
    target = tmp_path / "test.html"
    pages.write_test_report(FACTS, target)
    text = target.read_text(encoding="utf-8")
    page = Page(text)
    assert page.headings[0] == "m & <s>.tif"
    assert "KSDiff is the best method on this scene." in page.text
    assert "3 methods were compared & so on." in page.text
    assert "589\u202f824 pixels of the MS" in page.text and "16 windows" in page.text
    assert "BT-H: no <haze>" in page.text and "asked for" not in page.text
    assert not re.search(r"https?:|<script|<svg", text)
    best = re.findall(r'class="n best"[^>]*><b>([\d.]+)</b>', text)
    assert sorted(best) == ["0.550", "0.9300", "0.9520", "1.400", "1.700"]
    bars = [ElementTree.fromstring(data) for kind, data in pictures(page)]
    assert len(bars) == 2
    lengths = [float(e.attrib["width"]) for e in bars[0].iter() if e.tag.endswith("rect")]
    assert len(lengths) in (2, 3) and lengths[0] < lengths[1]


def test_what_adapting_to_the_scene_does_is_told() -> None:
    said = "Adapting KSDiff to the scene lowers its error by 9.1 % in the test."
    rows = [{**FACTS["rows"][0], "method": "ksdiff-adapted", "error": 0.5}, *FACTS["rows"]]
    used = dict.fromkeys(("winner", "best", "chosen"), "ksdiff-adapted")
    page = Page(pages.scene_test_page({**FACTS, **used, "rows": rows, "adaptation": said}))
    assert "Adapted KSDiff is the best method on this scene." in page.text
    assert said in page.text
    assert "The adapted KSDiff had learnt on this coarse pair made coarser once more." in page.text
    rows += [{**rows[0], "method": "srino-adapted"}, {**rows[0], "method": "srino"}]
    both = Page(pages.scene_test_page({**FACTS, **used, "rows": rows, "adaptation": said}))
    assert "The adapted SRINO had learnt on this coarse pair" in both.text
    assert "Adapted SRINO" in both.text
    plain = Page(pages.scene_test_page({**FACTS, "adaptation": None}))
    assert "dapt" not in plain.text and "None" not in plain.text


def test_a_page_of_quality_may_have_the_comparison() -> None:
    text = pages.quality_page(assessment(), FACTS)
    page = Page(text)
    assert page.headings == [
        "fused.tif", *SECTIONS[:-2], "Methods compared on this scene", *SECTIONS[-2:],
    ]  # fmt: skip
    assert "3 methods were compared & so on. By this test KSDiff is the method" in page.text
    assert "589\u202f824 pixels of the MS" in page.text and "BT-H: no <haze>" in page.text
    assert comparison(FACTS) in text and comparison(FACTS) in pages.scene_test_page(FACTS)


def test_another_method_than_the_winner_is_told() -> None:
    facts = {**FACTS, "chosen": "gsa", "left_out": {}, "windows": 1}
    page = Page(pages.scene_test_page(facts))
    assert "GSA is used; KSDiff had an error 23 % lower." in page.text
    assert "GSA was asked for; by this test KSDiff would be used." in page.text
    assert "Not tried" not in page.text and "scattered" not in page.text


@pytest.mark.parametrize(
    ("error", "lower"), [(0.517, "an error 6 % lower"), (0.5489, "an error 0.2 % lower")]
)
def test_the_winner_is_not_called_best_where_another_had_less_error(
    error: float, lower: str
) -> None:
    rows = [{**FACTS["rows"][1], "error": error}, FACTS["rows"][0]]
    page = Page(pages.scene_test_page({**FACTS, "rows": rows, "best": "gsa"}))
    end = "which is too little to tell one ratio coarser."
    assert f"KSDiff is used; GSA had {lower}, {end}" in page.text
    assert "best method" not in page.text and "asked for" not in page.text


def test_a_method_whose_error_is_not_known_is_used_all_the_same() -> None:
    rows = [FACTS["rows"][0], {**FACTS["rows"][1], "error": None}]
    page = Page(pages.scene_test_page({**FACTS, "rows": rows, "chosen": "gsa"}))
    assert "GSA is used; KSDiff had a lower error." in page.text


@pytest.mark.parametrize("reference", [False, True])
def test_which_pixels_count_and_what_psnr_is_relative_to(reference: bool) -> None:
    page = Page(pages.quality_page(assessment(reference=reference, peak=1023.0)))
    text = " ".join(page.text.split())
    alone = "Pixels without data in the fused image, the PAN or the MS, and blocks"
    against = "Pixels without data in the fused image or the reference (for the indices from"
    assert (alone in text, against in text) == (not reference, reference)
    assert ("Largest: 1 023." in text) == reference
