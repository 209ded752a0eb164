# SPDX-License-Identifier: GPL-2.0-or-later
"""Means, overall results and files of a benchmark, from synthetic rows."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace

import numpy as np
import pytest

from core.benchmark import tables
from core.benchmark.tables import BenchmarkRow, Ratio, Scale

REFERENCES = {"interpolation": ("exp",), "published": ("gsa", "bt-h"), "fit": ("scene-fit",)}
METHODS = {
    "exp": (8.0, 9.0, 4.0),
    "gsa": (2.0, 4.0, 1.0),
    "bt-h": (3.0, 2.0, 2.0),
    "ksdiff": (1.0, 3.0, 0.9),
    "auto": (1.0, 3.0, 0.9),
}


def row(method: str, scene: str, ergas: float, name: str = "a") -> BenchmarkRow:
    scores = {"SAM": 1.0, "ERGAS": ergas, "Q2n": 0.9, "SCC": 0.95, "PSNR": 30.0}
    used = "ksdiff" if method == "auto" else method
    return BenchmarkRow(name, scene, "RR", method, used, scores, 1.5)


@pytest.fixture
def rows() -> list[BenchmarkRow]:
    """Two sets of two and one scenes; ksdiff, which auto selects, is best on two of them."""
    scenes = (("a", "1"), ("a", "2"), ("b", "1"))
    return [
        row(method, scene, ergas[k], name)
        for k, (name, scene) in enumerate(scenes)
        for method, ergas in METHODS.items()
    ]


def test_mean_and_sample_deviation(rows: list[BenchmarkRow]) -> None:
    a, b = tables.group_by_set(rows)
    assert (a.name, a.methods, a.scenes) == ("a", tuple(METHODS), ("1", "2"))
    assert a.mean("gsa", "ERGAS") == pytest.approx(3.0)
    assert a.std("gsa", "ERGAS") == pytest.approx(np.std([2, 4], ddof=1))
    assert b.std("gsa", "ERGAS") is None
    assert a.metrics == ("ERGAS", "SAM", "Q2n", "SCC", "PSNR")


def test_loss_is_compared_with_the_best_reference_of_each_scene(rows: list[BenchmarkRow]) -> None:
    results = tables.compare_over_sets(tables.group_by_set(rows), REFERENCES)
    assert set(results) == {"ERGAS", "SAM", "1 - Q2n"}
    ergas = results["ERGAS"]
    # The better of gsa and bt-h has 2 and 2 on the scenes of set a, and 1 on that of set b.
    ratio = ergas["ksdiff"]["published"]
    assert ratio.mean == pytest.approx((((1 / 2) * (3 / 2)) ** 0.5 * 0.9) ** 0.5)
    assert (ratio.worst, ratio.lower) == (pytest.approx(3 / 2), 2)
    assert ergas["gsa"]["published"].mean == pytest.approx(((1 * 4 / 2) ** 0.5) ** 0.5)
    assert ergas["exp"]["interpolation"].mean == pytest.approx(1.0)
    assert results["SAM"]["ksdiff"]["published"].lower == 0, "all have the same SAM"
    assert "fit" not in ergas["ksdiff"], "no scene fit was run"


def test_an_index_that_one_band_does_not_have_is_compared_on_the_other_sets(
    rows: list[BenchmarkRow],
) -> None:
    one_band = [
        replace(each, scores={**each.scores, "SAM": math.nan}) if each.set == "b" else each
        for each in rows
    ]
    whole, without = (
        tables.compare_over_sets(tables.group_by_set(each), REFERENCES) for each in (rows, one_band)
    )
    assert without["SAM"]["ksdiff"]["published"].mean == pytest.approx(1.0)
    assert without["ERGAS"] == whole["ERGAS"]
    nowhere = [replace(each, scores={**each.scores, "SAM": math.nan}) for each in rows]
    assert "SAM" not in tables.compare_over_sets(tables.group_by_set(nowhere), REFERENCES)


def test_method_that_lacks_scenes_is_not_compared(rows: list[BenchmarkRow]) -> None:
    rows = [each for each in rows if (each.method, each.set) != ("bt-h", "b")]
    groups = tables.group_by_set(rows)
    assert "bt-h" not in tables.compare_over_sets(groups, REFERENCES)["ERGAS"]
    fewer = [each for each in rows if (each.method, each.scene) != ("ksdiff", "2")]
    assert "ksdiff (1 of 2)" in tables.set_table(tables.group_by_set(fewer)[0])


def test_loss_at_full_resolution_is_1_minus_hqnr() -> None:
    scores = {"gsa": 0.90, "ksdiff": 0.95}
    scale: Scale = "FR"
    rows = [
        BenchmarkRow("a", "1", scale, m, m, {"HQNR": h, "D_s": 0.1}, 1.0) for m, h in scores.items()
    ]
    table = tables.compare_over_sets(tables.group_by_set(rows), REFERENCES)
    assert table["1 - HQNR"]["ksdiff"]["published"] == Ratio(
        pytest.approx(0.5), pytest.approx(0.5), 1
    )


def test_text_is_a_markdown_table(rows: list[BenchmarkRow]) -> None:
    text = tables.as_text(rows, REFERENCES, ["b: not much of a set."])
    assert text.startswith("### a, reduced resolution, 2 scenes\n\n| method")
    assert "### b, reduced resolution, 1 scene\n" in text
    assert (
        "### All at reduced resolution: ERGAS over that of a reference, 2 sets, 3 scenes\n" in text
    )
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    found = {each[0]: each for each in cells[:7]}
    assert found["gsa"][1] == f"3.0000 ± {np.std([2, 4], ddof=1):.4f}"
    assert "auto (ksdiff 2)" in found and found["exp"][-1] == "1.5"
    assert {len(line) for line in lines[:7]} == {len(lines[0])}
    table = text[text.index("### All at reduced resolution: ERGAS") :].split("\n\n")[1].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert cells[0] == [
        "method",
        *("interpolation", "worst", "lower on"),
        *("published", "worst", "lower on"),
    ]
    assert cells[-2][0] == "ksdiff" and cells[-2][4:] == ["0.883", "1.500", "2"]
    assert text.endswith("\n- b: not much of a set.\n")


def test_csv_has_a_line_per_row(rows: list[BenchmarkRow]) -> None:
    full = BenchmarkRow("a", "1", "FR", "gsa", "gsa", {"HQNR": 0.9}, 2.0)
    read = list(csv.DictReader(io.StringIO(tables.as_csv([*rows, full]))))
    assert len(read) == len(rows) + 1
    assert read[0] == {
        "set": "a", "scene": "1", "scale": "RR", "method": "exp", "used": "exp", "ERGAS": "8.0",
        "SAM": "1.0", "Q2n": "0.9", "SCC": "0.95", "PSNR": "30.0", "HQNR": "", "seconds": "1.5",
    }  # fmt: skip
    assert read[-1]["HQNR"] == "0.9" and read[-1]["ERGAS"] == ""
    assert read[-2]["method"] == "auto" and read[-2]["used"] == "ksdiff"


def test_json_has_rows_figures_and_facts(rows: list[BenchmarkRow]) -> None:
    rows[0].scores["PSNR"] = float("inf")
    read = json.loads(tables.as_json(rows, REFERENCES, {"when": "today"}))
    assert read["when"] == "today" and len(read["rows"]) == len(rows)
    assert read["rows"][0]["PSNR"] is None
    a = read["sets"][0]
    assert (a["name"], a["scale"], a["scenes"]) == ("a", "RR", 2)
    assert a["methods"]["gsa"]["mean"]["ERGAS"] == 3.0
    assert a["methods"]["gsa"]["std"]["ERGAS"] == pytest.approx(2**0.5)
    assert a["methods"]["auto"]["used"] == {"ksdiff": 2}
    assert read["sets"][1]["methods"]["gsa"]["std"]["ERGAS"] is None
    assert read["total"]["RR"]["ERGAS"]["ksdiff"]["published"]["lower"] == 2
    assert read["total"]["FR"] == {}
