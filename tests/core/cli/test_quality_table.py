# SPDX-License-Identifier: GPL-2.0-or-later
"""`quality` at a terminal: each band and index against MS, odd values, the pair, descriptors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from scenes import GRID, landscape, write

from core.__main__ import main
from core.worker.protocol import EXIT_OK


def test_table_and_json_hold_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    images = landscape(256, 256)
    fused = images.reference.copy()
    fused[0, :32] = -1
    request = images.written(tmp_path, fused)
    write(tmp_path / "ms.tif", images.ms, GRID * Affine.scale(4), names=("red", "nir", "my band"))
    files = ["--pan", request.pan, "--ms", request.ms, "--fused", request.fused]
    assert main(["quality", *files, "--json", str(tmp_path / "n.json")]) == EXIT_OK
    shown = capsys.readouterr().out
    found = json.loads((tmp_path / "n.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in found["consistency_bands"]] == ["red", "nir", "my band"]
    row = found["consistency_bands"][2]
    assert set(row) == {"name", "rmse", "rmse_percent", "bias", "bias_percent", "q"}
    assert f"my band     {row['rmse']:>10.4g}" in shown
    (index,) = found["indices"]
    assert (index["name"], index["bands"]) == ("NDVI", [1, 0])
    assert f"NDVI        {index['mean']:>10.4f}{index['rmse']:>10.4f}" in shown
    assert found["shares"]["negative"] == [0.125, 0, 0] and found["shares"]["nodata"] == 0
    assert "12.500% negative" in shown
    assert np.abs(found["ms_shift"]).max() < 0.2 and "MS lies " in shown
    descriptors = shown[shown.index("Descriptors; they describe, do not rank") :]
    assert "HQNR" in descriptors and "best" not in descriptors
