# SPDX-License-Identifier: GPL-2.0-or-later
"""Small rasters, synthetic methods and a worker process, for the tests of writing and running."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS
from rasterio.transform import from_origin

from core.errors import Cancelled
from core.methods.interface import Method, Settings
from core.methods.noise import normal
from core.methods.registry import METHODS, MethodInfo
from core.progress import Pace
from core.requests.jobs import JOB_TASKS
from core.requests.scenes import TASKS
from core.worker.protocol import PROTOCOL

ROOT = Path(__file__).resolve().parents[2]
RATIO = 4


def write_holed(path: Path, original: Path, rows: slice, cols: slice) -> Path:
    """A copy of an MS raster without data in some rows and columns (MS px)."""
    with rasterio.open(original) as source:
        values, profile = source.read(), {**source.profile, "nodata": 65535}
    values[:, rows, cols] = 65535
    with rasterio.open(path, "w", **profile) as target:
        target.write(values)
    return path


def write_pair(
    folder: Path,
    size: int = 192,
    bands: int = 4,
    dtype: str = "uint16",
    nodata: float | None = None,
    colours: tuple[Any, ...] | None = None,
) -> tuple[Path, Path]:
    """A PAN of ``size`` x ``size`` pixels and its MS, smooth and textured, ratio 4."""
    folder.mkdir(parents=True, exist_ok=True)
    top = 200.0 if dtype == "uint8" else 1500.0
    rows, cols = np.mgrid[0:size, 0:size] / 17.0
    pan = top * (0.5 + 0.2 * np.sin(rows) * np.cos(1.7 * cols) + 0.2 * np.sin(3 * cols + rows))
    small = pan.reshape(size // RATIO, RATIO, size // RATIO, RATIO).mean(axis=(1, 3))
    ms = np.stack([small * (0.6 + 0.1 * band) for band in range(bands)])
    paths = folder / "pan.tif", folder / "ms.tif"
    names = ["blue", "green", "red", "nir", "edge", "swir"][:bands]
    for path, values, pixel in zip(paths, (pan[None], ms), (0.5, 0.5 * RATIO), strict=True):
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            height=values.shape[1],
            width=values.shape[2],
            count=len(values),
            dtype=dtype,
            crs=CRS.from_epsg(32633),
            transform=from_origin(500000.0, 5000000.0, pixel, pixel),
            nodata=nodata if path.name == "ms.tif" else None,
            photometric="MINISBLACK",
            alpha="NO",
        ) as made:
            made.write(np.rint(values).astype(dtype))
            if path.name == "ms.tif":
                made.descriptions = names
                if colours:
                    made.colorinterp = colours
    return paths


def quiet(fraction: float, message: str) -> None:
    """Progress that nobody shows: a fraction, and what is being done."""
    assert 0 <= fraction <= 1 and message


def perform(request: Any, progress: Any = quiet) -> dict[str, Any]:
    """Do what a request asks for, as the command line and the worker do."""
    tasks = {kind: task for task, kind in {**TASKS, **JOB_TASKS}.items()}
    command = import_module(f"core.commands.{tasks[type(request)]}")
    done: dict[str, Any] = command.perform(request, progress, Pace())
    return done


class Watched:
    """Progress that never falls; cancels at a message of this beginning, or from a fraction on."""

    def __init__(self, cancel_at: str | float = 2.0) -> None:
        self.cancel_at = cancel_at
        self.fractions: list[float] = []
        self.messages: list[str] = []

    def __call__(self, fraction: float, message: str) -> None:
        assert max(self.fractions, default=0.0) <= fraction <= 1 and message
        self.fractions.append(fraction)
        self.messages.append(message)
        at = self.cancel_at
        if message.startswith(at) if isinstance(at, str) else fraction >= at:
            raise Cancelled


def use(patch: pytest.MonkeyPatch, methods: dict[str, Callable[[Settings], Any]]) -> None:
    """Make methods of these names, in the table or new in it, by functions of their settings."""
    for name, make in methods.items():
        info = METHODS.get(name) or MethodInfo(name, name, make)
        patch.setitem(METHODS, name, replace(info, make=make))


class Plain(Method):
    """Interpolation, as the simplest method there is."""

    name = "plain"
    halo = 4

    def __init__(self) -> None:
        self.fused = 0

    def prepare(self, scene: Any, progress: Any) -> None:
        progress(0.5, "Looking at the scene")

    def fuse(self, patch: Any, context: Any, **how: Any) -> np.ndarray:
        self.fused += 1
        return patch.lms.copy()

    def describe(self, context: Any) -> dict[str, object]:
        return {"device": "cpu", "model": "none"}


class Failing(Plain):
    """Gives up at the third tile."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def fuse(self, patch: Any, context: Any, **how: Any) -> np.ndarray:
        if self.fused == 2:
            raise self.error
        return super().fuse(patch, context)


