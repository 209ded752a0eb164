# SPDX-License-Identifier: GPL-2.0-or-later
"""The bench: finding pairs, reducing, scoring, and the tables it prints."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import write_pair

from core import quality
from core.commands import bench
from core.errors import ModelError
from core.methods.classical import Exp, MtfGlpFs
from core.scene import Patch


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sets: `quickbird`, truth and PAN on one grid, and `spot6`, a pair of ratio 4."""
    folder = tmp_path_factory.mktemp("data")
    write_pair(folder / "val" / "spot6")
    tiles = folder / "val" / "quickbird"
    tiles.mkdir()
    rng = np.random.default_rng(8)
    for number in (1, 2):
        y, x = np.mgrid[:64, :64] / 3.0
        smooth = 700 + 200 * np.sin(x / 4 + number) * np.cos(y / 5)
        detail = 60 * np.sin(2.3 * x) * np.sin(1.9 * y) + rng.normal(0, 5, smooth.shape)
        gt = np.stack([smooth * (0.7 + 0.1 * b) + detail for b in range(4)])
        grid = {"transform": Affine(1, 0, 0, 0, -1, 0), "driver": "GTiff", "dtype": "uint16"}
        for kind, image in (("gt", gt), ("pan", gt.mean(axis=0)[None])):
            path = tiles / f"qb_{number}_{kind}.tif"
            with rasterio.open(path, "w", count=len(image), height=64, width=64, **grid) as dataset:
                dataset.write(image.astype(np.uint16))
    return folder


def run(data: Path, *options: str) -> int:
    """The command with options."""
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    return bench.run(parser.parse_args(["--data", str(data), *options]))


class Better(MtfGlpFs):
    """Stands for a deep method."""

    name = "ksdiff"


def make(name: str, **options: Any) -> Any:
    """`create` of a made-up deep method."""
    return Better(options["ratio"], [0.34, 0.32, 0.30, 0.22])


def test_pairs_of_both_kinds_are_found(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    tiles = bench.find_pairs(data, "quickbird")
    assert [p.name for p in tiles] == ["qb_1", "qb_2"]
    assert tiles[1].pan.name == "qb_2_pan.tif"
    assert tiles[1].ms.name == "qb_2_gt.tif"
    (pair,) = bench.find_pairs(data / "val", "spot6")
    assert (pair.name, pair.pan.name, pair.ms.name) == ("spot6", "pan.tif", "ms.tif")
    assert bench.find_pairs(data, "no such set") == []
    assert "no such set" in caplog.text


def test_table_and_csv(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "create", make)
    target = tmp_path / "scores.csv"
    assert run(data, "--sets", "quickbird,spot6", "--tile", "32", "--csv", str(target)) == 0
    with target.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 6
    by_method = {m: [r for r in rows if r["method"] == m] for m in bench.DEFAULT_METHODS}
    assert all(len(r) == 3 for r in by_method.values())
    for exp, glp in zip(by_method["exp"], by_method["mtf-glp-fs"], strict=True):
        assert float(glp["ERGAS"]) < float(exp["ERGAS"])
        assert set(bench.METRICS) <= set(glp)
    printed = capsys.readouterr().out
    assert "quickbird, 2 scenes" in printed
    assert "spot6, 1 scene\n" in printed
    mean = np.mean([float(r["SAM"]) for r in by_method["gsa"] if r["set"] == "quickbird"])
    assert f"{mean:.4f} ±" in printed
    # The stand-in is MTF-GLP-FS with the set's own gains.
    assert "quickbird: ksdiff vs mtf-glp-fs: ERGAS +0.0 %, SAM +0.0 %" in printed
    assert "quickbird: ksdiff vs best classical: ERGAS" in printed


def test_scores_are_of_the_whole_truth_or_without_a_border(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ergas = []
    for cut in ("0", "21"):
        target = tmp_path / f"{cut}.csv"
        run(data, "--sets", "quickbird", "--methods", "exp", "--cut", cut, "--csv", str(target))
        with target.open(encoding="utf-8") as file:
            ergas.append(float(next(csv.DictReader(file))["ERGAS"]))
    assert ergas[0] != ergas[1]
    capsys.readouterr()


def test_a_method_that_cannot_run_is_named_once_and_left_out(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, **options: Any) -> Any:
        raise ModelError("There is no model.", "Train one.")

    monkeypatch.setattr(bench, "create", fail)
    assert run(data, "--sets", "quickbird", "--methods", "exp,ksdiff") == 0
    printed = capsys.readouterr().out
    assert printed.count("ksdiff left out: There is no model. Train one.") == 1
    assert "  ksdiff" not in printed
    assert "  exp" in printed


def test_nothing_measured_is_a_failure(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "--sets", "geoeye1") == 1
    assert capsys.readouterr().out == ""


def test_a_perfect_method_scores_perfectly(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is scored lies where the truth lies: a method that knows it is without error."""
    (pair,) = bench.find_pairs(data, "spot6")
    with rasterio.open(pair.ms) as dataset:
        truth = dataset.read().astype(np.float32)

    class Oracle(Exp):
        halo = 3

        def fuse(self, patch: Patch, context: None = None) -> np.ndarray:
            return truth[(slice(None), *patch.window.slices)]

    monkeypatch.setattr(bench, "create", lambda name, **options: Oracle(options["ratio"]))
    assert run(data, "--sets", "spot6", "--methods", "oracle", "--tile", "20") == 0
    row = next(r for r in capsys.readouterr().out.splitlines() if r.startswith("  oracle"))
    assert [float(v) for v in row.split()[1:4]] == pytest.approx([0, 0, 1], abs=1e-4)
    assert quality.ergas(truth, truth, 4) == 0


def test_pixels_without_data_are_not_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A scene that is half collar has scores, and they are those of the other half."""
    folder = tmp_path / "val" / "spot6"
    _, ms = write_pair(folder, 384, nodata=0)
    with rasterio.open(ms, "r+") as dataset:
        values = dataset.read()
        values[:, :, :32] = 0
        dataset.write(values)
    options = ("--sets", "spot6", "--methods", "exp,gsa", "--tile", "64")
    assert run(tmp_path, *options) == 0
    rows = [r.split() for r in capsys.readouterr().out.splitlines() if r.startswith("  ")]
    scores = np.array([[float(v) for v in row[1:]] for row in rows[1:]])
    assert scores.shape == (2, len(bench.METRICS))
    assert np.isfinite(scores).all()
    assert (scores[:, 0] < 10).all() and (scores[:, 2] > 0.5).all()
