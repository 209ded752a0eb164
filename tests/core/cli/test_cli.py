# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line: the same run as in the worker, for people."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rasterio
from fakes import ROOT, Sampler, perform, use, write_pair
from raising import raises_code

from core.__main__ import COMMANDS, main
from core.methods import registry
from core.methods.interface import Settings
from core.requests.scenes import Pansharpen
from core.worker.protocol import EXIT_CANCELLED, EXIT_ERROR


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    pan, ms = write_pair(tmp_path / "in")
    return str(pan), str(ms)


def options(pair: tuple[str, str], out: Path, *more: str) -> list[str]:
    return ["pansharpen", "--pan", pair[0], "--ms", pair[1], "--out", str(out), *more]


def test_pansharpen_prints_result_and_progress(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "o.tif"
    assert main(options(pair, out, "--method", "gsa", "--tile", "64")) == 0
    said = capsys.readouterr()
    assert str(out) in said.out
    assert said.out.count("\n") == 1
    assert "100 %  Done" in said.err
    with rasterio.open(out) as made:
        assert made.shape == (192, 192)
        assert made.count == 4


def test_options_shape_the_output(pair: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "o.tif"
    more = ["--method=exp", "--ms-bands=3,1", "--output-type=float32", "--co", "COMPRESS=LZW"]
    more += ["--extent=500010,4999980,500040,4999990", "--nodata=-1", "--cog"]
    assert main(options(pair, out, *more)) == 0
    with rasterio.open(out) as made:
        assert made.descriptions == ("red", "blue")
        assert made.dtypes == ("float32", "float32")
        assert made.shape == (20, 60)
        assert made.nodata == -1
        assert made.profile["compress"] == "lzw"
        assert made.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pan": "absent.tif"}, "raster-missing"),
        ({"method": "magic"}, "unknown-method"),
        ({"pan_band": 9}, "no-such-band"),
        ({"tile": 0}, "tile-too-small"),
        ({"adapt": -1.0}, "negative-seconds"),
        ({"method": "ksdiff-adapted", "adapt": 0.0}, "fine-tuning-needs-time"),
        ({"method": "srino-adapted", "adapt": 0.0}, "fine-tuning-needs-time"),
        ({"steps": 3}, "method-does-not-sample"),
        ({"method": "auto", "steps": 3, "spread": "s.tif"}, "method-does-not-sample"),
        ({"method": "srino", "steps": 0}, "steps-not-positive"),
        ({"method": "gsa", "back_projection": 11}, "back-projection-passes"),
        ({"method": "gsa", "fit": "fit.json"}, "fit-needs-scene-fit"),
        ({"method": "scene-fit", "fit": "none.json"}, "fit-not-read"),
    ],
)
def test_request_that_cannot_be_served_writes_nothing(
    pair: tuple[str, str], tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    out = tmp_path / "o.tif"
    request = replace(Pansharpen(*pair, str(out), method="exp"), **changes)
    with raises_code(code):
        perform(request)
    assert not out.exists()


def test_error_is_a_line_and_its_remedy(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options(pair, tmp_path / "o.tif", "--method", "magic")) == EXIT_ERROR
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("[")]
    assert len(lines) == 2
    assert lines[0].startswith("error: ") and "magic" in lines[0]


def test_sampling_options_reach_the_method(
    pair: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Settings] = []

    def make(settings: Settings) -> Sampler:
        asked.append(settings)
        return Sampler(settings.seed)

    use(monkeypatch, {"srino": make, Sampler.name: make})
    out, spread = tmp_path / "o.tif", tmp_path / "spread.tif"
    more = ["--method", "srino", "--adapt", "0", "--steps", "8", "--seed", "5"]
    more += ["--spread", str(spread)]
    assert main(options(pair, out, *more)) == 0
    assert {(each.steps, each.seed) for each in asked} == {(8, 5)}
    said = capsys.readouterr()
    assert str(spread) in said.out
    with rasterio.open(spread) as made:
        assert made.descriptions[0] == "blue: half-width of the 90 % interval (DN)"
        assert made.read().min() > 0


def test_program_fault_is_one_line(
    pair: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*args: Any, **more: Any) -> None:
        raise KeyError("oh")

    monkeypatch.setattr(registry, "create", broken)
    assert main(options(pair, tmp_path / "o.tif")) == 1
    assert "error: KeyError: 'oh'" in capsys.readouterr().err


def test_values_may_begin_with_a_minus(
    pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Pansharpen] = []

    def ask(request: Pansharpen, progress: Any, pace: Any) -> dict[str, object]:
        asked.append(request)
        facts = {"method": "gsa", "bands": 4, "tiles": 1, "seconds": 0.1}
        return {"out": request.out, "scene_test": None, "spread": None, **facts}

    monkeypatch.setattr("core.cli.pansharpen.perform", ask)
    more = ["--extent", "-10.5,40,-10,41", "--nodata", "-1e30", "--cog"]
    assert main(options(pair, tmp_path / "o.tif", *more)) == 0
    assert asked[0].extent == (-10.5, 40.0, -10.0, 41.0)
    assert asked[0].nodata == -1e30
    assert asked[0].cog


@pytest.mark.parametrize("line", [[], ["dance"], ["pansharpen"]])
def test_wrong_usage_ends_with_two(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and "--help" in said


def test_option_without_its_value_is_told_with_its_form_and_not_all_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ["pansharpen", "--pan", "p", "--ms", "m", "--out", "o", "--co", "COMPRESS"]
    with pytest.raises(SystemExit) as ended:
        main(line)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "--co" in said and "'COMPRESS'" in said and "KEY=VALUE" in said
    assert len(said.splitlines()) == 2


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in COMMANDS)


# A shell may have started the tests in the background, where interrupts are ignored.
INTERRUPTED = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path[:0] = [{root!r}, {root!r} + "/tests/core"]
import fakes, core.methods.registry
class Slow(fakes.Plain):
    def fuse(self, patch, context):
        time.sleep({seconds})
        return super().fuse(patch, context)
core.methods.registry.create = lambda *a, **k: Slow()
from core.__main__ import main
sys.exit(main({line!r}))
"""


@pytest.mark.parametrize(("number", "seconds"), [(signal.SIGINT, 60.0), (signal.SIGTERM, 0.3)])
def test_interruption_leaves_no_file(
    pair: tuple[str, str], tmp_path: Path, number: int, seconds: float
) -> None:
    (tmp_path / "out").mkdir()
    line = options(pair, tmp_path / "out" / "o.tif", "--tile", "16", "--method", "exp")
    code = INTERRUPTED.format(root=str(ROOT), line=line, seconds=seconds)
    run = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
    next(text for text in run.stderr if "Tile" in text)
    asked = time.monotonic()
    run.send_signal(number)
    _, said = run.communicate(timeout=30)
    assert run.returncode == EXIT_CANCELLED
    assert time.monotonic() - asked < 15.0
    assert "Traceback" not in said
    assert not [*(tmp_path / "out").iterdir()]
