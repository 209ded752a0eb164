# SPDX-License-Identifier: GPL-2.0-or-later
"""One large mosaic by plan, run and collect, a process each: time, and memory all the way."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess  # nosec B404
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from core.jobs.job import Job
from experiments.memory import memory_now, peak_memory
from experiments.pictures import blank_figure
from experiments.speed.scenes import large_pair

EVERY = 0.5  # seconds between two looks at the memory
VERBS = ("plan", "run", "collect")
Sample = tuple[str, float, float]
"""Verb, seconds since it was started, GB in memory."""


def measure_mosaic(folder: Path, size: int, bands: int) -> list[Sample]:
    """Sharpen a drawn mosaic of `size` x `size` PAN px by the scene fit, and a part by KSDiff.

    Prints what each process took; writes mosaic.csv and mosaic.png. All else is deleted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pan, ms = large_pair(folder, size, bands)
    print("| process | seconds | processor time | GB | load of the machine |")
    print("|---|---:|---:|---:|---:|", flush=True)
    samples = []
    for method, part in (("scene-fit", False), ("ksdiff", True)):
        job, out = folder / f"job-{method}", folder / f"{method}.tif"
        pair = ["--pan", str(pan), "--ms", str(ms), "--out", str(out), "--method", method]
        found = _row(["plan", "--job", str(job), *pair])
        if part:
            middle = sum(Job.open(job).counts) // 2 + 1
            _row(["run", "--job", str(job), "--part", str(middle)])
        else:
            samples = (
                found + _row(["run", "--job", str(job)]) + _row(["collect", "--job", str(job)])
            )
            parts = sum(path.stat().st_size for path in job.glob("scenes/*/parts/*.tif"))
            print(f"parts {parts / 1e9:.1f} GB, result {out.stat().st_size / 1e9:.1f} GB")
        shutil.rmtree(job)
        out.unlink(missing_ok=True)
    pan.unlink()
    ms.unlink()
    with (folder / "mosaic.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("process", "seconds", "GB"), *samples])
    draw_memory(samples, size, folder / "mosaic.png")
    return samples


def _row(command: list[str]) -> list[Sample]:
    """Run a command of the core, print its time and memory, and return samples of its memory."""
    samples, seconds, processor, peak = _watched(
        command[0], [sys.executable, "-m", "core", *command]
    )
    load = os.getloadavg()[0]
    name = command[0] + (" --part" if "--part" in command else "")
    print(f"| `{name}` | {seconds:.1f} | {processor:.1f} | {peak:.2f} | {load:.1f} |", flush=True)
    return samples


def _watched(verb: str, command: Sequence[str]) -> tuple[list[Sample], float, float, float]:
    """Run a process; return its samples, seconds, processor time, and the GB it took at most."""
    begun, samples, peak = time.monotonic(), [], 0.0
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])  # nosec B603
    while True:
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        seconds = time.monotonic() - begun
        if ended:
            break
        samples.append((verb, round(seconds, 1), memory_now(process.pid) / 1e9))
        peak = max(peak, peak_memory(process.pid) / 1e9)
        time.sleep(EVERY)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{verb} failed")
    return samples, seconds, used.ru_utime + used.ru_stime, peak


def draw_memory(samples: Sequence[Sample], size: int, path: Path) -> None:
    """Draw the memory of each process over its time."""
    figure = blank_figure(9, 2.8)
    axes = figure.subplots()
    start = 0.0
    for verb, colour in zip(VERBS, ("tab:green", "tab:blue", "tab:orange"), strict=True):
        of = [(start + seconds, memory) for name, seconds, memory in samples if name == verb]
        axes.plot(*zip(*of, strict=True), color=colour, label=verb)
        start = max(seconds for seconds, _ in of)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("seconds")
    axes.set_ylabel("memory, GB")
    axes.set_title(f"scene-fit, {size:,} x {size:,}, one process after the other")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=110)
