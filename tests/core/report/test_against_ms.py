# SPDX-License-Identifier: GPL-2.0-or-later
"""What a report says of bands and indices against MS, odd values, the pair's shift, descriptors."""

from __future__ import annotations

import re
from html import unescape

import pytest
from assessments import assessment

from core.quality.assessment import DESCRIPTORS, Assessment, ValueShares
from core.report import against_ms, quality_page
from core.report.verdict import verdict


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def test_bands_against_ms_are_shown_beside_a_reference() -> None:
    shown = text_of(quality_page.quality_page(assessment(reference=True)))
    assert "RMSE (DN) RMSE (%) Bias (DN) Bias (%) Q blue 3.00 0.60 0.50 0.10 0.9900" in shown
    alone = text_of(quality_page.quality_page(assessment()))
    assert "RMSE (DN) RMSE (%) Bias (DN)" not in alone and " Q Detail" in alone


def test_index_is_shown_as_numbers_and_scatter() -> None:
    html = against_ms.indices(assessment(4))
    assert "NDVI nir, red: vegetation 3 000 0.4000 0.0010 0.0100 0.9980" in text_of(html)
    assert 'alt="Scatter of NDVI"' in html
    assert against_ms.indices(assessment(3)) == ""


@pytest.mark.parametrize("reference", [True, False])
def test_descriptors_are_no_scores(reference: bool) -> None:
    html = quality_page.quality_page(assessment(reference=reference))
    scores, descriptors = html.split("Descriptors, without a reference")
    assert "HQNR" not in scores and ("PSNR" in scores) == reference
    table = text_of(descriptors.partition("</table>")[0])
    assert "describe, do not rank" in table and "Best" not in table
    assert all(name.replace("_", " ", 1).split(" ")[0] in table for name in DESCRIPTORS)
    assert not [text for text in verdict(assessment()).sentences if "HQNR" in text]


def notes(made: Assessment) -> str:
    return " ".join(verdict(made).notes)


def test_negative_clipped_and_missing_values_are_noted() -> None:
    none = (0.0, 0.0)
    odd = ValueShares((0.0, 0.012), (0.0005, 0.0), (0.25, 0.0), 0.03)
    made = assessment(2, shares=odd)
    assert notes(made) == (
        "Values: 1.2 % of band 2 (green) are negative, 25.0 % of band 1 (blue) are at the highest "
        "value of the file's type and 3.0 % of the pixels with data in PAN and MS have none."
    )
    assert "3.000 % have none in the fused image" in text_of(against_ms.odd_values(made))
    assert "green 1.200 0.000 0.000" in text_of(against_ms.odd_values(made))
    assert notes(assessment(2, shares=ValueShares(none, none, none, float("nan")))) == ""


def test_shift_of_ms_is_noted_where_it_matters() -> None:
    assert notes(assessment(ms_shift=(0.5, 0.5))) == notes(assessment(ms_shift=None)) == ""
    off = assessment(ms_shift=(-2.0, 0.0))
    assert notes(off) == "The MS itself is shifted from the PAN: 2.0 PAN pixels up."
    shown = text_of(quality_page.quality_page(off))
    assert "Displacement of the MS from the PAN \N{MINUS SIGN}2.00 rows, 0.00 columns" in shown
