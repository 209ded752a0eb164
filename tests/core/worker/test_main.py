# SPDX-License-Identifier: GPL-2.0-or-later
"""A real worker process: what it says, how it stops, what it leaves behind."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import ROOT, Failing, Sampler, Worker, request, write_pair

from core import __version__, errors
from core.methods import registry
from core.versions import PACKAGES
from core.worker import main
from core.worker.protocol import PROTOCOL, Events

# Takes a method's place in the worker: one tile lasts longer than anybody waits, like one long
# call into the network's runtime; nothing looks at the cancel meanwhile.
STUCK = """
import time, fakes, core.methods.registry
class Stuck(fakes.Plain):
    def fuse(self, patch, context):
        time.sleep(60)
core.methods.registry.create = lambda *a, **k: Stuck()
"""

# Many short tiles, each of which can be the last.
SLOW = """
import time, fakes, core.methods.registry
class Slow(fakes.Plain):
    def fuse(self, patch, context):
        time.sleep({seconds})
        return super().fuse(patch, context)
core.methods.registry.create = lambda *a, **k: Slow()
"""

SLOW_TO_PREPARE = """
import time, fakes, core.methods.registry
class Slow(fakes.Plain):
    def prepare(self, scene, progress):
        for step in range(600):
            time.sleep(0.1)
            progress(step / 600, "Sampling the scene")
core.methods.registry.create = lambda *a, **k: Slow()
"""

NOISY = """
import ctypes, fakes, core.methods.registry
class Noisy(fakes.Plain):
    def fuse(self, patch, context):
        print("printed by Python")
        libc = ctypes.CDLL(None)
        libc.puts(b"printed by C")
        libc.fflush(None)
        return super().fuse(patch, context)
