# SPDX-License-Identifier: GPL-2.0-or-later
"""The guess which layers make a pair."""

from __future__ import annotations

import pytest

from ksdiff_qgis.gui.partner import Candidate, Pair, best, guess, of_two, overlap

BOX = (0.0, 0.0, 100.0, 100.0)


def layer(name, pixel, bands, box=BOX):
    return Candidate(name, name, box, pixel, bands)


PAN = layer("scene_PAN", 0.5, 1)
MS = layer("scene_MS", 2.0, 4)


def test_both_ways():
    assert guess(PAN, [MS]) == Pair("scene_PAN", "scene_MS")
    assert guess(MS, [PAN]) == Pair("scene_PAN", "scene_MS")


@pytest.mark.parametrize(
    "other",
    [
        layer("other_PAN", 0.5, 1, (500.0, 0.0, 600.0, 100.0)),  # elsewhere
        layer("height", 1.9, 1),  # as coarse as MS
        layer("ortho", 0.1, 3),  # colours of its own, twenty times finer
        layer("scene_MS (KSDiff)", 0.5, 4),  # a result of ours
        layer("broken", 0.0, 1),
    ],
)
def test_what_is_no_pan(other):
    assert guess(MS, [other]) == Pair(None, "scene_MS")
    assert guess(MS, [other, PAN]) == Pair("scene_PAN", "scene_MS")


def test_name_decides_between_equals():
    others = [layer("a_pan", 0.5, 1), layer("scene_pan", 0.5, 1), layer("scene_dem", 0.5, 1)]
    assert guess(MS, others).pan == "scene_pan"


def test_larger_overlap_wins():
    half = layer("scene_PAN_2", 0.5, 1, (50.0, 0.0, 150.0, 100.0))
    assert guess(MS, [half, PAN]).pan == "scene_PAN"


def test_rivals_are_told_the_likeliest_first():
    others = [layer("a", 0.5, 1), layer("scene_PAN_old", 0.5, 1), PAN]
    assert guess(MS, others) == Pair("scene_PAN", "scene_MS", ("scene_PAN_old", "a"))
    assert guess(MS, [PAN]).rivals == ()


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("fine", "coarse"),
    [
        (layer("a", 0.5, 1), layer("b", 2.0, 4)),
        (layer("a", 0.5, 3), layer("b", 2.0, 4)),
        (layer("a", 2.0, 1), layer("b", 2.0, 4)),  # as fine: the bands decide
        (layer("a", 2.0, 1), layer("b", 1.99, 4)),
    ],
)
def test_of_two_by_pixel_size_and_bands(fine, coarse, swapped):
    pair = (coarse, fine) if swapped else (fine, coarse)
    assert of_two(*pair) == Pair("a", "b")


def test_best_of_a_project():
    dem = layer("dem", 30.0, 1, (-500.0, -500.0, 500.0, 500.0))
    assert best([dem, MS, PAN]) == Pair("scene_PAN", "scene_MS")
    other = layer("pan2", 0.5, 1)
    assert best([other, MS, PAN]) == Pair("scene_PAN", "scene_MS", ("pan2",))
    assert best([MS]) == Pair(None, None)


def test_landsat_band_8_is_the_pan():
    bands = [layer(f"LC08_B{i}", 30.0, 1) for i in (2, 3, 4)]
    band8 = layer("LC08_B8", 15.0, 1)
    assert guess(bands[0], [*bands[1:], band8]) == Pair("LC08_B8", "LC08_B2")


def test_alone_a_single_band_is_taken_for_pan():
    assert guess(PAN, []) == Pair("scene_PAN", None)
    assert guess(MS, []) == Pair(None, "scene_MS")


def test_overlap():
    assert overlap(BOX, BOX) == 1.0
    assert overlap(BOX, (50.0, 0.0, 150.0, 100.0)) == 0.5
    assert overlap(BOX, (10.0, 10.0, 20.0, 20.0)) == 1.0
    assert overlap(BOX, (100.0, 0.0, 200.0, 100.0)) == 0.0
    assert overlap(BOX, (5.0, 5.0, 5.0, 5.0)) == 0.0
