# SPDX-License-Identifier: GPL-2.0-or-later
"""`pansharpen`: what the request asks for reaches the method."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from fakes import Sampler, quiet, use, write_pair

from core.commands import pansharpen
from core.methods.noise import normal
from core.progress import Pace
from core.raster.window import Window
from core.requests import Pansharpen


def test_noise_is_that_of_the_requests_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, {"srino": lambda settings: Sampler(settings.seed)})
    pair = [str(path) for path in write_pair(tmp_path, size=64)]
    images = {}
    for method, seed in (("exp", 0), ("srino", 0), ("srino", 5)):
        request = Pansharpen(
            *pair, str(tmp_path / "o.tif"), method=method, seed=seed, output_type="float32"
        )
        done = pansharpen.perform(request, quiet, Pace())
        with rasterio.open(done["out"]) as made:
            images[method, seed] = made.read()
    for seed in (0, 5):
        noise = images["srino", seed] - images["exp", 0]
        np.testing.assert_allclose(noise, 10 * normal(seed, 4, Window(0, 0, 64, 64)), atol=1e-3)
