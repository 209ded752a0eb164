# SPDX-License-Identifier: GPL-2.0-or-later
"""A real worker process: its events, how it stops, and the files it leaves."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import ROOT, Failing, Worker, request, write_pair
from rasterio._err import CPLE_NotSupportedError
from rasterio.errors import CRSError

from core import __version__, errors
from core.methods import registry
from core.worker import main
from core.worker.protocol import EXIT_BAD_REQUEST, EXIT_ERROR, EXIT_OK, PROTOCOL, Events
from core.worker.versions import PACKAGES

STAND_IN = """
import ctypes, time, fakes, core.methods.registry
class Method(fakes.Plain):
{body}
core.methods.registry.create = lambda *a, **k: Method()
"""


def stand_in(body: str) -> str:
    """Return the source that puts a method with this body in place of every method."""
    return STAND_IN.format(body=textwrap.indent(textwrap.dedent(body), "    "))


def slow(seconds: float) -> str:
    """Every tile takes so long; the cancel is not seen within a tile."""
    return stand_in(f"""
    def fuse(self, patch, context, **how):
        time.sleep({seconds})
        return super().fuse(patch, context)
    """)


STUCK = slow(60)
SLOW_TO_PREPARE = stand_in("""
    def prepare(self, scene, progress):
        for step in range(600):
            time.sleep(0.1)
            progress(step / 600, "Sampling the scene")
""")
NOISY = stand_in("""
    def fuse(self, patch, context, **how):
        print("printed by Python")
        libc = ctypes.CDLL(None)
        libc.puts(b"printed by C")
        libc.fflush(None)
        return super().fuse(patch, context)
""")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return write_pair(tmp_path / "in")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A target with an earlier result."""
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "o.tif"
    target.write_bytes(b"an earlier result")
    return target


