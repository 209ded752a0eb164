# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line: the same run as in the worker, for people."""

from __future__ import annotations

import argparse
import io
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import ROOT, Sampler, write_pair

from core.__main__ import COMMANDS, main
from core.commands import console, pansharpen
from core.methods import registry
from core.pair.scene import Scene
from core.requests import Pansharpen


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    pan, ms = write_pair(tmp_path / "in")
    return str(pan), str(ms)


def options(pair: tuple[str, str], out: Path, *more: str) -> list[str]:
    return ["pansharpen", "--pan", pair[0], "--ms", pair[1], "--out", str(out), *more]


def test_sharpens_with_a_bar_on_stderr(
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


def test_options_make_the_same_file_as_asked(pair: tuple[str, str], tmp_path: Path) -> None:
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


def test_every_option_reaches_the_request() -> None:
    parser = argparse.ArgumentParser()
    pansharpen.add_arguments(parser)
    line = "--pan p --ms m --out /o.tif --method gsa --model a --tile 128 --seed 3 --device cuda "
    line += "--pan-band 2 --ms-bands 4,1 --extent=-1,2,3,4.5 --output-type int16 --nodata -7 "
    line += "--co A=1 --co B=x=y --cog --sensor wv2 --scene-test --report /r.html --adapt 7.5 "
    line += "--steps 8 --spread /s.tif --spread-seeds 3"
    assert pansharpen.request_of(parser.parse_args(line.split())) == Pansharpen(
        pan="p",
        ms="m",
        out=str(Path("/o.tif").absolute()),
        method="gsa",
        adapt=7.5,
        model="a",
        tile=128,
        seed=3,
        device="cuda",
        pan_band=2,
        ms_bands=(4, 1),
        extent=(-1.0, 2.0, 3.0, 4.5),
        output_type="int16",
        nodata=-7.0,
        creation_options={"A": "1", "B": "x=y"},
        cog=True,
        sensor="wv2",
        scene_test=True,
        report=str(Path("/r.html").absolute()),
        steps=8,
        spread=str(Path("/s.tif").absolute()),
        spread_seeds=3,
    )
    plain = parser.parse_args(["--pan", "p", "--ms", "m", "--out", "/o.tif"])
    assert pansharpen.request_of(plain) == Pansharpen(
        pan="p", ms="m", out=str(Path("/o.tif").absolute())
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["--pan", "absent.tif"], "absent.tif"),
        (["--method", "magic"], "magic"),
        (["--pan-band", "9"], "9"),
        (["--tile", "0"], "tile"),
        (["--adapt", "-1"], "-1.0 seconds"),
        (["--method", "ksdiff-adapted", "--adapt", "0"], "needs time"),
        (["--method", "srino-adapted", "--adapt", "0"], "needs time"),
        (["--out", "/absent/o.tif"], "/absent"),
        (["--steps", "3"], "exp has no sampling that steps could be of"),
        (["--spread", "s.tif"], "no sampling that a spread could be of"),
        (
            ["--method", "auto", "--steps", "3", "--spread", "s.tif"],
            "that steps and a spread",
        ),
        (["--method", "srino", "--steps", "0"], "0 steps"),
        (["--method", "srino", "--spread", "s.tif", "--spread-seeds", "1"], "1 seeds"),
        (["--method", "srino", "--spread", "/absent/s.tif"], "/absent"),
        (["--method", "srino", "--spread", "s.png"], "GeoTIFF"),
    ],
)
def test_errors_are_a_line_and_a_remedy(
    pair: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    changes: list[str],
    said: str,
) -> None:
    line = options(pair, tmp_path / "o.tif", "--method", "exp", *changes)
    assert main(line) == 1
    error = capsys.readouterr().err
    assert said in error
    lines = [each for each in error.splitlines() if not each.startswith("[")]
    assert lines[0].startswith("error: ")
    assert len(lines) == 2
    assert not (tmp_path / "o.tif").exists()


