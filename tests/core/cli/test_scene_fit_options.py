# SPDX-License-Identifier: GPL-2.0-or-later
"""Back-projection and the scene fit at the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from core.__main__ import main
from core.synthetic.pairs import write_pair
from core.worker.protocol import EXIT_ERROR

METHODS = ["gsa", "hpm-h", "hpm-r", "awlp-h", "scene-fit"]


@pytest.fixture
def pair(tmp_path: Path) -> list[str]:
    pan, ms, _ = write_pair(tmp_path, 256, 4, 7)
    return ["pansharpen", "--pan", str(pan), "--ms", str(ms)]


def sharpened(pair: list[str], out: Path, *more: str) -> np.ndarray:
    """The image that a run writes."""
    assert main([*pair, "--out", str(out), *more]) == 0
    with rasterio.open(out) as dataset:
        return np.asarray(dataset.read())


@pytest.mark.parametrize("method", METHODS)
def test_passes_change_the_image_and_tiles_do_not(
    pair: list[str], tmp_path: Path, method: str
) -> None:
    common = ["--method", method, "--output-type", "float32"]
    plain = sharpened(pair, tmp_path / "a.tif", *common, "--back-projection", "0")
    three = sharpened(pair, tmp_path / "b.tif", *common, "--back-projection", "3")
    tiled = sharpened(pair, tmp_path / "c.tif", *common, "--back-projection", "3", "--tile", "100")
    assert np.abs(three - plain).max() > 1
    np.testing.assert_allclose(tiled, three, atol=1e-4 * np.ptp(three))


def test_a_saved_fit_reproduces_the_image(pair: list[str], tmp_path: Path) -> None:
    fit = str(tmp_path / "fit.json")
    one = sharpened(pair, tmp_path / "a.tif", "--method", "scene-fit", "--save-fit", fit)
    other = sharpened(pair, tmp_path / "b.tif", "--method", "scene-fit", "--fit", fit)
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "more",
    [
        ["--method", "gsa", "--back-projection", "11"],
        ["--method", "gsa", "--fit", "fit.json"],
        ["--method", "scene-fit", "--fit", "none.json"],
        ["--method", "scene-fit", "--save-fit", "fit.tif"],
    ],
)
def test_what_cannot_be_writes_nothing(pair: list[str], tmp_path: Path, more: list[str]) -> None:
    out = tmp_path / "o.tif"
    assert main([*pair, "--out", str(out), *more]) == EXIT_ERROR
    assert not out.exists()
