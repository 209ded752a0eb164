# SPDX-License-Identifier: GPL-2.0-or-later
"""The scene fit of a simulated region, beside that of the product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from fakes import quiet

from core.methods.interface import Settings
from core.methods.scene_fit import SceneFit, fused
from core.pair.scene import Scene
from core.synthetic.pairs import write_pair
from training.observation import Observation
from training.region_fit import fit_detail

pytestmark = pytest.mark.numerical


def pixels(path: Path) -> np.ndarray:
    with rasterio.open(path) as source:
        return source.read().astype(np.float32)


@pytest.mark.parametrize("seed", [3, 5])
def test_a_region_s_fit_is_as_good_as_the_product_s(tmp_path: Path, seed: int) -> None:
    pan, ms, truth = write_pair(tmp_path, 256, 4, seed)
    with Scene.open(pan, ms) as scene:
        context = SceneFit(Settings(4.0)).fitted(scene, quiet)
        patch = scene.read(scene.whole)
    assert context is not None
    product = fused(patch, context.fit, 4.0)
    seen = Observation.of(pixels(ms), 256, 4, [0.3] * 4, 0.0)
    haze = context.fit.intensity.haze
    region = seen.lms + fit_detail(seen, patch.pan, seen.gains, haze)
    reference = pixels(truth)

    def error(image: np.ndarray) -> float:
        return float(np.sqrt(np.mean((image - reference)[:, 24:-24, 24:-24] ** 2)))

    assert error(region) < 0.6 * error(seen.lms)
    assert error(region) == pytest.approx(error(product), rel=0.1)
