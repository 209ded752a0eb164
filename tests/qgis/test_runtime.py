# SPDX-License-Identifier: GPL-2.0-or-later
"""Environments are made, kept, repaired and removed, with a stand-in for Python and pip."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from qgis_helpers import FAKES, ROOT, SYSTEM_PYTHON, Feedback

from ksdiff_qgis.runtime import environment, envs, install, lockfile, managed, nvidia
from ksdiff_qgis.runtime.errors import RunCancelled, RunError

CPU = {"device": "cpu", "ran": "cpu", "passed": True}
CUDA = {"device": "cuda", "ran": "cuda", "passed": True}
ON_CPU = {"device": "cuda", "ran": "cpu", "passed": False, "reason": "It ran on cpu."}
PROBE = {
    "version": [3, 12, 1],
    "system": "linux",
    "machine": "x86_64",
    "venv": True,
    "cpython": True,
    "libc": ["glibc", "2.36"],
}
MODERN = nvidia.Gpu("NVIDIA T4", "590.10", (7, 5), 15360)


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What the stand-in does: `told(pip=[...])` changes it, `told()` says what it was asked."""
    plan = tmp_path / "plan.json"
    known = {"probe": PROBE, "pip": ["ok"], "devices": [CPU], "hanging": str(tmp_path / "hangs")}
    plan.write_text(json.dumps(known))
    script = tmp_path / "python3"
    script.write_text(f'#!/bin/sh\nexec {SYSTEM_PYTHON} -I -u "{FAKES / "installer.py"}" "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("KSDIFF_TEST_INSTALLER", str(plan))
    monkeypatch.setenv("KSDIFF_TEST_SELF", str(script))
    monkeypatch.setattr(install, "PAUSE_S", 0.1)
    monkeypatch.setattr(managed, "pip_is_set_up", lambda environ: True)

    def tell(**changes):
        now = {**json.loads(plan.read_text()), **changes}
        plan.write_text(json.dumps(now))
        return now

    tell.python = str(script)
    return tell


@pytest.fixture
def home(tmp_path):
    return tmp_path / "my hömé"


@pytest.fixture
def make(told, home):
    """Make an environment with the stand-in; the feedback is the result's `feedback`."""

    def run(size="light", feedback=None, **how):
        planned = managed.plan(size, home, python=told.python, **how)
        return managed.make(planned, feedback or Feedback())

    return run


@pytest.fixture
def gpu(monkeypatch):
    """A machine with a GPU that can be used."""
    monkeypatch.setattr(nvidia, "find", lambda: [MODERN])


def folders(home):
    """Names of what lies among the environments, but for the lock."""
    there = home / "envs"
    return sorted(path.name for path in there.iterdir()) if there.is_dir() else []


# --- made ---


def test_nothing_is_there_at_first(home):
    now = managed.status(home)
    assert (now.state, now.size, now.folder, now.python) == ("missing", "", None, "")
    assert "--ACTION=install" in now.message
    assert not home.exists(), "looking must not leave folders"


def test_made_it_is_ready_and_found(make, home, tmp_path):
    feedback = Feedback()
    now = make(feedback=feedback)
    assert (now.state, now.size) == ("ready", "light")
    name = f"light-3.12-linux-x86_64-{envs.lock_hash('light')}"
    assert folders(home) == [name]
    assert not (now.folder / envs.INCOMPLETE).exists()
    facts = json.loads((now.folder / "env.json").read_text())
    assert facts["lock"] == envs.lock_hash("light")
    assert facts["selftest"]["devices"] == [CPU]
    found = environment.find(None, tmp_path, {}, home)
    assert found.path == now.python == str(now.folder / "bin" / "python")
    assert feedback.progress == sorted(feedback.progress)
    assert ("text", "Processing wheel-2.0.whl") in feedback.said, "the folder is left out"
    assert ("text", "Collecting affine==3.0.1") in feedback.said
    assert feedback.progress[-1] == 100
    log = managed.log_path(home).read_text()
    assert "Collecting affine==3.0.1" in log and "Self-test" in log


def test_packages_are_taken_by_hash_and_without_sources(make, told, home):
    make()
    words = told()["calls"][0]
    for word in ("--require-hashes", "--only-binary", "--no-deps", str(envs.lock_path("light"))):
        assert word in words
    assert not {"--no-index", "--find-links"} & set(words)


def test_the_order_of_interpreters(make, home, tmp_path):
    now = make()
    own = tmp_path / "checkout" / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.touch()
    named = tmp_path / "named"
    named.touch()
    root = tmp_path / "checkout"
    assert environment.find(str(named), root, {}, home).path == str(named)
    assert environment.find(None, root, {}, home).path == now.python
    shutil.rmtree(home)
    assert environment.find(None, root, {}, home).path == str(own)


def test_light_is_made_full_and_then_goes(make, home):
    light = make()
    full = make("full")
    assert full.size == "full"
    assert folders(home) == [full.folder.name]
    assert full.folder != light.folder


def test_repairing_makes_it_anew_beside_the_old(make, home):
    first = make()
    (first.folder / "bin" / "python").write_text("broken")
    second = make()
    assert second.folder.name == first.folder.name + "-2"
    assert folders(home) == [second.folder.name]


def test_wheels_of_a_folder_are_all_that_is_used(make, told, tmp_path):
    wheels = tmp_path / "my wheels"
    wheels.mkdir()
    with pytest.raises(RunError, match="no wheels") as caught:
        make(wheels=wheels)
    assert "pip download" in caught.value.remedy
    (wheels / "affine-3.0.1-py3-none-any.whl").touch()
    make(wheels=wheels)
    words = told()["calls"][0]
    assert "--no-index" in words
    assert words[words.index("--find-links") + 1] == str(wheels)


def test_uv_does_the_work_where_it_is(make, told, home, tmp_path, monkeypatch):
    uv = tmp_path / "uv"
    uv.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n'
        '[ "$1" = venv ] || exit 0\n'
        'for last; do :; done\nmkdir -p "$last/bin" && cp "$KSDIFF_TEST_SELF" "$last/bin/python"\n'
    )
    uv.chmod(0o755)
    planned = replace(managed.plan("light", home, python=told.python), uv=str(uv))
    now = managed.make(planned, Feedback())
    first, second = (tmp_path / "asked").read_text().splitlines()
    assert first.startswith("venv ") and first.endswith(str(now.folder))
    assert second.startswith(f"pip install --python {now.python} --require-hashes")
    assert "calls" not in told(), "pip was called as well"


