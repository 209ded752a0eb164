# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases of runs: ended at every stage, full disks, closed folders, several at once."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from unittest import mock

from core.worker.protocol import EXIT_CANCELLED, EXIT_OK, PROTOCOL
from tests.core.fakes import Worker
from tests.faults.case import EARLIER, Case, Outcome, in_process
from tests.faults.files import SCENE, co, vrt
from tests.faults.rasters import pair, texture
from tests.faults.right import as_plain, before_work, in_time, mask, or_refused, refused

#: Where a run is held: what is called there, and from which call on.
STAGES: Mapping[str, tuple[str, str, int]] = {
    "opening": ("core.pair.scene", "Scene.open", 1),
    "measuring the shift": ("core.fusion.run_settings", "warn_if_displaced", 1),
    "comparing": ("core.fusion.run_settings", "select_method", 1),
    "preparing": ("core.methods.classical", "Gsa.prepare", 1),
    "fusing": ("core.methods.classical", "Gsa.apply", 3),
    "writing": ("core.raster.writer", "OutputFile.write", 3),
    "closing": ("core.raster.writer", "OutputFile.finish", 1),
    "moving": ("core.raster.writer", "put_in_place", 1),
    "reporting": ("core.commands.pansharpen", "write_report", 1),
}
#: The grace is short, so that the many runs that do not look are not waited for long.
HOLD = """
import functools, importlib, pathlib, time
from dataclasses import replace
from core.worker.main import FUSION
def hold(module, name, call):
    *path, last = name.split(".")
    owner = functools.reduce(getattr, path, importlib.import_module(module))
    inner, calls = getattr(owner, last), []
    def held(*given, **more):
        calls.append(1)
        if len(calls) == call:
            pathlib.Path({sign!r}).touch()
            time.sleep(60)
        return inner(*given, **more)
    setattr(owner, last, held)
hold(*{stage!r})
"""


def worker_says(request: Any) -> dict[str, Any]:
    return {"protocol": PROTOCOL, "task": type(request).__name__.lower(), **asdict(request)}


def cancel(run: Worker) -> None:
    run.say({"type": "cancel"})


def close(run: Worker) -> None:
    run.process.stdin.close()


def by_signal(number: int) -> Callable[[Worker], None]:
    return lambda run: run.process.send_signal(number)


ENDS: Mapping[str, Callable[[Worker], None]] = {
    "cancel": cancel,
    "end of the stream": close,
    "SIGTERM": by_signal(signal.SIGTERM),
    "SIGINT": by_signal(signal.SIGINT),
    "SIGHUP": by_signal(signal.SIGHUP),
    "SIGKILL": by_signal(signal.SIGKILL),
}


def ended(stage: str, end: str, case: Case, request: Any, folder: Path) -> Outcome:
    """Hold a real worker at a stage, and end it there. The outcome is that of a later run.

    A killed process cannot clean up; the next run for the same target does.
    """
    sign = folder / "held"
    patch = HOLD.format(sign=str(sign), stage=STAGES[stage])
    with Worker(patch, tasks="replace(FUSION, grace=0.3)") as run:
        run.say(worker_says(request))
        _wait(sign.exists, run)
        ENDS[end](run)
        code = run.finish()
        told = [event["kind"] for event in run.of("error")]
    out = folder / "out" / case.target
    wrong = []
    if end == "SIGKILL":
        wrong += [] if code == -signal.SIGKILL else [f"exit code {code}"]
    elif (code, told) != (EXIT_CANCELLED, ["Cancelled"]):
        wrong.append(f"exit code {code}, errors {told}")
    elif left := [path.name for path in out.parent.iterdir() if path != out]:
        wrong.append(f"left behind: {left}")
    # After the move, the new result is whole; before, the earlier one is there.
    if stage != "reporting" and out.read_bytes() != EARLIER:
        wrong.append("the earlier result is gone")
    done = in_process(case, request, folder)
    return replace(done, code="other", text="; ".join(wrong)) if wrong else done


