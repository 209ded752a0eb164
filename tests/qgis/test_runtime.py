# SPDX-License-Identifier: GPL-2.0-or-later
"""Environments are made, kept, repaired and removed, with a stand-in for Python and pip."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import pytest
from qgis_helpers import FAKES, ROOT, SYSTEM_PYTHON, Feedback, is_alive, until

from ksdiff_qgis.runtime import (
    environment,
    envs,
    install,
    lockfile,
    managed,
    nvidia,
    pythons,
    selftest,
)
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
def home(tmp_path, monkeypatch):
    """The plugin's folder, on a disk that is large enough, as /tmp in memory need not be."""
    usage = shutil.disk_usage(tmp_path)._replace(free=100_000_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
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
    assert folders(home) == ["light"]
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
        ("refused", "Refused", 1),
        ("passing", "Install", 1),
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
    assert len(caught.value.remedy.splitlines()) == 2
    assert caught.value.remedy.endswith(f"\nLog: {managed.log_path(home)}")
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
    until(lambda: not is_alive(int(hanging.read_text())))
    assert folders(home) == [before.folder.name]
    assert managed.status(home) == before


def test_a_failed_upgrade_keeps_the_old_one(make, told, home, tmp_path, monkeypatch):
    old = make()
    monkeypatch.setattr(envs, "lock_hash", lambda size: "newer123")
    now = managed.status(home)
    assert (now.state, now.folder) == ("outdated", old.folder)
    assert "--ACTION=repair --SIZE=light" in now.message
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
    deadline = time.monotonic() + 300
    while not hanging.is_file():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    now = managed.status(home)
    assert now.state == "busy"
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


@pytest.mark.parametrize("offline", [False, True])
def test_room_for_what_is_fetched_is_needed_too(make, home, tmp_path, monkeypatch, offline):
    (light,) = (size for size in managed.sizes([]) if size.name == "light")
    free = int((light.disk_mb + light.download_mb) * 1.1e6)
    usage = shutil.disk_usage(home.parent)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    if offline:
        (tmp_path / "affine.whl").touch()
        assert make(wheels=tmp_path).state == "ready"
        return
    with pytest.raises(RunError, match="too little room"):
        make()


def test_what_is_fetched_lies_on_the_disk_that_was_checked(make, told, monkeypatch):
    monkeypatch.setenv("TMPDIR", "/elsewhere")
    monkeypatch.setenv("PIP_CACHE_DIR", "/elsewhere")
    folder = make().folder
    seen = told()["seen"]
    assert len(seen) == 5
    assert all(Path(each).is_relative_to(folder) for each in seen)
    assert not any(Path(each).exists() for each in seen), "it takes room for nothing"


def test_the_bar_moves_while_one_package_is_fetched(make, told, monkeypatch):
    told(pip=["silent"])
    monkeypatch.setattr(install, "_WEIGHED_EVERY_S", 0.0)
    feedback = Feedback()
    make(feedback=feedback)
    (light,) = (size for size in managed.sizes([]) if size.name == "light")
    assert any(
        each == pytest.approx(5 + 70 * 60 / light.download_mb) for each in feedback.progress
    ), feedback.progress
    assert feedback.progress == sorted(feedback.progress)


def test_a_home_that_cannot_be_written_is_told(make, home):
    home.write_text("a file")
    with pytest.raises(RunError, match="cannot be written") as caught:
        make()
    assert "KSDIFF_QGIS_HOME" in caught.value.remedy
    assert "log" not in caught.value.remedy.lower()


# --- removed ---


def test_removing_takes_what_is_ours_and_nothing_else(make, home):
    made = make().folder
    (home / "envs" / "light-2").mkdir()
    (home / "envs" / "light-2" / envs.INCOMPLETE).touch()
    (home / "models").mkdir()
    for name in ("mine", "light-backup"):
        shutil.copytree(made, home / "envs" / name)
    (home / "elsewhere").mkdir()
    shutil.copy(made / envs.FACTS, home / "elsewhere")
    (home / "envs" / "light-3").symlink_to(home / "elsewhere")
    assert {path.name for path in managed.remove(home)} == {made.name, "light-2"}
    assert folders(home) == ["light-3", "light-backup", "mine"]
    assert (home / "elsewhere" / envs.FACTS).is_file()
    assert (home / "models").is_dir()
    shutil.rmtree(home / "elsewhere")
    (home / "envs" / "light-3").unlink()
    shutil.rmtree(home / "envs" / "light-backup")
    shutil.rmtree(home / "envs" / "mine")
    (home / "models").rmdir()
    make()
    managed.remove(home)
    assert not home.exists()
    assert managed.remove(home) == []


def shut(monkeypatch, name):
    """Let deleting fail at files of this name, as where one is in use on Windows."""
    unlink = os.unlink

    def fail(path, *args, **how):
        if Path(path).name == name:
            raise PermissionError(13, "In use", str(path))
        unlink(path, *args, **how)

    monkeypatch.setattr(os, "unlink", fail)


def test_what_can_be_deleted_by_half_only_is_still_ours(make, home, monkeypatch):
    made = make().folder
    (made / "lib").mkdir()
    (made / "lib" / "a.dll").touch()
    with monkeypatch.context() as patch:
        shut(patch, "a.dll")
        listed = Path.iterdir
        patch.setattr(Path, "iterdir", lambda self: iter(sorted(listed(self))))  # the mark first
        with pytest.raises(RunError, match=r"cannot be removed: .*(a\.dll|lib)"):
            managed.remove(home)
    assert managed.status(home).state == "unfinished"
    assert len(managed.remove(home)) == 1
    assert not home.exists()


def test_what_cannot_be_renamed_is_left_whole(make, home, monkeypatch):
    before = make()

    def fail(self, target):
        raise PermissionError(13, "In use", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail)
        with pytest.raises(RunError, match="cannot be removed"):
            managed.remove(home)
    assert managed.status(home) == before


def test_a_failed_installation_that_cannot_be_cleared_away_is_unfinished(
    make, told, home, monkeypatch
):
    told(pip=["hash"])
    with monkeypatch.context() as patch:
        shut(patch, "python")
        with pytest.raises(RunError) as caught:
            make()
    assert caught.value.kind == "Hash", "why it failed is told, not the rest"
    assert managed.status(home).state == "unfinished"
    told(pip=["ok"], calls=[])
    assert make().state == "ready"
    assert len(folders(home)) == 1


def test_an_environment_whose_python_has_gone_is_broken(make, told, home, tmp_path):
    now = make()
    Path(told.python).rename(tmp_path / "moved")
    assert managed.status(home).state == "broken", "on Windows its own starts the base"
    (tmp_path / "moved").rename(told.python)
    assert managed.status(home).state == "ready"
    Path(now.python).unlink()
    now = managed.status(home)
    assert now.state == "broken"
    assert "--ACTION=repair" in now.message
    assert envs.usable(home) is None
    with pytest.raises(RunError, match="gone or changed") as caught:
        environment.find(None, tmp_path, {}, home)
    assert "--ACTION=repair" in caught.value.remedy


def test_an_environment_whose_link_leads_to_another_version_is_broken(make, told, home, tmp_path):
    link = tmp_path / "usr-bin-python3"
    for version in ("python3.11", "python3.13"):
        shutil.copy(told.python, tmp_path / version)
    link.symlink_to("python3.11")
    told(link=str(link))
    assert make().facts["starts"] == "python3.11"
    link.unlink()
    link.symlink_to("python3.13")
    assert managed.status(home).state == "broken"


# --- in use ---


def test_an_environment_that_a_run_uses_is_left_alone(make, home):
    old = make()
    started, done = threading.Event(), threading.Event()

    class Waiting(Feedback):
        def isCanceled(self):  # noqa: N802
            started.set()
            assert done.wait(300)
            return False

    running = threading.Thread(target=selftest.run, args=(old.python, Waiting()))
    running.start()
    try:
        assert started.wait(300)
        with pytest.raises(RunError, match="in use by a run"):
            managed.remove(home)
        assert managed.status(home) == old
        feedback = Feedback()
        new = make(feedback=feedback)
        assert any("in use" in text for kind, text in feedback.said if kind == "warning")
        assert old.folder.is_dir() and (new.state, new.folder.name) == ("ready", "light-2")
    finally:
        done.set()
        running.join()
    assert len(managed.remove(home)) == 2
    assert not home.exists()


# --- paths ---


@pytest.mark.parametrize(("user", "fits"), [(20, True), (40, False)])
def test_the_longest_path_fits_into_windows(monkeypatch, user, fits):
    home = PureWindowsPath("C:/Users", "u" * user, "AppData", "Local", "ksdiff_qgis")
    folder = home / "envs" / "full-2"
    monkeypatch.setattr(managed, "_long_paths", lambda: False)
    managed._check_length(folder)  # not on Windows
    monkeypatch.setattr(managed.os, "name", "nt")
    if fits:
        managed._check_length(folder)
        monkeypatch.undo()
        (packages,) = (ROOT / ".venv" / "lib").glob("*/site-packages")
        below = max(len(str(path.relative_to(packages))) for path in packages.rglob("*"))
        assert len("/Lib/site-packages/") + below <= managed.LONGEST
        return
    with pytest.raises(RunError, match="too long") as caught:
        managed._check_length(folder)
    assert "KSDIFF_QGIS_HOME" in caught.value.remedy
    assert "LongPathsEnabled" in caught.value.remedy
    monkeypatch.setattr(managed, "_long_paths", lambda: True)
    managed._check_length(folder)


def test_the_stand_in_of_macos_is_not_started(monkeypatch, tmp_path):
    """It opens a window, to have Apple's tools installed."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "executable", "")
    monkeypatch.setattr(pythons, "APPLE_TOOLS", (tmp_path / "python3",))
    seen = {"PATH": "/usr/bin"}
    assert [path for path in pythons.candidates(seen) if path.startswith("/usr/bin/")] == []
    (tmp_path / "python3").touch()
    assert "/usr/bin/python3" in pythons.candidates(seen)


# --- one at a time ---


def test_a_lock_left_by_a_crash_is_nobodys(make, home):
    path = home / "envs" / ".lock"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"pid": os.getpid()}))
    assert not lockfile.held(path)
    assert make().state == "ready"
    assert not path.exists()


def test_a_lock_that_is_held_is_respected(make, home, monkeypatch):
    monkeypatch.setattr(lockfile, "TRIES", 2)
    path = home / "envs" / envs.LOCK
    with lockfile.Lock(path):
        assert managed.status(home).state == "busy"
        with pytest.raises(RunError) as caught:
            make()
        assert caught.value.kind == "Locked"
        assert "log" not in caught.value.remedy.lower()
        assert path.exists(), "another's lock was taken away"
        with pytest.raises(RunError):
            managed.remove(home)
    assert managed.status(home).state == "missing"


def test_looking_at_a_lock_does_not_stop_the_one_who_takes_it(home):
    path = home / ".lock"
    home.mkdir()
    path.touch()
    with path.open("rb") as looking:
        assert lockfile._taken(looking, shared=True)
        assert not lockfile.held(path, shared=True), "two may look"
        threading.Timer(0.3, looking.close).start()
        with lockfile.Lock(path):
            assert lockfile.held(path)


@pytest.mark.parametrize("again", [False, True])
def test_a_lock_whose_file_was_deleted_is_taken_anew(home, monkeypatch, again):
    path = home / ".lock"
    taken = lockfile._taken
    calls = []

    def quick(file, shared=False):
        if not calls:  # its holder deletes it just before it lets go
            path.unlink()
            if again:  # and another one is there already
                path.touch()
        calls.append(file)
        return taken(file, shared)

    monkeypatch.setattr(lockfile, "_taken", quick)
    with lockfile.Lock(path):
        assert path.exists() and len(calls) == 2
        assert lockfile.held(path)
