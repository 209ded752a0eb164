# SPDX-License-Identifier: GPL-2.0-or-later
"""The demo of many scenes, with two small ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.cluster_demo import main

pytest.importorskip("distributed")


def test_two_scenes_on_two_workers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):  # the second time what is there is made anew
        assert main(["--folder", str(tmp_path), "--scenes", "2", "--size", "128"]) == 0
    results = sorted(path.name for path in (tmp_path / "results").glob("*.tif"))
    assert len(results) == 2
    said = capsys.readouterr().out
    assert said.count("python -m core plan") == said.count("python -m core cluster") == 2
    assert "2 scenes, 2 parts" in said and "2 parts in" in said
