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
BAND2, BAND3 = (layer(f"LC08_B{number}", 30.0, 1) for number in (2, 3))
BAND8 = layer("LC08_B8", 15.0, 1)
HALF = layer("scene_PAN_2", 0.5, 1, (50.0, 0.0, 150.0, 100.0))
DEM = layer("dem", 30.0, 1, (-500.0, -500.0, 500.0, 500.0))


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


@pytest.mark.parametrize(
    ("clicked", "others", "pair"),
    [
        (PAN, [MS], PAIR),
        (MS, [PAN], PAIR),
        (PAN, [], LayerPair("scene_PAN", None)),  # one band
        (MS, [], LayerPair(None, "scene_MS")),
        (BAND2, [BAND3, BAND8], LayerPair("LC08_B8", "LC08_B2")),  # Landsat
        (MS, [HALF, PAN], LayerPair("scene_PAN", "scene_MS", ("scene_PAN_2",))),  # overlap
        # The name decides between equal layers, and the others are sorted.
        (
            MS,
            [layer("a", 0.5, 1), layer("scene_PAN_old", 0.5, 1), PAN],
            LayerPair("scene_PAN", "scene_MS", ("scene_PAN_old", "a")),
        ),
    ],
)
def test_partner_of_a_layer(clicked, others, pair):
    assert find_partner(clicked, others) == pair


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
    assert best_pair([DEM, MS, PAN]) == PAIR
    other = layer("pan2", 0.5, 1)
    assert best_pair([other, MS, PAN]) == LayerPair("scene_PAN", "scene_MS", ("pan2",))
    assert best_pair([MS]) == LayerPair(None, None)


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
