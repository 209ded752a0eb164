# SPDX-License-Identifier: GPL-2.0-or-later
"""A result says how it was made, and two runs make the same bytes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import rasterio
from fakes import perform, write_pair

from core import __version__
from core.methods.registry import METHODS
from core.models import modelfile
from core.requests.scenes import Pansharpen


def sharpened(folder: Path, out: Path, **more: Any) -> dict[str, str]:
    """Sharpen the pair of a folder; return the tags of the result."""
    pair = str(folder / "pan.tif"), str(folder / "ms.tif")
    asked = Pansharpen(*pair, str(out), **{"method": "gsa", **more})
    perform(asked)
    with rasterio.open(out) as made:
        tags: dict[str, str] = made.tags()
    return tags


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_pair(tmp_path / "in")
    return tmp_path / "in"


@pytest.mark.parametrize("cog", [False, True])
def test_a_result_names_method_inputs_seed_and_program(
    folder: Path, tmp_path: Path, cog: bool
) -> None:
    tags = sharpened(folder, tmp_path / "o.tif", seed=7, cog=cog, back_projection=2)
    assert tags["TIFFTAG_SOFTWARE"] == f"KSDiff {__version__}"
    assert (tags["KSDIFF_METHOD"], tags["KSDIFF_BACK_PROJECTION"]) == ("gsa", "2")
    assert (tags["KSDIFF_PAN"], tags["KSDIFF_MS"]) == ("pan.tif", "ms.tif")
    assert tags["KSDIFF_SEED"] == "7"
    assert not [text for text in tags.values() if str(tmp_path) in text]


def test_a_network_names_its_model_and_the_hash_of_its_weights(
    folder: Path, tmp_path: Path
) -> None:
    tags = sharpened(folder, tmp_path / "o.tif", method="ksdiff", adapt=0.0)
    card = modelfile.load(METHODS["ksdiff"].model or "").card
    assert tags["KSDIFF_MODEL"] == card.name
    assert tags["KSDIFF_MODEL_SHA256"] == card.hashes["weights"]


def test_the_numbers_of_the_scene_test_are_in_the_file(folder: Path, tmp_path: Path) -> None:
    tags = sharpened(folder, tmp_path / "o.tif", method="classical")
    test = json.loads(tags["KSDIFF_SCENE_TEST"])
    assert tags["KSDIFF_METHOD"] == test["winner"]
    assert test["methods"]["gsa"]["ERGAS"] > 0
    assert "seconds" not in test["methods"]["gsa"]


def test_what_an_earlier_run_says_of_ms_is_not_said_of_the_result(
    folder: Path, tmp_path: Path
) -> None:
    with rasterio.open(folder / "ms.tif", "r+") as ms:
        ms.update_tags(KSDIFF_MODEL="of the MS", TIFFTAG_SOFTWARE="another")
    tags = sharpened(folder, tmp_path / "o.tif")
    assert "KSDIFF_MODEL" not in tags
    assert "another" not in tags.values()


@pytest.mark.parametrize("cog", [False, True])
@pytest.mark.parametrize("overviews", ["no", "yes"])
def test_two_runs_make_the_same_bytes(
    folder: Path, tmp_path: Path, cog: bool, overviews: str
) -> None:
    """Wherever the inputs lie."""
    other = Path(shutil.copytree(folder, tmp_path / "elsewhere"))
    outs = [tmp_path / name / "o.tif" for name in ("a", "b")]
    for place, out in zip((folder, other), outs, strict=True):
        out.parent.mkdir()
        sharpened(place, out, method="classical", cog=cog, overviews=overviews)
    assert outs[0].read_bytes() == outs[1].read_bytes()