def test_a_method_that_samples_is_told_how(
    pair: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[dict[str, Any]] = []

    def create(name: str, **settings: Any) -> Sampler:
        asked.append({"name": name, **settings})
        return Sampler(settings["seed"])

    monkeypatch.setattr(registry, "create", create)
    out, spread = tmp_path / "o.tif", tmp_path / "spread.tif"
    more = ["--method", "srino", "--adapt", "0", "--steps", "8", "--seed", "5"]
    more += ["--spread", str(spread), "--spread-seeds", "3"]
    assert main(options(pair, out, *more)) == 0
    assert {each["name"] for each in asked} == {"srino"}
    assert asked[-1]["steps"] == 8
    said = capsys.readouterr()
    assert f"{spread}: spread over 3 seeds" in said.out
    assert "Spread, tile 1 of 1" in said.err
    with rasterio.open(spread) as made, Scene.open(*pair) as scene:
        patch = scene.read(scene.whole)
        images = [Sampler().fuse(patch, "the scene", seed=seed) for seed in (5, 6, 7)]
        expected = np.std(images, axis=0, ddof=1).mean(axis=0)
        np.testing.assert_allclose(made.read(1), expected, rtol=1e-3)


def test_a_fault_of_the_program_is_a_line_too(
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


def test_an_extent_may_begin_below_zero(
    pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Pansharpen] = []

    def ask(request: Pansharpen, progress: Any, pace: Any) -> dict[str, object]:
        asked.append(request)
        facts = {"bands": 4, "tiles": 1, "seconds": 0.1, "scene_test": None, "spread": None}
        return {"out": request.out, **facts}

    monkeypatch.setattr(pansharpen, "perform", ask)
    more = ["--extent", "-10.5,40,-10,41", "--nodata", "-1e30", "--cog"]
    assert main(options(pair, tmp_path / "o.tif", *more)) == 0
    assert asked[0].extent == (-10.5, 40.0, -10.0, 41.0)
    assert asked[0].nodata == -1e30
    assert asked[0].cog


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--ms-bands", "1-3", "'1-3' is not band numbers as in 1,2,3"),
        ("--extent", "1,2,3", "'1,2,3' is not four numbers XMIN,YMIN,XMAX,YMAX"),
        ("--extent", "a,b,c,d", "is not four numbers"),
        ("--co", "LZW", "'LZW' is not KEY=VALUE"),
    ],
)
def test_a_bad_value_is_explained(
    pair: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    option: str,
    value: str,
    said: str,
) -> None:
    with pytest.raises(SystemExit):
        main(options(pair, tmp_path / "o.tif", option, value))
    error = capsys.readouterr().err
    assert f"argument {option}: " in error
    assert said in error


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["dance"],
        ["pansharpen"],
        ["pansharpen", "--pan", "p", "--ms", "m", "--out", "o", "--ms-bands", "a"],
        ["pansharpen", "--pan", "p", "--ms", "m", "--out", "o", "--extent", "1,2,3"],
        ["pansharpen", "--pan", "p", "--ms", "m", "--out", "o", "--co", "LZW"],
        ["pansharpen", "--pan", "p", "--ms", "m", "--out", "o", "--output-type", "complex64"],
    ],
)
def test_wrong_usage_ends_with_two(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


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


@pytest.mark.parametrize("seconds", [0.3, 60.0])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_no_file(
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
    assert run.returncode == 3
    assert time.monotonic() - asked < 15.0
    assert "Traceback" not in said
    assert not [*(tmp_path / "out").iterdir()]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_over_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    stream = Terminal()
    with console.ProgressBar(stream) as bar:
        for step in range(1000):
            now[0] += 0.01
            bar.show(step / 1000, "Tile 1 of 9", 61.0)
    lines = stream.getvalue().split("\r")
    assert 90 < len(lines) < 110
    assert stream.getvalue().count("\n") == 1
    assert "1 min 01 s left" in lines[-2]
    assert lines[-1].rstrip() == f"[{'#' * 30}] 100 %  Done"
    assert len(lines[-1].rstrip("\n")) == len(lines[-2])  # covers what it is drawn over


def test_a_new_stage_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1.0)
    stream = io.StringIO()
    with console.ProgressBar(stream) as bar:
        for fraction, message in ((0.0, "Preparing"), (0.01, "Tile 1 of 9"), (0.02, "Tile 2 of 9")):
            bar.show(fraction, message, None)
    assert [line.split("%  ")[1] for line in stream.getvalue().splitlines()] == [
        "Preparing",
        "Tile 1 of 9",
        "Done",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "go"),
        (0.2, "go, 0 s left"),
        (59.6, "go, 1 min 00 s left"),
        (7322, "go, 2 h 02 min left"),
    ],
)
def test_the_remaining_time_reads_well(seconds: float | None, text: str) -> None:
    assert console.bar_line(0.5, "go", seconds) == f"[{'#' * 15}{'.' * 15}]  50 %  {text}"


@pytest.mark.parametrize(("words", "seconds"), [("", 60), ("--method srino", 0), ("--adapt 5", 5)])
def test_srino_is_adapted_on_demand(words: str, seconds: float) -> None:
    parser = argparse.ArgumentParser()
    pansharpen.add_arguments(parser)
    args = parser.parse_args(["--pan", "p", "--ms", "m", "--out", "o", *words.split()])
    assert pansharpen.request_of(args).adapt == seconds