core.methods.registry.create = lambda *a, **k: Noisy()
"""


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


def test_a_run_from_hello_to_result(pair: tuple[Path, Path], out: Path) -> None:
    with Worker() as run:
        run.say(request(*pair, out, method="exp"))
        assert run.finish() == 0
        events = run.events
    assert events[0]["type"] == "hello"
    assert events[0]["protocol"] == PROTOCOL
    assert events[0]["version"] == __version__
    assert events[0]["pid"] == run.process.pid
    assert "CPUExecutionProvider" in events[0]["providers"]
    assert [event["type"] for event in events].count("result") == 1
    assert any("ratio 4" in event["message"] for event in run.of("log"))
    result = events[-1]
    assert result["type"] == "result"
    assert (result["ratio"], result["bands"], result["tiles"]) == (4.0, 4, 9)
    assert (result["method"], result["device"], result["out"]) == ("exp", "cpu", str(out))
    with rasterio.open(out) as made, rasterio.open(pair[0]) as pan:
        assert made.transform == pan.transform
        assert made.read().any()


def test_any_letters_in_paths_and_a_spoilt_environment(tmp_path: Path) -> None:
    pair = write_pair(tmp_path / "Szene 東京 ü")
    out = tmp_path / "Ergebnis ñ №7.tif"
    spoilt = {"PYTHONHOME": "/absent", "PYTHONPATH": "/absent", "PYTHONIOENCODING": "latin-1"}
    with Worker(env={"LC_ALL": "C", **spoilt}) as run:
        run.say(request(*pair, out))
        assert run.finish() == 0
        assert run.of("result")[0]["out"] == str(out)
    assert out.is_file()


def test_the_network_runs_in_the_worker(
    pair: tuple[Path, Path], out: Path, small_model: Path
) -> None:
    watched = "import sys; sys.modules['torch'] = None  # importing it would fail\n"
    with Worker(watched) as run:
        run.say(request(*pair, out, method="ksdiff", model=str(small_model)))
        assert run.finish() == 0, (run.events, run.errors)
        result = run.of("result")[0]
    assert (result["method"], result["model"], result["device"]) == ("ksdiff", "small", "cpu")
    with rasterio.open(out) as made:
        assert made.count == 4
        assert made.read().std() > 0


def test_check_reports_what_is_installed() -> None:
    with Worker() as run:
        run.say({"protocol": PROTOCOL, "task": "check"})
        assert run.finish() == 0
        result = run.of("result")[0]
    assert result["numpy"] == np.__version__
    assert result["rasterio"] == rasterio.__version__
    assert result["providers"]
    assert all(result[package] for package in PACKAGES)


@pytest.mark.parametrize("package", ["onnxruntime", "scipy"])
@pytest.mark.parametrize("task", ["check", "pansharpen"])
def test_a_missing_package_is_said_after_the_greeting(
    pair: tuple[Path, Path], out: Path, package: str, task: str
) -> None:
    with Worker(f"import sys; sys.modules[{package!r}] = None\n") as run:
        bare = {"protocol": PROTOCOL, "task": task}
        run.say(bare if task == "check" else request(*pair, out))
        assert run.finish() == 1
        assert [event["type"] for event in run.events] == ["hello", "error"]
        error = run.events[-1]
    assert f"lacks {package}." in error["message"]
    assert error["code"] == "packages-missing"
    assert error["facts"] == {"packages": package, "python": sys.executable}
    assert untouched(out)


def test_a_broken_package_is_said_after_the_greeting(
    pair: tuple[Path, Path], out: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "onnxruntime.py").write_text("raise ImportError('DLL load failed')")
    with Worker(f"sys.path.insert(0, {str(tmp_path / 'broken')!r})\n") as run:
        run.say(request(*pair, out))
        assert run.finish() == 1
        assert [event["type"] for event in run.events] == ["hello", "error"]
        assert "DLL load failed" in run.events[-1]["message"]
        assert run.events[-1]["remedy"]


@pytest.mark.parametrize("start", ["core/worker/main.py", "core/__main__.py"])
def test_an_old_python_is_told_before_it_stumbles(start: str) -> None:
    code = "import runpy, sys; sys.version_info = (3, 9, 18); sys.modules['core.errors'] = None\n"
    code += f"sys.path.insert(0, {str(ROOT)!r})\n"
    code += f"runpy.run_path({str(ROOT / start)!r}, run_name='__main__')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "KSDiff needs Python 3.10 or newer.\n"


def test_a_bad_request_is_told_apart() -> None:
    with Worker() as run:
        run.say(b"this is no JSON\n")
        assert run.finish() == 2
        assert [event["type"] for event in run.events] == ["hello", "error"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"this is no JSON\n", "JSON"),
        (b"\n", "No request"),
        (b'{"protocol": 99, "task": "pansharpen"}\n', "protocol 99"),
        (b'{"protocol": 2, "task": "dance"}\n', "dance"),
        (b'{"protocol": 2, "pan": "\xff"}\n', "UTF-8"),
    ],
)
def test_a_bad_request_is_answered(line: bytes, said: str) -> None:
    code, events = serve(line)
    assert code == 2
    assert events[-1]["type"] == "error"
    assert events[-1]["kind"] == "InputError"
    assert said in events[-1]["message"]


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"pan": "absent.tif"}, "InputError", "absent.tif"),
        ({"method": "magic"}, "InputError", "magic"),
        ({"out": "/absent/o.tif"}, "OutputError", "/absent"),
        ({"tile": -5}, "InputError", "-5"),
        ({"steps": 4}, "InputError", "exp has no sampling"),
        ({"method": "srino", "steps": -4}, "InputError", "-4 steps"),
        ({"extent": [0, 0, 1, 1]}, "InputError", "extent"),
    ],
)
def test_the_users_errors_come_with_a_remedy(
    pair: tuple[Path, Path], out: Path, changes: dict[str, Any], kind: str, said: str
) -> None:
    code, events = serve({**request(*pair, out), **changes})
    error = events[-1]
    assert code == 1
    assert (error["type"], error["kind"]) == ("error", kind)
    assert said in error["message"]
    assert error["remedy"]
    assert untouched(out)


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (MemoryError(), "MemoryError", "smaller tile"),
        (RuntimeError("Failed to allocate memory for 9 bytes"), "MemoryError", "smaller tile"),
        (ZeroDivisionError("oh"), "InternalError", "ZeroDivisionError: oh"),
        (ImportError("DLL load failed"), "InternalError", "DLL load failed"),
    ],
)
def test_a_failure_midway_is_said_and_leaves_nothing(
    pair: tuple[Path, Path],
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    kind: str,
    said: str,
) -> None:
    monkeypatch.setattr(registry, "create", lambda *args, **more: Failing(error))
    code, events = serve(request(*pair, out))
    assert code == 1
    assert events[-1]["kind"] == kind
    assert said in f"{events[-1]['message']} {events[-1]['remedy']}"
    assert "Traceback" in capsys.readouterr().err
    assert untouched(out)


def test_the_spread_is_told_beside_the_image(
    pair: tuple[Path, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "create", lambda *args, **more: Sampler())
    spread = out.parent / "spread.tif"
    more = {"method": "srino", "adapt": 0, "spread": str(spread), "spread_seeds": 2}
    code, events = serve(request(*pair, out, **more))
    assert code == 0, events
    assert (events[-1]["out"], events[-1]["spread"]) == (str(out), str(spread))
    assert sorted(out.parent.iterdir()) == [out, spread]


def test_prints_do_not_enter_the_stream(pair: tuple[Path, Path], out: Path) -> None:
    with Worker(NOISY) as run:
        run.say(request(*pair, out))
        assert run.finish() == 0
        assert {event["type"] for event in run.events} <= {"hello", "progress", "log", "result"}
        assert run.errors.count(b"printed by Python") == 9
        assert run.errors.count(b"printed by C") == 9


def by_message(run: Worker) -> None:
    run.say({"type": "cancel"})


def by_closing(run: Worker) -> None:
    run.process.stdin.close()


def by_signal(run: Worker) -> None:
    run.process.terminate()


@pytest.mark.parametrize(
    ("how", "patch", "when"),
    [
        (by_message, SLOW.format(seconds=0.5), "Tile 2 of"),
        (by_message, SLOW_TO_PREPARE, "Sampling"),
        (by_message, STUCK, "Tile 1 of"),
        (by_closing, SLOW_TO_PREPARE, "Sampling"),
        (by_signal, STUCK, "Tile 1 of"),
    ],
    ids=["tiles", "prepare", "stuck", "closed", "signal"],
)
def test_a_cancel_is_quick_and_leaves_the_old_file(
    pair: tuple[Path, Path], out: Path, how: Any, patch: str, when: str
) -> None:
    with Worker(patch) as run:
        run.say(request(*pair, out))
        run.wait_for("progress", when)
        asked = time.monotonic()
        how(run)
        assert run.finish() == 3
        # A tile that is stuck would take a minute; the promise itself is in GRACE_S.
        assert time.monotonic() - asked < 15.0
        assert [event["kind"] for event in run.of("error")] == ["Cancelled"]
        assert not run.of("result")
    assert untouched(out)


def test_a_run_under_nohup_outlives_the_terminal(pair: tuple[Path, Path], out: Path) -> None:
    nohup = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    with Worker(nohup + SLOW.format(seconds=0.1)) as run:
        run.say(request(*pair, out))
        run.wait_for("progress", "Tile 1 of")
        run.process.send_signal(signal.SIGHUP)
        assert run.finish() == 0
        assert run.of("result")


def test_a_killed_worker_says_nothing_and_spares_the_old_file(
    pair: tuple[Path, Path], out: Path
) -> None:
    with Worker(STUCK) as run:
        run.say(request(*pair, out))
        run.wait_for("progress", "Tile 1 of")
        run.process.kill()
        assert run.finish() == -signal.SIGKILL
        assert not run.of("error")
        assert not run.of("result")
    assert out.read_bytes() == b"an earlier result"
    with Worker() as run:  # the next run clears up
        run.say(request(*pair, out))
        assert run.finish() == 0
    assert [*out.parent.iterdir()] == [out]


def test_a_parent_that_dies_takes_the_worker_along(pair: tuple[Path, Path], out: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen([sys.executable, '-I', '-c', sys.argv[1]], stdin=subprocess.PIPE)\n"
        "p.stdin.write(sys.argv[2].encode() + b'\\n'); p.stdin.flush()\n"
        "print(p.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    start = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests/core')!r}]\n"
    serve = "\nfrom core.worker.main import main\nsys.exit(main())"
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            code,
            start + SLOW.format(seconds=0.2) + serve,
            json.dumps(request(*pair, out, tile=16)),
        ],
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


def test_a_long_silence_is_filled_with_heartbeats(pair: tuple[Path, Path], out: Path) -> None:
    with Worker("import core.worker.main; core.worker.main.HEARTBEAT_S = 0.5\n" + STUCK) as run:
        run.say(request(*pair, out))
        run.wait_for("progress", "Tile 1 of")
        before = len(run.of("progress"))
        until = time.monotonic() + 60.0
        while len(run.of("progress")) < before + 2:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert run.of("progress")[-1]["remaining_s"] is None


def test_remaining_time_is_told_when_it_is_known(pair: tuple[Path, Path], out: Path) -> None:
    with Worker(SLOW.format(seconds=0.25)) as run:
        run.say(request(*pair, out, tile=48))
        assert run.finish() == 0
        told = [(event["message"], event["remaining_s"]) for event in run.of("progress")]
    estimates = [seconds for _, seconds in told if seconds is not None]
    assert told[0][1] is None
    assert told[1][1] is None
    assert len(estimates) >= 5
    # Ten of sixteen tiles are left when the first estimate can come: 2.5 s, or more when busy.
    assert estimates[0] > 1.5
    assert estimates[-1] < estimates[0]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.InputError("pan-is-ms", pan="a"), "InputError"),
        (errors.ModelError("model-damaged", path="a"), "ModelError"),
        (errors.OutputError("output-is-input", path="a"), "OutputError"),
        (type("Special", (errors.ModelError,), {})("model-damaged", path="a"), "ModelError"),
        (errors.PansharpenError("request-empty"), "InternalError"),
        (MemoryError(), "MemoryError"),
        (RuntimeError("CUDA out of memory. Tried to"), "MemoryError"),
        (OSError("std::bad_alloc"), "MemoryError"),
        (KeyError("x"), "InternalError"),
    ],
)
def test_kinds_of_errors(error: Exception, kind: str) -> None:
    assert main.describe_error(error)[0] == kind


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX'")
def test_asking_to_stop_twice_forces_once() -> None:
    forced: list[float] = []
    stop = main.Stop(force=lambda: forced.append(time.monotonic()), grace=0.2)
    stop.check()
    asked = time.monotonic()
    stop.ask()
    stop.ask()
    with pytest.raises(errors.Cancelled):
        stop.check()
    until = asked + 60.0
    while not forced:
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.4)  # for a second one
    assert len(forced) == 1
    assert forced[0] - asked >= 0.2
