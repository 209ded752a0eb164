# SPDX-License-Identifier: GPL-2.0-or-later
"""One run of a worker, with stand-ins that misbehave."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from qgis_helpers import CANCELLED_S, ROOT, Feedback, fails, fake_command, is_alive, soon, until

from ksdiff_qgis.runtime import worker_run
from ksdiff_qgis.runtime.errors import Kind, RunCancelled, RunError

REQUEST = {"protocol": 2, "pan": "pan.tif", "out": "out.tif"}
# Fields of requests that name no file to write.
READ = {
    *("pan", "ms", "fused", "reference", "data", "pan_band", "ms_bands", "nodata", "extent"),
    *("method", "methods", "scene_test", "sensor", "model", "device", "seed", "tile", "sets"),
    *("output_type", "creation_options", "cog", "ratio", "phase", "cut", "adapt"),
    *("steps", "align", "selftest", "back_projection", "pan_gain", "fit"),
    *("rpc_dem", "pan_nodata", "output_nodata", "nodata_bands", "undeclared_nodata"),
    *("dry_run", "extent_crs", "skip_doubtful", "leave_out", "scheduler"),
    *("overviews", "unseen_bands", "pan_from_bands"),
}
NO_HELLO = worker_run.Limits(hello=1.0)
QUIET = worker_run.Limits(silence=1.0, exit=2.0)


def run(name: str, feedback: Feedback | None = None, limits=None, arguments=()):
    return worker_run.run(REQUEST, feedback or Feedback(), fake_command(name, *arguments), limits)


def test_result_log_and_progress_arrive():
    feedback = Feedback()
    result = run("normal", feedback)
    assert result["out"] == "out.tif"
    assert result["echo"] == {**REQUEST, "language": "en"}
    assert ("info", "reading pan.tif") in feedback.said
    assert ("warning", "careful") in feedback.said
    assert ("error", "not so bad") in feedback.said
    assert feedback.percents == [0.0, 25.0, 50.0, 75.0, 100.0]  # and never beyond
    texts = [text.split(",")[0] for kind, text in feedback.said if kind == "text"]
    assert texts == ["tile 0 of 4", "writing"]


def test_worker_killed_by_the_system_ran_out_of_memory():
    with fails(Kind.MEMORY):
        run("killed")


def test_loud_worker_does_not_block_and_its_last_output_is_quoted():
    with fails(Kind.DIED) as caught:
        run("loud")
    assert caught.value.message.endswith("the very end")
    assert len(caught.value.message) < 2000


def test_garbage_between_events_is_ignored():
    feedback = Feedback()
    assert run("garbage", feedback)["out"] == "x"
    assert ("debug", "Loading profile...") in feedback.said
    assert feedback.percents == []  # neither "a lot" nor NaN is a fraction
    assert len(feedback.said) < 50


def test_endless_garbage_is_ended():
    feedback = Feedback()
    with soon(), fails(Kind.SILENT):
        run("babble", feedback, NO_HELLO)
    assert len(feedback.said) <= worker_run.MAX_OTHER_LINES


def test_characters_split_over_two_writes_are_joined():
    feedback = Feedback()
    run("partial", feedback)
    assert ("info", "Überflug Łódź 東京") in feedback.said


@pytest.mark.parametrize("name", ["other_protocol", "stranger"])
def test_worker_of_another_version_is_refused(name):
    with soon(), fails(Kind.PROTOCOL):
        run(name)


@pytest.mark.parametrize(
    ("name", "limits", "quoted"), [("no_hello", NO_HELLO, ""), ("silent", QUIET, "for a lock")]
)
def test_silent_worker_is_ended(name, limits, quoted):
    with fails(Kind.SILENT) as caught:
        run(name, limits=limits)
    assert quoted in caught.value.message


def test_pipe_held_open_by_a_grandchild_does_not_block(tmp_path):
    pid, threads = tmp_path / "pid", threading.active_count()
    with fails(Kind.DIED) as caught:
        run("lingering", arguments=[str(pid)])
    assert "7" in caught.value.message  # the exit code
    assert is_alive(int(pid.read_text()))
    os.kill(int(pid.read_text()), signal.SIGKILL)
    until(lambda: threading.active_count() <= threads)  # not counted in another test


@pytest.mark.parametrize("program", ["/no/python", "/bin/true"])
def test_program_that_is_no_python_is_named(program, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", program)
    with fails(Kind.NO_RUNTIME) as caught:
        worker_run.run(REQUEST, Feedback(), [program])
    assert program in caught.value.message and "KSDIFF_PYTHON" in caught.value.remedy


def test_cancel_is_polite(tmp_path):
    ended = tmp_path / "ended"
    feedback = Feedback(lambda now: len(now.percents) > 3)
    with soon(), pytest.raises(RunCancelled):
        run("slow", feedback, arguments=[str(ended)])
    assert ended.read_text() == "politely"


def core_says(real_python, expression):
    """Evaluate an expression about the real worker's modules."""
    modules = "core.requests.scenes, dataclasses, json"
    code = f"import {modules}\nfrom core.worker.cancellation import GRACE_S\n"
    command = [real_python, "-c", f"{code}print(json.dumps({expression}))"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def test_cancelling_takes_less_than_three_seconds(real_python):
    """The worker has longer to stop than it needs by itself."""
    limits = worker_run.Limits()
    assert core_says(real_python, "GRACE_S") < limits.polite
    assert worker_run.POLL_S + limits.polite + limits.terminate < 3.0


def test_cancel_ends_a_stubborn_worker_and_its_children(tmp_path):
    pids_file = tmp_path / "pids"
    feedback = Feedback(lambda _: pids_file.is_file() and " " in pids_file.read_text())
    with pytest.raises(RunCancelled):
        run("stubborn", feedback, arguments=[str(pids_file)])
    assert time.monotonic() - feedback.asked < CANCELLED_S
    pids = [int(pid) for pid in pids_file.read_text().split()]
    until(lambda: not any(map(is_alive, pids)))


def test_threads_and_pipes_are_released():
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    run("normal")
    files, threads = open_files(), threading.active_count()
    for name in ("normal", "failing", "killed"):
        with contextlib.suppress(RunError):
            run(name)
    assert (open_files(), threading.active_count()) == (files, threads)


def test_worker_sees_no_variable_of_qgis(monkeypatch):
    for name in ("PYTHONHOME", "PYTHONEXECUTABLE", "PROJ_LIB", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("KSDIFF_TEST", "kept")
    seen = run("sees")["environ"]
    assert "/nowhere" not in seen.values()
    assert (seen["KSDIFF_TEST"], seen["PATH"]) == ("kept", os.environ["PATH"])


def test_temporary_files_of_a_killed_worker_are_removed(tmp_path):
    fields = ("out", "out_pan", "out_ms", "out_reference", "report", "sam_map", "q2n_map")
    fields += ("error_map", "csv", "json", "save_fit")
    targets = {name: str(tmp_path / f"{name}.file") for name in fields}
    others = [tmp_path / ".out.file.elsewhere-1-x", tmp_path / ".out.file.1", tmp_path / "out.file"]
    for path in others:
        path.touch()
    request = {"protocol": 2, **targets, "targets": list(targets.values())}
    with fails(Kind.MEMORY):
        worker_run.run(request, Feedback(), fake_command("leaving"))
    assert sorted(tmp_path.iterdir()) == sorted(others)


def test_every_field_that_names_a_file_to_write_is_known(real_python):
    fields = core_says(
        real_python,
        "[field.name for task in vars(core.requests.scenes).values() if isinstance(task, type) "
        "and dataclasses.is_dataclass(task) for field in dataclasses.fields(task)]",
    )
    assert set(fields) - READ == set(worker_run.WRITTEN)


def test_progress_text_is_shown_for_each_stage_and_every_ten_seconds():
    text = worker_run.ProgressText()
    assert text.next("Reading", None, 0.0) == "Reading"
    assert text.next("tile 1 of 900", 7200.0, 0.1) == "tile 1 of 900, about 2.0 h left"
    assert text.next("tile 2 of 900", 7190.0, 0.2) is None
    assert text.next("tile 50 of 900", 80.0, 10.2) == "tile 50 of 900, about 80 s left"
    assert text.next("Writing", 0.4, 10.3) == "Writing"
    assert text.next("Writing", None, 30.0) is None  # nothing new