@pytest.mark.parametrize(
    ("set_up", "venv", "uses"),
    [(False, True, True), (True, True, False), (True, False, True), (False, False, True)],
)
def test_uv_is_taken_where_pip_has_no_settings_or_cannot(
    told, home, tmp_path, monkeypatch, set_up, venv, uses
):
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(uv.parent), prepend=os.pathsep)
    monkeypatch.setattr(managed, "pip_is_set_up", lambda environ: set_up)
    told(probe={**PROBE, "venv": venv})
    assert managed.plan("light", home, python=told.python).uv == (str(uv) if uses else "")


# --- failed, cancelled, killed ---


@pytest.mark.parametrize(
    ("mode", "kind", "calls"),
    [
        ("network", "Network", 3),
        ("hash", "Hash", 1),
        ("disk", "Disk", 1),
        ("strange", "Install", 1),
    ],
)
def test_what_fails_leaves_nothing_and_only_the_network_is_tried_again(
    make, told, home, mode, kind, calls
):
    told(pip=[mode])
    with pytest.raises(RunError) as caught:
        make()
    assert caught.value.kind == kind
    assert caught.value.remedy
    assert len(told()["calls"]) == calls
    assert folders(home) == []
    assert managed.status(home).state == "missing"
    if mode == "strange":
        assert "nobody knows why" in caught.value.message


def test_a_network_that_comes_back_is_no_failure(make, told):
    told(pip=["network", "network", "ok"])
    feedback = Feedback()
    assert make(feedback=feedback).state == "ready"
    assert len([text for kind, text in feedback.said if kind == "warning"]) == 2


def test_a_python_without_venv_says_what_to_install(make, told, home):
    told(venv="fail")
    with pytest.raises(RunError) as caught:
        make()
    assert "apt install python3-venv" in caught.value.remedy
    assert folders(home) == []


