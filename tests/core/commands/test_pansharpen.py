# SPDX-License-Identifier: GPL-2.0-or-later
"""`pansharpen`: what the request asks for reaches the method."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import Plain, Sampler, perform, use, write_pair
from raising import raises_code
from raster_files import read

from core.methods.interface import Settings
from core.methods.noise import normal
from core.raster.window import Window
from core.requests.scenes import Pansharpen


def test_noise_is_that_of_the_requests_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, {"srino": lambda settings: Sampler(settings.seed)})
    pair = [str(path) for path in write_pair(tmp_path, size=64)]
    images = {}
    for method, seed in (("exp", 0), ("srino", 0), ("srino", 5)):
        output = str(tmp_path / "o.tif")
        asked = {"method": method, "seed": seed, "output_type": "float32", "adapt": 0}
        request = Pansharpen(*pair, output, **asked)
        images[method, seed] = read(perform(request)["out"])
    for seed in (0, 5):
        noise = images["srino", seed] - images["exp", 0]
        np.testing.assert_allclose(noise, 10 * normal(seed, 4, Window(0, 0, 64, 64)), atol=1e-3)


def test_settings_of_the_request_reach_the_method(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Settings] = []

    def make(settings: Settings) -> Plain:
        asked.append(settings)
        return Plain()

    use(monkeypatch, {"scene-fit": make})
    pan, ms = (str(path) for path in write_pair(tmp_path, size=64))
    settings = {"back_projection": 2, "device": "cpu", "model": "a", "seed": 7}
    saved = str(tmp_path / "fit.json")
    request = Pansharpen(
        pan, ms, str(tmp_path / "o.tif"), method="scene-fit", save_fit=saved, adapt=9,
        sensor="quickbird", **settings,
    )  # fmt: skip
    perform(request)
    assert {name: getattr(asked[-1], name) for name in settings} == settings
    assert (asked[-1].save_fit, asked[-1].fine_tuning_seconds) == (saved, 9)
    assert (asked[-1].ratio, asked[-1].gains) == (4, (0.34, 0.32, 0.30, 0.22))


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "ksdiff", "back_projection": 3},
        {"method": "exp", "back_projection": 3},
        {"method": "gsa-bp", "back_projection": 0},
        {"method": "scene-fit", "fit": "old.json", "back_projection": 0},
    ],
)
def test_passes_that_would_not_be_used_are_refused(tmp_path: Path, asked: dict[str, Any]) -> None:
    pan, ms = (str(path) for path in write_pair(tmp_path, size=64))
    request = Pansharpen(pan, ms, str(tmp_path / "o.tif"), **asked)
    with raises_code("back-projection-not-used", method=asked["method"]):
        perform(request)
