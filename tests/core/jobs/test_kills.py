# SPDX-License-Identifier: GPL-2.0-or-later
"""Any process of a job may be killed at any time; run again, it ends in the same pixels."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes import ROOT
from made_jobs import Made

#: A call of a function never ends, so that a process can be met within it.
HELD = """
import functools, importlib, pathlib, sys, time
def hold(module, name, call):
    *path, last = name.split(".")
    owner = functools.reduce(getattr, path, importlib.import_module(module))
    inner, calls = getattr(owner, last), []
    def held(*given, **more):
        calls.append(1)
        if len(calls) == call:
            pathlib.Path({sign!r}).touch()
            time.sleep(600)
        return inner(*given, **more)
    setattr(owner, last, held)
hold({module!r}, {name!r}, {call})
from core.__main__ import main
sys.exit(main({arguments!r}))
"""


def killed_in(folder: Path, module: str, name: str, call: int, *arguments: str) -> None:
    """Start a command, and kill it within a call of a function of its."""
    sign = folder / "held"
    names = {"module": module, "name": name, "call": call, "arguments": list(arguments)}
    code = HELD.format(sign=str(sign), **names)
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not sign.exists():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def end(job: Made) -> None:
    """Go on to the end, and compare with one machine."""
    job.carry_out()
    assert job.same
    left = [path.name for path in Path(job.job).rglob(".*")]
    assert left == [], "what was killed has left something behind"
    counted = {path.name for path in Path(job.job).rglob("parts/*.tif")}
    assert len(counted) == 9


def test_the_plan(job: Made, tmp_path: Path) -> None:
    pan, ms = job.pair
    options = ("--pan", pan, "--ms", ms, "--out", job.out, "--method", "gsa", "--tile", "64")
    arguments = ("plan", *options, "--part-size", "128", "--job", job.job)
    killed_in(tmp_path, "core.methods.classical", "Gsa.prepare", 1, *arguments)
    assert not (Path(job.job) / "job.json").exists()
    end(job)


def test_a_run_loses_one_part(planned: Made, tmp_path: Path) -> None:
    killed_in(tmp_path, "core.methods.classical", "Gsa.apply", 11, "run", "--job", planned.job)
    done = len(list(Path(planned.job).rglob("parts/*.json")))
    assert done == 3  # of 4, 4 and 2 tiles: the fourth part was under way
    assert planned.run()["before"] == done
    end(planned)


@pytest.mark.parametrize("name", ["OutputFile.finish", "OutputFile.write"])
def test_a_run_while_it_writes(planned: Made, tmp_path: Path, name: str) -> None:
    killed_in(tmp_path, "core.raster.writer", name, 3, "run", "--job", planned.job)
    end(planned)


def test_a_run_between_the_pixels_and_the_record(planned: Made, tmp_path: Path) -> None:
    killed_in(tmp_path, "core.jobs.running", "write_json", 2, "run", "--job", planned.job)
    assert len(list(Path(planned.job).rglob("parts/*.tif"))) == 2
    assert len(list(Path(planned.job).rglob("parts/*.json"))) == 1
    end(planned)


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [("core.raster.writer", "OutputFile.put", 5), ("core.raster.writer", "OutputFile.finish", 1)],
)
def test_the_collection(planned: Made, tmp_path: Path, module: str, name: str, call: int) -> None:
    planned.run()
    killed_in(tmp_path, module, name, call, "collect", "--job", planned.job)
    assert not Path(planned.out).exists()
    end(planned)


def test_two_processes_that_do_the_same_parts(planned: Made) -> None:
    command = [sys.executable, "-m", "core", "run", "--job", planned.job]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    end(planned)
