# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiments on jobs, at sizes that take no time."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from experiments.__main__ import main
from experiments.cluster.command import Measured, archive
from experiments.seams.command import measure


def test_throughput_is_measured_and_drawn(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    options = ["--methods", "scene-fit", "--sizes", "512", "--workers", "1", "2"]
    assert main(["cluster", "--out", str(tmp_path), *options]) == 0
    with (tmp_path / "cluster.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["workers"] for row in rows] == ["1", "2"]
    # A part is a whole number of tiles: of 512 px, all there is.
    assert all(row["parts"] == "1" and float(row["megapixels_per_second"]) > 0 for row in rows)
    assert (tmp_path / "cluster.png").read_bytes().startswith(b"\x89PNG")


def test_what_an_archive_keeps_busy() -> None:
    """Four scenes as large as the one measured, on two nodes of two cores."""
    of = Measured(
        "scene-fit", 1000, 1, 4, 3.0, 9.0, 2.0, 8.0, 6.0, 5.0, 0.125, 0, 10_000_000, 1.0
    )  # fmt: skip
    lines = archive(of, planned=3.0, scenes=4, edge=1000, nodes=2, cores=2, disk=65.0)
    assert "0.00 TB" in lines[0]
    assert [line.split()[-2:] for line in lines[1:]] == [
        [seconds, "s"] for seconds in ("20", "12", "10", "8", "6", "2")
    ]
    assert lines[1].split("  ")[1] == "collecting, one process"


def test_a_step_of_colour_is_measured() -> None:
    rng = np.random.default_rng(0)
    image = rng.normal(500, 10, (2, 256, 256))
    plain = measure(image, image)
    assert plain.step == pytest.approx(1, abs=0.15) and plain.colour == 0
    shifted = image.copy()
    shifted[:, 128:] += 50
    moved = measure(shifted, image)
    assert moved.step > 2.5 and 1 < moved.colour < 5


def test_seams_of_a_small_scene(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seams", "--out", str(tmp_path), "--scenes", "1", "--size", "512"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["uncut", "separate", "shared"]
    assert "colour 0.000" in lines[0]