def serve(line: bytes | dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """Serve one request in this process: the exit code, and the events."""
    told, tell = os.pipe()
    os.write(tell, line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
    stream = io.BytesIO()
    stdin = os.fdopen(told, "rb", buffering=0)
    code = main.serve(Events(stream), stdin, main.Stop(force=lambda: None))
    os.close(tell)  # ends the thread that listens
    return code, [json.loads(text) for text in stream.getvalue().splitlines()]


def untouched(out: Path) -> bool:
    return [*out.parent.iterdir()] == [out] and out.read_bytes() == b"an earlier result"


def test_run_sends_hello_progress_logs_and_result(pair: tuple[Path, Path], out: Path) -> None:
    with Worker() as run:
        run.say(request(*pair, out, method="exp"))
        assert run.finish() == EXIT_OK
        hello, *others, result = run.events
    assert (hello["type"], hello["protocol"]) == ("hello", PROTOCOL)
    assert (hello["version"], hello["pid"]) == (__version__, run.process.pid)
    assert "CPUExecutionProvider" in hello["providers"]
    assert {event["type"] for event in others} == {"progress", "log"}
    assert result["type"] == "result"
    assert (result["ratio"], result["bands"], result["tiles"]) == (4.0, 4, 9)
    assert (result["method"], result["device"], result["out"]) == ("exp", "cpu", str(out))
    with rasterio.open(out) as made, rasterio.open(pair[0]) as pan:
        assert made.transform == pan.transform
        assert made.read().any()


def test_unicode_paths_and_a_broken_environment_do_not_matter(tmp_path: Path) -> None:
    pair = write_pair(tmp_path / "Szene 東京 ü")
    out = tmp_path / "Ergebnis ñ №7.tif"
    broken = {"PYTHONHOME": "/absent", "PYTHONPATH": "/absent", "PYTHONIOENCODING": "latin-1"}
    with Worker(env={"LC_ALL": "C", **broken}) as run:
        run.say(request(*pair, out))
        assert run.finish() == EXIT_OK
        assert run.of("result")[0]["out"] == str(out)
    assert out.is_file()


def test_network_runs_without_torch(pair: tuple[Path, Path], out: Path, small_model: Path) -> None:
    with Worker("import sys; sys.modules['torch'] = None\n") as run:
        run.say(request(*pair, out, method="ksdiff", model=str(small_model)))
        assert run.finish() == 0, (run.events, run.errors)
        result = run.of("result")[0]
    assert (result["method"], result["model"], result["device"]) == ("ksdiff", "small", "cpu")
    with rasterio.open(out) as made:
        assert made.count == 4
        assert made.read().std() > 0


def test_check_returns_versions() -> None:
    with Worker() as run:
        run.say({"protocol": PROTOCOL, "task": "check"})
        assert run.finish() == EXIT_OK
        result = run.of("result")[0]
    assert (result["numpy"], result["rasterio"]) == (np.__version__, rasterio.__version__)
    assert result["providers"] and all(result[package] for package in PACKAGES)


@pytest.mark.parametrize("task", ["check", "pansharpen"])
@pytest.mark.parametrize(
    ("patch", "code", "facts"),
    [
        ("sys.modules['scipy'] = None\n", "packages-missing",
         {"packages": "scipy", "python": sys.executable}),
        ("sys.path.insert(0, {broken!r})\n", "package-broken", {"reason": "DLL load failed"}),
    ],
    ids=["missing", "broken"],
)  # fmt: skip
def test_package_that_cannot_be_imported_is_an_error_after_hello(
    pair: tuple[Path, Path], out: Path, task: str, patch: str, code: str, facts: dict[str, str]
) -> None:
    broken = out.parent.with_name("broken")
    broken.mkdir()
    (broken / "onnxruntime.py").write_text("raise ImportError('DLL load failed')")
    with Worker("import sys; " + patch.format(broken=str(broken))) as run:
        bare = {"protocol": PROTOCOL, "task": task}
        run.say(bare if task == "check" else request(*pair, out))
        assert run.finish() == EXIT_ERROR
        assert [event["type"] for event in run.events] == ["hello", "error"]
        error = run.events[-1]
    assert (error["code"], error["facts"]) == (code, facts)
    assert untouched(out)


@pytest.mark.parametrize("start", ["core/worker/main.py", "core/__main__.py"])
def test_old_python_is_refused_with_one_line(start: str) -> None:
    code = "import runpy, sys; sys.version_info = (3, 9, 18); sys.modules['core.errors'] = None\n"
    code += f"sys.path.insert(0, {str(ROOT)!r})\n"
    code += f"runpy.run_path({str(ROOT / start)!r}, run_name='__main__')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "KSDiff needs Python 3.10 or newer.\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"this is no JSON\n", "request-not-json"),
        (b'{"protocol": 2, "pan": "\xff"}\n', "request-not-json"),
        (b"\n", "request-empty"),
        (b'{"protocol": 99, "task": "pansharpen"}\n', "request-protocol"),
        (b'{"protocol": 2, "task": "dance"}\n', "request-task"),
    ],
)
def test_invalid_request_has_its_own_exit_code(line: bytes, code: str) -> None:
    exit_code, events = serve(line)
    assert exit_code == EXIT_BAD_REQUEST
    assert (events[-1]["type"], events[-1]["kind"]) == ("error", "InputError")
    assert events[-1]["code"] == code


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"pan": "absent.tif"}, "InputError", "raster-missing"),
        ({"out": "/absent/o.tif"}, "OutputError", "output-folder-missing"),
    ],
)
def test_error_event_has_code_and_remedy(
    pair: tuple[Path, Path], out: Path, changes: dict[str, Any], kind: str, code: str
) -> None:
    exit_code, events = serve({**request(*pair, out), **changes})
    error = events[-1]
    assert exit_code == EXIT_ERROR
    assert (error["type"], error["kind"], error["code"]) == ("error", kind, code)
    assert error["message"] and error["remedy"]
    assert untouched(out)


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (MemoryError(), "MemoryError", "out-of-memory"),
        (RuntimeError("Failed to allocate memory for 9 bytes"), "MemoryError", "out-of-memory"),
        (RuntimeError("CUDA out of memory. Tried to"), "MemoryError", "out-of-memory"),
        (OSError("std::bad_alloc"), "MemoryError", "out-of-memory"),
        (ZeroDivisionError("oh"), "InternalError", "program-fault"),
        (CPLE_NotSupportedError(3, 6, "no operation"), "InputError", "gdal-failed"),
        (CRSError("no WKT"), "InputError", "gdal-failed"),
        (np.linalg.LinAlgError("singular"), "InputError", "values-not-computable"),
        (ImportError("DLL load failed"), "InternalError", "package-broken"),
    ],
)
def test_failure_during_the_run_leaves_nothing(
    pair: tuple[Path, Path],
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    kind: str,
    code: str,
) -> None:
    monkeypatch.setattr(registry, "create", lambda *args, **more: Failing(error))
    exit_code, events = serve(request(*pair, out))
    assert exit_code == EXIT_ERROR
    assert (events[-1]["kind"], events[-1]["code"]) == (kind, code)
    assert "Traceback" in capsys.readouterr().err
    assert untouched(out)


def test_output_of_libraries_goes_to_stderr(pair: tuple[Path, Path], out: Path) -> None:
    with Worker(NOISY) as run:
        run.say(request(*pair, out))
        assert run.finish() == EXIT_OK
        assert {event["type"] for event in run.events} <= {"hello", "progress", "log", "result"}
        assert run.errors.count(b"printed by Python") == 9
        assert run.errors.count(b"printed by C") == 9


