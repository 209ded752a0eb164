# SPDX-License-Identifier: GPL-2.0-or-later
"""Any process of a job may be killed at any time; run again, it ends in the same pixels."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import ROOT
from made_jobs import Made, pixels

#: Each call of a function takes a while, so that a process can be met within it.
SLOW = """
import functools, importlib, sys, time
def slow(module, name):
    *path, last = name.split(".")
    owner = functools.reduce(getattr, path, importlib.import_module(module))
    inner = getattr(owner, last)
    def called(*given, **more):
        open({sign!r}, "a").write("called\\n")
        time.sleep({seconds})
        return inner(*given, **more)
    setattr(owner, last, called)
slow({module!r}, {name!r})
from core.__main__ import main
sys.exit(main({arguments!r}))
"""


def killed_in(
    folder: Path, module: str, name: str, call: int, *arguments: str, seconds: float = 0.5
) -> None:
    """Start a command, and kill it within a call of a function of its."""
    sign = folder / "called.txt"
    sign.unlink(missing_ok=True)
    code = SLOW.format(
        sign=str(sign), module=module, name=name, seconds=seconds, arguments=list(arguments)
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not sign.exists() or sign.read_text().count("\n") < call:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


@pytest.fixture
def job(made: Callable[..., Made]) -> Made:
    return made(method="gsa")


def end(job: Made) -> None:
    """Go on to the end, and compare with one machine."""
    job.plan()
    job.run()
    job.collect()
    assert pixels(job.alone()) == pixels(job.out)
    left = [path.name for path in Path(job.job).rglob(".*")]
    assert left == [], "what was killed has left something behind"
    counted = {path.name for path in Path(job.job).rglob("parts/*.tif")}
    assert len(counted) == 9


def test_the_plan(job: Made, tmp_path: Path) -> None:
    pan, ms = job.pair
    options = ("--pan", pan, "--ms", ms, "--out", job.out, "--method", "gsa", "--tile", "64")
    arguments = ("plan", *options, "--part-size", "128", "--adapt", "60", "--job", job.job)
    killed_in(tmp_path, "core.methods.classical", "Gsa.prepare", 1, *arguments)
    assert not (Path(job.job) / "job.json").exists()
    end(job)


def test_a_run_loses_one_part(job: Made, tmp_path: Path) -> None:
    job.plan()
    killed_in(tmp_path, "core.methods.classical", "Gsa.apply", 11, "run", "--job", job.job)
    done = len(list(Path(job.job).rglob("parts/*.json")))
    assert done == 3  # of 4, 4 and 2 tiles: the fourth part was under way
    assert job.run()["before"] == done
    end(job)


@pytest.mark.parametrize("name", ["OutputFile.finish", "OutputFile.write"])
def test_a_run_while_it_writes(job: Made, tmp_path: Path, name: str) -> None:
    job.plan()
    killed_in(tmp_path, "core.raster.writer", name, 3, "run", "--job", job.job)
    end(job)


def test_a_run_between_the_pixels_and_the_record(job: Made, tmp_path: Path) -> None:
    job.plan()
    killed_in(tmp_path, "core.jobs.running", "write_json", 2, "run", "--job", job.job)
    assert len(list(Path(job.job).rglob("parts/*.tif"))) == 2
    assert len(list(Path(job.job).rglob("parts/*.json"))) == 1
    end(job)


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [("core.raster.writer", "OutputFile.put", 5), ("core.raster.writer", "OutputFile.finish", 1)],
)
def test_the_collection(job: Made, tmp_path: Path, module: str, name: str, call: int) -> None:
    job.plan()
    job.run()
    killed_in(tmp_path, module, name, call, "collect", "--job", job.job)
    assert not Path(job.out).exists()
    end(job)


def test_two_processes_that_do_the_same_parts(job: Made) -> None:
    job.plan()
    command = [sys.executable, "-m", "core", "run", "--job", job.job]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    end(job)