def test_cancelling_ends_pip_and_keeps_what_was_there(make, told, home):
    before = make()
    told(pip=["hang"], calls=[])
    hanging = Path(told()["hanging"])

    class Cancelling(Feedback):
        def isCanceled(self):  # noqa: N802
            return hanging.is_file()

    with pytest.raises(RunCancelled):
        make("full", Cancelling())
    time.sleep(0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(int(hanging.read_text()), 0)
    assert folders(home) == [before.folder.name]
    assert managed.status(home) == before


def test_a_failed_upgrade_keeps_the_old_one(make, told, home, tmp_path, monkeypatch):
    old = make()
    monkeypatch.setattr(envs, "lock_hash", lambda size: "newer123")
    now = managed.status(home)
    assert (now.state, now.folder) == ("outdated", old.folder)
    assert "--ACTION=repair" in now.message
    with pytest.raises(RunError, match="another version of the plugin"):
        environment.find(None, tmp_path, {}, home)
    told(pip=["hash"])
    with pytest.raises(RunError):
        make()
    assert managed.status(home).folder == old.folder
    told(pip=["ok"], calls=[])
    new = make()
    assert new.state == "ready"
    assert folders(home) == [new.folder.name]


def test_a_self_test_that_fails_is_no_environment(make, told, home):
    told(devices=[{"device": "cpu", "ran": "", "passed": False, "reason": "no"}])
    with pytest.raises(RunError, match="self-test"):
        make()
    assert folders(home) == []


@pytest.mark.parametrize(
    ("cuda", "torch", "why"),
    [
        ([], ["cpu", "cuda"], "lists no CUDA"),
        ([ON_CPU], ["cpu", "cuda"], "on cpu"),
        ([CUDA], ["cpu"], "PyTorch finds no CUDA"),
    ],
)
def test_a_gpu_that_does_not_run_is_never_passed_over(make, told, gpu, home, cuda, torch, why):
    told(devices=[CPU, *cuda], torch={"version": "2", "devices": torch})
    with pytest.raises(RunError, match="GPU did not run") as caught:
        make("gpu")
    assert why in caught.value.message
    assert "size full" in caught.value.remedy
    assert folders(home) == []


def test_a_gpu_that_runs_is_told(make, told, gpu):
    told(devices=[CPU, CUDA], torch={"version": "2", "devices": ["cpu", "cuda"]})
    now = make("gpu")
    assert [each["ran"] for each in now.facts["selftest"]["devices"]] == ["cpu", "cuda"]


def test_a_killed_installation_is_recognised_and_cleared_away(make, told, home):
    told(pip=["hang"])
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from pathlib import Path\nfrom qgis_helpers import Feedback\n"
        "from ksdiff_qgis.runtime import managed\n"
        "managed.make(managed.plan('light', Path(sys.argv[3]), python=sys.argv[4]), Feedback())\n"
    )
    places = [str(ROOT), str(Path(__file__).parent), str(home), told.python]
    process = subprocess.Popen([sys.executable, "-c", code, *places])
    hanging = Path(told()["hanging"])
    deadline = time.monotonic() + 30
    while not hanging.is_file():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    now = managed.status(home)
    assert now.state == "busy"
    assert str(process.pid) in now.message
    with pytest.raises(RunError, match="another QGIS"):
        make()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    os.kill(int(hanging.read_text()), signal.SIGKILL)
    assert managed.status(home).state == "unfinished"
    assert envs.usable(home) is None
    told(pip=["ok"], calls=[])
    assert make().state == "ready"
    assert len(folders(home)) == 1


def test_a_full_disk_is_said_before_anything_is_fetched(make, told, home, monkeypatch):
    usage = shutil.disk_usage(home.parent)._replace(free=50_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(RunError, match="too little room") as caught:
        make()
    assert "50 MB are free" in caught.value.message
    assert "KSDIFF_QGIS_HOME" in caught.value.remedy
    assert "calls" not in told()
    assert folders(home) == []


def test_a_home_that_cannot_be_written_is_told(make, home):
    home.write_text("a file")
    with pytest.raises(RunError, match="cannot be written") as caught:
        make()
    assert "KSDIFF_QGIS_HOME" in caught.value.remedy


# --- removed ---


def test_removing_takes_what_is_ours_and_nothing_else(make, home):
    made = make().folder
    (home / "envs" / "light-left").mkdir()
    (home / "envs" / "light-left" / envs.INCOMPLETE).touch()
    (home / "envs" / "mine").mkdir()
    (home / "models").mkdir()
    assert {path.name for path in managed.remove(home)} == {made.name, "light-left"}
    assert folders(home) == ["mine"]
    assert (home / "models").is_dir()
    (home / "envs" / "mine").rmdir()
    (home / "models").rmdir()
    make()
    managed.remove(home)
    assert not home.exists()
    assert managed.remove(home) == []


def test_an_environment_whose_python_has_gone_is_broken(make, home):
    now = make()
    Path(now.python).unlink()
    now = managed.status(home)
    assert now.state == "broken"
    assert "--ACTION=repair" in now.message
    assert envs.usable(home) is None


# --- one at a time ---


def lock(home, **told):
    path = home / "envs" / ".lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told))
    return path


def test_a_lock_of_a_process_that_ended_is_taken_over(make, home):
    ended = subprocess.Popen(["true"])
    ended.wait()
    path = lock(home, pid=ended.pid, host=socket.gethostname())
    assert lockfile.holder(path) is None
    assert make().state == "ready"
    assert not path.exists()


@pytest.mark.parametrize("host", [None, "another-machine"])
def test_a_lock_of_a_process_that_lives_is_respected(make, home, host):
    path = lock(home, pid=os.getpid(), host=host or socket.gethostname())
    assert managed.status(home).state == "busy"
    with pytest.raises(RunError) as caught:
        make()
    assert caught.value.kind == "Locked"
    assert str(path) in caught.value.remedy
    assert path.exists(), "another's lock was taken away"
    with pytest.raises(RunError):
        managed.remove(home)


def test_a_lock_that_was_cut_off_is_taken_over_when_it_is_old(home):
    path = lock(home)
    path.write_text("")
    assert lockfile.holder(path) is not None
    os.utime(path, (1, 1))
    assert lockfile.holder(path) is None
    with lockfile.Lock(path):
        assert lockfile.holder(path) == os.getpid()
    assert not path.exists()
