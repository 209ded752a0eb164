# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``speed``: megapixels per second of whole processes, from file to file.

    .venv/bin/python -m experiments speed --out build/speed

Every method sharpens pairs of several sizes in a process of its own, GDAL's weighted Brovey
(`gdal_pansharpen.py`) too, which is the unit. Printed are the medians of several runs. The parts of
the time are those that the log of a run tells: `prepare`, the tiles, and what of these is waiting
for the disk. Other programs on the machine make the figures worse.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import re
import shutil
import statistics
import subprocess  # nosec B404
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.cli.options import add_options, request_of
from core.requests.scenes import option
from core.worker.protocol import EXIT_OK
from experiments.memory import peak_memory
from experiments.speed.scenes import large_pair

GDAL = "gdal-brovey"
SMALL = 1024
"""PAN px of the edge of the scene of which a worker reads its first byte."""
COMPARED = {"scene-fit-compared": ("scene-fit", "--scene-test")}
LARGE = 20_000
"""PAN px of the edge of the scene that the scene fit alone sharpens."""
PARTS = re.compile(r"Prepared \S+ in ([\d.]+) s\.|tiles? in ([\d.]+) s, ([\d.]+) s of it waiting")
IMPORTS = ("", "numpy", "rasterio", "onnxruntime", "core.worker.main", "core.commands.pansharpen")
"""What a worker imports, in this order; nothing is Python alone."""


@dataclass(frozen=True)
class Request:
    """The options."""

    out: str = option("build/speed", "folder for the scenes, 0.3 to 1.5 GB ({default})", "FOLDER")
    methods: tuple[str, ...] = option(
        ("bdsd-pc", "mtf-glp-fs", "scene-fit", "scene-fit-compared", "ksdiff", "srino"),
        "methods; scene-fit-compared tests all methods on the scene first ({default})",
        "A,B",
    )
    sizes: tuple[int, ...] = option((1024, 4096, 8192), "PAN px of an edge ({default})", "A,B")
    bands: tuple[int, ...] = option((4, 8), "numbers of bands ({default})", "A,B")
    runs: int = option(3, "runs of each, of which the median counts ({default})", "N")
    device: str = option("cpu", "{default} (default) or cuda", "DEVICE")


@dataclass(frozen=True)
class Run:
    """One process: seconds, peak memory in GB, and seconds of its parts, NaN if not reported."""

    seconds: float
    memory: float
    prepare: float
    tiles: float
    waiting: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_options(parser, Request)


def run(args: argparse.Namespace) -> int:
    """Measure, and print Markdown."""
    request = request_of(Request, args)
    folder = Path(request.out)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores\n", flush=True)
    print(startup(request.runs, *large_pair(folder, SMALL, 4)), flush=True)
    print(
        "| scene | method | seconds | Mpix/s | times GDAL | GB | prepare | tiles | waiting |\n"
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
        flush=True,
    )
    scenes = [(size, bands) for bands in request.bands for size in request.sizes]
    for size, bands in [*scenes, (LARGE, request.bands[0])]:
        alone = ("scene-fit",) if (size, bands) not in scenes else request.methods
        if {*alone} <= {*request.methods}:
            _print_scene(request, folder, size, bands, alone)
    return EXIT_OK


def _print_scene(
    request: Request, folder: Path, size: int, bands: int, methods: Sequence[str]
) -> None:
    pan, ms = large_pair(folder, size, bands)
    unit = None
    for method in (GDAL, *methods):
        if method == GDAL and not shutil.which("gdal_pansharpen.py"):
            continue
        runs = [_measured(method, pan, ms, request.device) for _ in range(request.runs)]
        middle = sorted(runs, key=lambda each: each.seconds)[len(runs) // 2]
        unit = middle.seconds if method == GDAL else unit
        times = f"{middle.seconds / unit:.1f}" if unit else ""
        parts = (middle.prepare, middle.tiles, middle.waiting)
        told = " | ".join("" if method == GDAL else f"{part:.2f}" for part in parts)
        print(
            f"| {size} x {size} x {bands} | {method} | {middle.seconds:.1f} "
            f"| {size * size / 1e6 / middle.seconds:.2f} | {times} "
            f"| {max(each.memory for each in runs):.2f} | {told} |",
            flush=True,
        )


def _measured(method: str, pan: Path, ms: Path, device: str) -> Run:
    """Sharpen in a process of its own."""
    with tempfile.TemporaryDirectory(dir=pan.parent, prefix="run-") as folder:
        out = str(Path(folder) / "out.tif")
        if method == GDAL:
            command = ["gdal_pansharpen.py", "-q", "-threads", "ALL_CPUS", str(pan), str(ms), out]
        else:
            command = [sys.executable, "-m", "core", "pansharpen", "--pan", str(pan)]
            command += ["--ms", str(ms), "--out", out, "--device", device]
            command += ["--method", *COMPARED.get(method, (method,)), "--adapt", "0", "--verbose"]
        seconds, memory, text = timed(command)
    found = [match.groups() for match in PARTS.finditer(text)]
    prepare = next((float(a) for a, _, _ in found if a), math.nan)
    tiles, waiting = next(((float(b), float(c)) for _, b, c in found if b), (math.nan, math.nan))
    return Run(seconds, memory, prepare, tiles, waiting)


def timed(command: Sequence[str]) -> tuple[float, float, str]:
    """Run a process; return its seconds, its peak memory in GB, and what it printed."""
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(  # nosec B603
            command, stdout=output, stderr=subprocess.STDOUT, cwd=Path(__file__).parents[2]
        )
        memory = 0.0
        while process.poll() is None:
            memory = peak_memory(process.pid) / 2**30 or memory
            time.sleep(0.01)
        seconds = time.monotonic() - begun
        output.seek(0)
        text = output.read()
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed: {text[-2000:]}")
    return seconds, memory, text


def startup(runs: int, pan: Path, ms: Path) -> str:
    """Return the seconds until a worker has imported what it needs, and read a pixel of a pair."""
    lines = ["| a worker's start, up to the import of | seconds |", "|---|---:|"]
    loaded: list[str] = []
    for name in IMPORTS:
        loaded += [f"import {name}"] if name else []
        lines.append(f"| {name or 'Python'} | {_seconds_of(loaded, runs):.2f} |")
    loaded += ["from core.pair.scene import Scene", "from core.raster.window import Window"]
    loaded += [f"Scene.open({str(pan)!r}, {str(ms)!r}).read(Window(0, 0, 1, 1))"]
    lines.append(f"| the first byte read | {_seconds_of(loaded, runs):.2f} |")
    return "\n".join(lines) + "\n"


def _seconds_of(statements: Sequence[str], runs: int) -> float:
    """Return the seconds of a Python process that executes statements, the median of some runs."""
    command = [sys.executable, "-c", "; ".join(statements) or "pass"]
    return statistics.median(timed(command)[0] for _ in range(runs))
