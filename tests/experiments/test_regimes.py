# SPDX-License-Identifier: GPL-2.0-or-later
"""What learned methods know a scene from, and what borders do where that changes."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import quiet, write_pair

from core.fusion.tiled import in_memory
from core.methods import scene_network
from core.methods.interface import Settings
from core.methods.ksdiff import KSDiffMethod
from core.pair.scene import Scene
from core.raster.window import Window
from experiments.__main__ import main
from experiments.regimes import outcomes
from experiments.regimes.outcomes import Outcome
from experiments.regimes.windows import (
    FREE,
    IMAGE,
    PLACE,
    SCENE,
    TILE,
    KSDiffCalibration,
    SRINOCalibration,
    lattice,
    middle,
)

DEFAULT, REGIMES = SCENE[64], KSDiffCalibration.regimes


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A made-up pair of 132 PAN px, not a multiple of any tile."""
    return write_pair(tmp_path_factory.mktemp("pair"), 132)


def test_the_default_regime_is_what_the_method_does(
    pair: tuple[Path, Path], small_model: Path
) -> None:
    with Scene.open(*pair) as scene:
        plain = KSDiffMethod(Settings(scene.ratio, model=str(small_model)))
        alone = replace(plain.prepare(scene, quiet), base=None)
        expected = in_memory(scene, plain, alone, 512)
        chosen = KSDiffCalibration(Settings(scene.ratio, model=str(small_model)))
        known = chosen.prepare(scene, quiet)
        windows = chosen.among(scene, chosen.sample(scene, 0), 64)
        context = chosen.context(scene, windows, known, 0)
        image = in_memory(scene, chosen.method, context, 512)
    np.testing.assert_allclose(image, expected, rtol=1e-5)


def test_kernels_per_tile_are_those_of_the_tile(pair: tuple[Path, Path], small_model: Path) -> None:
    """Each tile is what the whole scene would be with that tile's kernels."""
    with Scene.open(*pair) as scene:
        chosen = KSDiffCalibration(Settings(scene.ratio, model=str(small_model)))
        known = chosen.prepare(scene, quiet)
        image = outcomes.by_tiles(scene, chosen, known, 64, quiet)
        for part in (Window(0, 0, 64, 64), Window(64, 128, 64, 4)):
            windows = lattice(part, scene.whole, 32, 4)
            context = chosen.context(scene, windows, known, 0)
            whole = in_memory(scene, chosen.method, context, 4096)
            inside = (slice(None), *part.slices)
            assert np.abs(image[inside] - whole[inside]).max() <= 1e-5 * np.ptp(whole)
        # Untrained kernels hardly differ, but by more than rounding.
        assert np.abs(image - whole).max() > 2e-5 * np.ptp(whole)


def test_a_lattice_covers_the_scene_with_full_windows() -> None:
    whole = Window(0, 0, 150, 128)
    windows = lattice(whole, whole, 64, 4)
    assert [(w.row, w.col) for w in windows] == [
        (0, 0), (0, 64), (64, 0), (64, 64), (84, 0), (84, 64),
    ]  # fmt: skip
    assert all(w.shape == (64, 64) and w.inside(whole) for w in windows)
    assert lattice(Window(128, 0, 22, 64), whole, 64, 4) == [Window(84, 0, 64, 64)]
    small = Window(0, 0, 40, 50)
    assert lattice(small, small, 64, 4) == [small]


def test_the_middle_of_a_scene() -> None:
    assert middle(Window(0, 0, 300, 271), 256, 4) == Window(20, 4, 256, 256)
    assert middle(Window(0, 0, 150, 300), 256, 4) == Window(0, 20, 150, 256)


def test_not_frozen_is_the_limit_of_what_is_frozen(small_srino: Path, tmp_path: Path) -> None:
    """A scene of one window, shown as that window, is what the network makes of it at once."""
    with Scene.open(*write_pair(tmp_path, 32)) as scene:
        chosen = SRINOCalibration(Settings(scene.ratio, model=str(small_srino), seed=3, steps=3))
        known = chosen.prepare(scene, quiet)
        free, frozen, other = (
            chosen.method.fuse(scene.read(scene.whole), context)
            for context in (
                chosen.free(known),
                chosen.context(scene, [scene.whole], known, 3),
                chosen.context(scene, [scene.whole], known, 4),
            )
        )
    assert np.abs(free - frozen).max() < 1e-4 * np.ptp(frozen)
    assert np.abs(free - other).max() > 1e-3 * np.ptp(frozen)