@pytest.mark.parametrize(
    ("patch", "when"),
    [(slow(0.5), "Tile 1 of"), (SLOW_TO_PREPARE, "Sampling"), (STUCK, "Tile 1 of")],
    ids=["tiles", "prepare", "stuck"],
)
def test_cancel_is_quick_and_leaves_the_old_file(
    pair: tuple[Path, Path], out: Path, patch: str, when: str
) -> None:
    """Other ways to end a run, at every stage of it, are cases of the fault table."""
    with Worker(patch) as run:
        run.say(request(*pair, out))
        run.wait_for("progress", when)
        requested = time.monotonic()
        run.say({"type": "cancel"})
        assert run.finish() == 3
        # A stuck tile would take a minute; the exact limit is GRACE_S.
        assert time.monotonic() - requested < 15.0
        assert [event["kind"] for event in run.of("error")] == ["Cancelled"]
        assert not run.of("result")
    assert untouched(out)


def test_run_under_nohup_outlives_the_terminal(pair: tuple[Path, Path], out: Path) -> None:
    nohup = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    with Worker(nohup + slow(0.1)) as run:
        run.say(request(*pair, out))
        run.wait_for("progress", "Tile 1 of")
        run.process.send_signal(signal.SIGHUP)
        assert run.finish() == EXIT_OK
        assert run.of("result")


def test_heartbeats_fill_a_long_silence(pair: tuple[Path, Path], out: Path) -> None:
    with Worker("import core.worker.main; core.worker.main.HEARTBEAT_S = 0.5\n" + STUCK) as run:
        run.say(request(*pair, out))
        run.wait_for("progress", "Tile 1 of")
        before = len(run.of("progress"))
        until = time.monotonic() + 60.0
        while len(run.of("progress")) < before + 2:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert run.of("progress")[-1]["remaining_s"] is None


def test_remaining_time_is_estimated_and_the_result_tells_what_the_run_took(
    pair: tuple[Path, Path], out: Path
) -> None:
    """From the result QGIS estimates the next run."""
    with Worker(slow(0.25)) as run:
        run.say(request(*pair, out, tile=48))
        assert run.finish() == EXIT_OK
        (result,) = run.of("result")
        told = [(event["message"], event["remaining_s"]) for event in run.of("progress")]
    estimates = [seconds for _, seconds in told if seconds is not None]
    assert told[0][1] is None and told[1][1] is None
    assert len(estimates) >= 5
    # Ten of sixteen tiles are left when the first estimate can come, two in work at a time: 1.25 s,
    # or more when busy.
    assert estimates[0] > 0.7
    assert estimates[-1] < estimates[0]
    assert 0.25 * result["tiles"] / 2 <= result["tile_seconds"] <= result["seconds"]
    if sys.platform.startswith("linux"):
        assert 20e6 < result["memory"] < 4e9


def test_progress_moves_on_within_a_tile(pair: tuple[Path, Path], out: Path) -> None:
    """After the first tiles their time is known; the bar goes on while the next are in work."""
    short = "import core.worker.main; core.worker.main.HEARTBEAT_S = 0.5\n"
    with Worker(short + slow(2.5)) as run:
        run.say(request(*pair, out, tile=128))
        assert run.finish() == EXIT_OK
        told = run.of("progress")
    within = [each for each in told if each["message"].startswith("Tile")]
    fractions = [each["fraction"] for each in within]
    assert len(set(fractions)) >= 5 and fractions == sorted(fractions)
    assert all(each["remaining_s"] is not None for each in within[-5:])


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX'")
def test_two_requests_to_stop_force_the_end_once() -> None:
    forced: list[float] = []
    stop = main.Stop(force=lambda: forced.append(time.monotonic()), grace=0.2)
    stop.check()
    requested = time.monotonic()
    stop.request_stop()
    stop.request_stop()
    with pytest.raises(errors.Cancelled):
        stop.check()
    until = requested + 60.0
    while not forced:
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.4)  # for a second one
    assert len(forced) == 1
    assert forced[0] - requested >= 0.2


def test_worker_ends_when_its_parent_is_killed(pair: tuple[Path, Path], out: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen([sys.executable, '-I', '-c', sys.argv[1]], stdin=subprocess.PIPE)\n"
        "p.stdin.write(sys.argv[2].encode() + b'\\n'); p.stdin.flush()\n"
        "print(p.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    start = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests/core')!r}]\n"
    serve = "\nfrom core.worker.main import main\nsys.exit(main())"
    asked = json.dumps(request(*pair, out, tile=16))
    parent = subprocess.Popen(
        [sys.executable, "-c", code, start + slow(0.2) + serve, asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    lines = iter(parent.stdout)
    number = next(int(line) for line in lines if line.strip().isdigit())
    next(line for line in lines if "Tile 3 of" in line)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 60.0
    while time.monotonic() < until and _runs(number):
        time.sleep(0.05)
    assert not _runs(number)
    assert untouched(out)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