class Holey(Plain):
    """Has no answer for one pixel of the scene, and no finite one for another."""

    def fuse(self, patch: Any, context: Any, **how: Any) -> np.ndarray:
        values = super().fuse(patch, context)
        for row, col, bad in ((5, 7, np.nan), (9, 11, np.inf)):
            y, x = row - patch.window.row, col - patch.window.col
            if 0 <= y < values.shape[1] and 0 <= x < values.shape[2]:
                values[:, y, x] = bad
        return values


def _default_signals() -> None:
    """Heed signals that tests in the background, or under nohup, inherit as ignored."""
    for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)


class Worker:
    """A real worker process and what it says.

    ``patch`` is Python source that runs in the process before it serves; ``tasks`` is the name
    there of others than the core's.
    """

    def __init__(self, patch: str = "", env: dict[str, str] | None = None, tasks: str = "") -> None:
        command = [sys.executable, "-I", "-u", "-X", "utf8"]
        if patch:
            start = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests/core')!r}]\n"
            end = f"\nfrom core.worker.main import main\nsys.exit(main({tasks}))"
            command += ["-c", start + patch + end]
        else:
            command += [str(ROOT / "core" / "worker" / "main.py")]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(env or {})},
            preexec_fn=_default_signals if os.name == "posix" else None,
        )
        self.lines: list[bytes] = []
        self.errors = b""
        self._readers = [threading.Thread(target=self._read), threading.Thread(target=self._drain)]
        for reader in self._readers:
            reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line)

    def _drain(self) -> None:
        self.errors = self.process.stderr.read() if self.process.stderr else b""

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.finish(10)

    def say(self, message: dict[str, Any] | bytes) -> None:
        line = message if isinstance(message, bytes) else json.dumps(message).encode() + b"\n"
        self.process.stdin.write(line)
        self.process.stdin.flush()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in tuple(self.lines)]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def wait_for(self, kind: str, containing: str = "", seconds: float = 60.0) -> dict[str, Any]:
        """The first event of a kind whose text holds a string."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for event in self.of(kind):
                if containing in json.dumps(event):
                    return event
            time.sleep(0.02)
        raise AssertionError(f"no {kind} {containing!r}: {self.events} {self.errors!r}")

    def finish(self, seconds: float = 60.0) -> int:
        """Wait for the end; the exit code."""
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(seconds)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe and not pipe.closed:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code


class Worse(Plain):
    """Interpolation that is wrong by some DN."""

    def __init__(self, dn: float) -> None:
        super().__init__()
        self.dn = dn

    def fuse(self, patch: Any, context: Any, **how: Any) -> np.ndarray:
        rows = np.arange(patch.window.row, patch.window.row_end)[:, None] % 2
        return super().fuse(patch, context) + np.float32(self.dn) * (2 * rows - 1)


def request(pan: Path, ms: Path, out: Path, **more: Any) -> dict[str, Any]:
    """A request as the plugin writes it; method exp unless told otherwise."""
    return {
        "protocol": PROTOCOL,
        "task": "pansharpen",
        "pan": str(pan),
        "ms": str(ms),
        "out": str(out),
        "pan_band": None,
        "ms_bands": None,
        "method": "exp",
        "model": None,
        "device": "auto",
        "extent": None,
        "output_type": None,
        "nodata": None,
        "creation_options": {},
        "cog": False,
        "tile": 64,
        "seed": 0,
        **more,
    }


class Sampler(Plain):
    """Interpolation and noise of a seed: a method that samples."""

    def __init__(self, seed: int = 0, dn: float = 10.0) -> None:
        super().__init__()
        self.seed, self.dn, self.prepared = seed, dn, 0

    def prepare(self, scene: Any, progress: Any) -> str:
        super().prepare(scene, progress)
        self.prepared += 1
        return "the scene"

    def fuse(self, patch: Any, context: Any, *, on_step: Any = None) -> np.ndarray:
        assert context == "the scene"
        for number in range(self.evaluations if on_step else 0):
            on_step(number + 1)
        image = super().fuse(patch, context)
        noise = normal(self.seed, len(image), patch.window)
        return image + np.float32(self.dn) * noise