def test_seams_are_measured() -> None:
    """A slope of 1 a pixel in a band and 2 in the other, with a step of 5 at each tile border."""
    y, x = np.mgrid[:64, :96].astype(np.float32)
    slope = np.stack([y + x, 2 * (y + x)])
    stepped = slope + 5 * (y // 32 + x // 32)
    assert outcomes.borders(slope, 32) == pytest.approx(1)
    assert outcomes.borders(stepped, 32) == pytest.approx((6 / 1 + 7 / 2) / 2)
    found = outcomes.seams(stepped, slope, 2 * slope, 32)
    assert found == {"seam": pytest.approx(4.75), "seam/reference": pytest.approx(4.75)}
    bent = stepped + 0.01 * x**2  # the difference has a gradient, too
    assert outcomes.seams(bent, slope, None, 32)["step"] > 4
    assert np.isnan(outcomes.borders(slope, 96))


def test_seams_ignore_holes() -> None:
    y, x = np.mgrid[:64, :64].astype(np.float32)
    slope = (y + x)[None]
    slope[:, 10:40, 20:40] = np.nan
    assert outcomes.borders(slope, 32) == pytest.approx(1)


def test_losses_are_relative_to_the_first_set_by_set() -> None:
    rows = [
        Outcome(name, str(scene), regime, 1, {"ERGAS": value, "SAM": 1.0, "Q2n": 0.9}, 0.0)
        for name, scene, regime, value in (
            ("a", 1, DEFAULT, 1.0), ("a", 2, DEFAULT, 3.0),
            ("a", 1, TILE, 2.0), ("a", 2, TILE, 3.0),
            ("b", 1, DEFAULT, 10.0), ("b", 1, TILE, 10.0),
        )
    ]  # fmt: skip
    assert outcomes.relative(rows, TILE, "ERGAS") == pytest.approx(0.125)
    assert outcomes.relative(rows, TILE, "1 - Q2n") == pytest.approx(0)


def test_the_command_compares_all_regimes(
    small_model: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Of what an untrained network adds, the scene takes nothing; then all kernels are the same.
    monkeypatch.setattr(scene_network, "fit_detail_gain", lambda added, _: np.ones(len(added)))
    write_pair(tmp_path / "val" / "spot6", 384)  # 96 px when reduced: 9 windows
    target = tmp_path / "regimes.csv"
    line = ["regimes", "--data", str(tmp_path), "--model", str(small_model), "--tile", "32"]
    line += ["--generated", "1", "--size", "64", "--csv", str(target)]
    assert main(line) == 0
    said = capsys.readouterr().out
    assert "### spot6, 1 scene" in said and "### generated, 1 scene" in said
    assert "### All 2 sets" in said
    with target.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["set"], row["regime"]) for row in rows] == [
        (name, regime) for name in ("spot6", "generated") for regime in REGIMES
    ]
    windows = {row["regime"]: int(row["windows"]) for row in rows if row["set"] == "spot6"}
    assert windows == dict.fromkeys(REGIMES, 9) | {TILE: 1}
    by_regime = {row["regime"]: row for row in rows if row["set"] == "spot6"}
    # Nine windows are the whole image here, however they are chosen.
    assert by_regime[IMAGE]["ERGAS"] == by_regime[DEFAULT]["ERGAS"] != by_regime[TILE]["ERGAS"]
    assert float(by_regime[IMAGE]["seam"]) == 1 and not by_regime[IMAGE]["step"]
    assert float(by_regime[TILE]["step"]) > 1


def test_the_command_compares_what_is_frozen(
    small_srino: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scene_network, "fit_detail_gain", lambda added, _: np.ones(len(added)))
    target = tmp_path / "regimes.csv"
    line = ["regimes", "--method", "srino", "--steps", "2", "--model", str(small_srino)]
    line += ["--generated", "1", "--size", "128", "--tile", "64", "--csv", str(target)]
    assert main(line) == 0
    assert "generated" in capsys.readouterr().out
    with target.open(newline="", encoding="utf-8") as file:
        rows = {row["regime"]: row for row in csv.DictReader(file)}
    assert tuple(rows) == SRINOCalibration.regimes
    windows = [int(rows[regime]["windows"]) for regime in (FREE, SCENE[4], PLACE, TILE)]
    assert windows == [1, 4, 16, 4]
    assert len({rows[regime]["ERGAS"] for regime in (FREE, SCENE[4], PLACE, TILE)}) == 4
    assert float(rows[FREE]["seam"]) == 1 and float(rows[TILE]["step"]) > 1
    monkeypatch.setattr(outcomes, "MOST", 100)
    assert main(line) != 0
    assert "128 x 128" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ((), ""),
        (("--generated", "1", "--tile", "48"), "48"),
        (("--generated", "1", "--size", "64", "--csv", "x.tif"), ".csv"),
    ],
)
def test_what_cannot_be_compared_is_told(
    small_model: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], named: str
) -> None:
    line = ["regimes", "--model", str(small_model), "--tile", "32", *options]
    assert main(line) != 0
    told = capsys.readouterr().err
    assert told and named in told