def _wait(until: Callable[[], bool], run: Worker, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not until():
        if run.process.poll() is not None or time.monotonic() > end:
            raise AssertionError(f"the worker was not held: {run.events[-1:]} {run.errors!r}")
        time.sleep(0.01)


def kills() -> Iterator[Case]:
    ask = {"method": "gsa", "tile": 32}
    for stage in STAGES:
        for end in ENDS:
            run = partial(ended, stage, end)
            yield Case(f"kills {stage}, {end}", as_plain(SCENE, **ask), SCENE, ask, run=run)


# --- full disks ---


@contextmanager
def small_disk(size: int, folder: Path) -> Iterator[None]:
    """No file of this process may grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def little_space(free: int, folder: Path) -> Iterator[None]:
    """The system says that so much is free."""
    told = shutil.disk_usage(folder)._replace(free=free)
    with mock.patch("shutil.disk_usage", return_value=told):
        yield


WAYS = {"": {}, " uncompressed": co("COMPRESS=NONE"), " COG": {"cog": True},
        " by one thread": co("NUM_THREADS=1"),
        " of float32": {"output_type": "float32"}}  # fmt: skip


def disks() -> Iterator[Case]:
    whole = pair(size=128, scene=texture)
    told = refused("disk-full", "output-write-failed", "output-not-created", "output-not-writable",
                   "creation-options-refused")  # fmt: skip
    for size in (0, 8, 500, 2_000, 10_000, 40_000):
        for way, ask in WAYS.items():
            around = partial(small_disk, size)
            yield Case(
                f"disks full at {size}{way}", told, whole, {**ask, "tile": 64}, around=around
            )
    for free in (0, 1000, 40_000):
        for method in ("exp", "classical"):
            told, ask = (*refused("too-little-space", "disk-full"), before_work), {"method": method}
            around = partial(little_space, free)
            yield Case(f"disks {free} free, {method}", told, whole, ask, around=around)
    for free in (10**6, 10**12):
        around = partial(little_space, free)
        yield Case(f"disks {free} free", as_plain(whole), whole, around=around)
    ask = {f"out_{name}": f"{{out}}/{name}.tif" for name in ("pan", "ms", "reference")}
    for task in ("simulate", "align"):
        for size in (0, 500, 2_000):
            around = partial(small_disk, size)
            yield Case(
                f"disks full after {size}, {task}", refused(), whole, ask, task, around=around
            )


# --- places that cannot be written to ---


@contextmanager
def no_privilege() -> Iterator[None]:
    """Permissions hold for this thread, and those it starts, even where it is root's."""
    if os.geteuid():
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    before, without = (ctypes.c_uint32 * 6)(), (ctypes.c_uint32 * 6)()
    if libc.capget(header, before):
        raise OSError(ctypes.get_errno(), "capget")
    without[:] = before[:]
    without[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH of the effective set
    if libc.capset(header, without):
        raise OSError(ctypes.get_errno(), "capset")
    try:
        yield
    finally:
        libc.capset(header, before)


@contextmanager
def closed(mode: int, name: str, folder: Path) -> Iterator[None]:
    """A file or folder has a mode."""
    path = folder / name
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode)
    try:
        with no_privilege():
            yield
    finally:
        path.chmod(before)


@contextmanager
def made(make: Callable[[Path], Any], folder: Path) -> Iterator[None]:
    make(folder / "out")
    yield


NAMES = ("Ergebnis ü 東京.tif", "with space (1).tiff", "o", "o.TIF", "a" * 200 + ".tif",
         "100%.tif", "a'b\"c.tif", "line\nbreak.tif", "-o.tif", ".hidden.tif")  # fmt: skip
CODES = {
    "o.png": "output-suffix",
    "no/o.tif": "output-folder-missing",
    "../in/pan.tif/o.tif": "output-folder-missing",
    "../in/pan.tif": "output-is-input",
    "../in/ms.tif": "output-is-input",
    "folder.tif": "output-not-a-file",
}
LINKS = {"to a file": "real.tif", "to nothing": "nothing.tif", "to itself": "o.tif"}


def targets() -> Iterator[Case]:
    told = refused("output-folder-not-writable", "output-not-writable", "output-folder-missing")
    for method in ("exp", "classical"):
        ask = {"method": method}
        for mode, earlier in ((0o555, True), (0o555, False), (0o000, False), (0o444, False)):
            text = (
                f"targets folder {mode:03o}, {'an' if earlier else 'no'} earlier result, {method}"
            )
            around = partial(closed, mode, "out")
            right = *told, before_work
            yield Case(text, right, SCENE, ask, earlier=earlier, around=around)
        text, around = "targets earlier result is read-only", partial(closed, 0o444, "out/o.tif")
        yield Case(f"{text}, {method}", (*or_refused(mask()), in_time), SCENE, ask, around=around)
    for where in ("pan", "ms"):
        told, around = refused("raster-unreadable"), partial(closed, 0o000, f"in/{where}.tif")
        yield Case(f"targets {where} may not be read", told, SCENE, around=around)
    read_only = partial(closed, 0o555, "in")
    yield Case("targets inputs are read-only", as_plain(SCENE), SCENE, around=read_only)
    for target, code in CODES.items():
        ask, around = {"out": f"{{out}}/{target}"}, partial(made, _folder)
        yield Case(f"targets {target}", refused(code), SCENE, ask, around=around)
    told, stacked = refused("output-is-source-of-input"), SCENE.at("MS", change=vrt)
    yield Case("targets a source of MS", told, stacked, {"out": "{in}/ms.tif"})
    for name in NAMES:
        yield Case(f"targets {name[:30]!r}", as_plain(SCENE), SCENE, target=name, earlier=False)
    for text, to in LINKS.items():
        around = partial(made, partial(_link, to))
        yield Case(
            f"targets a link {text}", or_refused(mask()), SCENE, earlier=False, around=around
        )
    ask = {"out": "{out}/" + "a" * 300 + ".tif"}
    yield Case("targets a name that is too long", refused(), SCENE, ask)


def _folder(out: Path) -> None:
    (out / "folder.tif").mkdir()


def _link(to: str, out: Path) -> None:
    (out / "real.tif").write_bytes(EARLIER)
    (out / "o.tif").symlink_to(to)


# --- several at once ---


def together(count: int, killed: int, case: Case, request: Any, folder: Path) -> Outcome:
    """Real workers for one target at the same time; some of them are killed on the way."""
    runs = [Worker() for _ in range(count)]
    wrong = []
    for number, run in enumerate(runs):
        run.say(worker_says(request))
        if number < killed:
            Thread(target=lambda run=run: (time.sleep(0.3), run.process.kill())).start()
    for number, run in enumerate(runs):
        with run:
            code = run.finish()
        if number >= killed and code != EXIT_OK:
            wrong.append(f"a run ended with {code}: {run.of('error')}")
    done = Outcome(case, folder, folder / "out" / case.target)
    if killed:
        done = in_process(case, request, folder)
    return replace(done, code="other", text="; ".join(wrong)) if wrong else done


def at_once() -> Iterator[Case]:
    whole = pair(size=192, scene=texture)
    for method in ("exp", "gsa"):
        for count, killed in ((2, 0), (4, 0), (3, 1)):
            ask, run = {"method": method, "tile": 32}, partial(together, count, killed)
            text = f"at once {count} runs, {killed} killed, {method}"
            yield Case(text, as_plain(whole, **ask), whole, ask, run=run)
