# SPDX-License-Identifier: GPL-2.0-or-later
"""Which layers make a pair of PAN and MS."""

from __future__ import annotations

import pytest

from ksdiff_qgis.layers.pairing import (
    Candidate,
    LayerPair,
    best_pair,
    find_partner,
    order_two,
    overlap,
)

BOX = (0.0, 0.0, 100.0, 100.0)


def layer(name, pixel, bands, box=BOX):
    return Candidate(name, name, box, pixel, bands)


PAN = layer("scene_PAN", 0.5, 1)
MS = layer("scene_MS", 2.0, 4)
PAIR = LayerPair("scene_PAN", "scene_MS")


@pytest.mark.parametrize(("clicked", "other"), [(PAN, MS), (MS, PAN)])
def test_partner_of_either_layer(clicked, other):
    assert find_partner(clicked, [other]) == PAIR


@pytest.mark.parametrize(
    "other",
    [
        layer("other_PAN", 0.5, 1, (500.0, 0.0, 600.0, 100.0)),  # elsewhere
        layer("height", 1.9, 1),  # as coarse as MS
        layer("ortho", 0.1, 3),  # several bands, twenty times finer
        layer("scene_MS (KSDiff)", 0.5, 4),  # a result
        layer("broken", 0.0, 1),
    ],
)
def test_layers_that_are_no_pan(other):
    assert find_partner(MS, [other]) == LayerPair(None, "scene_MS")
    assert find_partner(MS, [other, PAN]) == PAIR


def test_name_decides_between_equal_layers():
    others = [layer("a_pan", 0.5, 1), layer("scene_pan", 0.5, 1), layer("scene_dem", 0.5, 1)]
    assert find_partner(MS, others).pan == "scene_pan"


def test_larger_overlap_wins():
    half = layer("scene_PAN_2", 0.5, 1, (50.0, 0.0, 150.0, 100.0))
    assert find_partner(MS, [half, PAN]).pan == "scene_PAN"


def test_rivals_are_sorted_by_score():
    others = [layer("a", 0.5, 1), layer("scene_PAN_old", 0.5, 1), PAN]
    assert find_partner(MS, others) == LayerPair("scene_PAN", "scene_MS", ("scene_PAN_old", "a"))
    assert find_partner(MS, [PAN]).rivals == ()


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("fine", "coarse"),
    [
        (layer("a", 0.5, 1), layer("b", 2.0, 4)),
        (layer("a", 0.5, 3), layer("b", 2.0, 4)),
        (layer("a", 2.0, 1), layer("b", 2.0, 4)),  # of equal pixel size: the bands decide
        (layer("a", 2.0, 1), layer("b", 1.99, 4)),
    ],
)
def test_two_layers_are_ordered_by_pixel_size_and_bands(fine, coarse, swapped):
    pair = (coarse, fine) if swapped else (fine, coarse)
    assert order_two(*pair) == LayerPair("a", "b")


def test_best_pair_of_a_project():
    dem = layer("dem", 30.0, 1, (-500.0, -500.0, 500.0, 500.0))
    assert best_pair([dem, MS, PAN]) == PAIR
    other = layer("pan2", 0.5, 1)
    assert best_pair([other, MS, PAN]) == LayerPair("scene_PAN", "scene_MS", ("pan2",))
    assert best_pair([MS]) == LayerPair(None, None)


def test_landsat_band_8_is_pan():
    bands = [layer(f"LC08_B{i}", 30.0, 1) for i in (2, 3, 4)]
    band8 = layer("LC08_B8", 15.0, 1)
    assert find_partner(bands[0], [*bands[1:], band8]) == LayerPair("LC08_B8", "LC08_B2")


def test_single_layer_is_pan_if_it_has_one_band():
    assert find_partner(PAN, []) == LayerPair("scene_PAN", None)
    assert find_partner(MS, []) == LayerPair(None, "scene_MS")


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (BOX, 1.0),
        ((50.0, 0.0, 150.0, 100.0), 0.5),
        ((10.0, 10.0, 20.0, 20.0), 1.0),
        ((100.0, 0.0, 200.0, 100.0), 0.0),
        ((5.0, 5.0, 5.0, 5.0), 0.0),
    ],
)
def test_overlap(other, share):
    assert overlap(BOX, other) == share
