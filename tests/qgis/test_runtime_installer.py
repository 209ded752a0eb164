# SPDX-License-Identifier: GPL-2.0-or-later
"""Environments are installed, kept, repaired and removed, with a stand-in for Python and pip."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest
from qgis_helpers import (
    FAKES,
    GOOD_PYTHON,
    ROOT,
    SYSTEM_PYTHON,
    Feedback,
    fails,
    is_alive,
    until,
    write_program,
)

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import environments, install_plan, installer, sizes, worker_run
from ksdiff_qgis.runtime.environments import State
from ksdiff_qgis.runtime.errors import Kind, RunCancelled
from ksdiff_qgis.runtime.processes import exclusive_lock, is_locked, shared_lock

CPU = {"device": "cpu", "ran": "cpu", "passed": True}
CUDA = {"device": "cuda", "ran": "cuda", "passed": True}
TORCH_PAGE = paths.torch_cpu_page()


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """The stand-in: `stand_in(pip=[...])` changes what it does; returns all it knows."""
    plan = tmp_path / "plan.json"
    default = {
        "probe": GOOD_PYTHON,
        "pip": ["ok"],
        "devices": [CPU],
        "hanging": str(tmp_path / "hangs"),
    }
    plan.write_text(json.dumps(default))
    run = f'exec {SYSTEM_PYTHON} -I -u "{FAKES / "installer.py"}" "$@"'
    script = write_program(tmp_path / "python3", run)
    monkeypatch.setenv("KSDIFF_TEST_INSTALLER", str(plan))
    monkeypatch.setenv("KSDIFF_TEST_SELF", str(script))
    monkeypatch.setattr(installer, "RETRY_PAUSE_S", 0.1)
    monkeypatch.setattr(install_plan, "pip_has_index_settings", lambda environ: True)

    def change(**changes):
        now = {**json.loads(plan.read_text()), **changes}
        plan.write_text(json.dumps(now))
        return now

    change.python = str(script)
    return change


def set_free_mb(monkeypatch, megabytes):
    """Set the free space of all disks."""
    usage = SimpleNamespace(free=int(megabytes * 1e6))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The plugin's folder."""
    set_free_mb(monkeypatch, 100_000)
    return tmp_path / "my hömé"


@pytest.fixture
def install(stand_in, home):
    """Install with the stand-in as base."""

    def run(size="light", feedback=None, uv="", **options):
        plan = install_plan.make_plan(size, home, python=stand_in.python, **options)
        return installer.install(replace(plan, uv=uv or plan.uv), feedback or Feedback())

    return run


def folders(home):
    """Names in the folder of the environments."""
    envs = environments.folder_of(home)
    return sorted(path.name for path in envs.iterdir()) if envs.is_dir() else []


# --- success ---


def test_install_makes_a_ready_environment(install, stand_in, home):
    feedback = Feedback()
    now = install(feedback=feedback)
    assert (now.state, now.size, folders(home)) == (State.READY, "light", ["light"])
    assert sorted(path.name for path in now.folder.iterdir()) == ["bin", "env.json"]
    assert now.python == str(now.folder / "bin" / "python")
    facts = json.loads((now.folder / "env.json").read_text())
    assert facts["lock"] == environments.requirements_hash("light")
    assert facts["selftest"]["devices"] == [CPU]
    assert feedback.percents == sorted(feedback.percents) and feedback.percents[-1] == 100
    assert ("text", "Processing wheel-2.0.whl") in feedback.said
    assert ("text", "Collecting affine==3.0.1") in feedback.said
    log = environments.log_path(home).read_text()
    assert "Collecting affine==3.0.1" in log and "Self-test" in log
    (command,) = stand_in()["calls"]
    required = {"--require-hashes", "--only-binary", "--no-deps"}
    assert required | {str(environments.requirements_path("light"))} <= set(command)
    assert not {"--no-index", "--find-links"} & set(command)


def test_install_from_wheels_uses_no_index(install, stand_in, tmp_path):
    wheels = tmp_path / "my wheels"
    wheels.mkdir()
    with fails(Kind.WHEEL):
        install(wheels=wheels)
    (wheels / "affine-3.0.1-py3-none-any.whl").touch()
    install(wheels=wheels)
    (command,) = stand_in()["calls"]
    assert "--no-index" in command
    assert command[command.index("--find-links") + 1] == str(wheels)


@pytest.mark.parametrize(("size", "page"), [("light", ""), ("full", TORCH_PAGE)])
def test_uv_installs_instead_of_pip(install, stand_in, tmp_path, size, page):
    script = (
        f'echo "$@" >> {tmp_path}/asked\n[ "$1" = venv ] || exit 0\n'
        'for last; do :; done\nmkdir -p "$last/bin" && cp "$KSDIFF_TEST_SELF" "$last/bin/python"'
    )
    uv = write_program(tmp_path / "uv", script)
    now = install(size, uv=str(uv))
    create, fetch = (tmp_path / "asked").read_text().splitlines()
    assert create.startswith("venv ") and create.endswith(str(now.folder))
    assert fetch.startswith(f"pip install --python {now.python} --require-hashes")
    assert (f"--find-links {page}" in fetch) if page else ("--find-links" not in fetch)
    assert "calls" not in stand_in()


@pytest.mark.parametrize(
    ("pip_settings", "venv", "uses_uv"),
    [(False, True, True), (True, True, False), (True, False, True), (False, False, True)],
)
def test_uv_is_chosen_unless_pip_has_settings(
    stand_in, home, tmp_path, monkeypatch, pip_settings, venv, uses_uv
):
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(uv.parent), prepend=os.pathsep)
    monkeypatch.setattr(install_plan, "pip_has_index_settings", lambda environ: pip_settings)
    stand_in(probe={**GOOD_PYTHON, "venv": venv})
    plan = install_plan.make_plan("light", home, python=stand_in.python)
    assert plan.uv == (str(uv) if uses_uv else "")


def test_downloads_go_to_the_disk_of_the_environment(install, stand_in, monkeypatch):
    monkeypatch.setenv("TMPDIR", "/elsewhere")
    monkeypatch.setenv("PIP_CACHE_DIR", "/elsewhere")
    folder = install().folder
    used = [Path(each) for each in stand_in()["folders"]]
    assert used and all(each.is_relative_to(folder) for each in used)


def test_progress_follows_the_bytes_of_a_single_package(install, stand_in, monkeypatch):
    stand_in(pip=["silent"])
    monkeypatch.setattr(installer, "MEASURE_EVERY_S", 0.0)
    feedback = Feedback()
    install(feedback=feedback)
    light = sizes.available([])[0]
    expected = 5 + 70 * 60 / light.download_mb
    assert any(each == pytest.approx(expected) for each in feedback.percents), feedback.percents
    assert feedback.percents == sorted(feedback.percents)


# --- failures ---


@pytest.mark.parametrize(
    ("mode", "kind", "calls"),
    [
        ("network", Kind.NETWORK, 3),
        ("refused", Kind.REFUSED, 1),
        ("transient", Kind.INSTALL, 1),
        ("hash", Kind.HASH, 1),
        ("disk", Kind.DISK, 1),
        ("unknown", Kind.INSTALL, 1),
        ("no venv", Kind.PYTHON, 0),
    ],
)
def test_failed_install_leaves_nothing_and_only_the_network_is_retried(
    install, stand_in, home, mode, kind, calls
):
    stand_in(pip=[mode], venv=mode != "no venv")
    with fails(kind) as caught:
        install()
    assert caught.value.remedy.splitlines()[-1].endswith(str(environments.log_path(home)))
    assert ("nobody knows why" in caught.value.message) == (mode == "unknown")
    assert len(stand_in().get("calls", [])) == calls
    assert folders(home) == []


def test_network_that_comes_back_is_no_failure(install, stand_in):
    stand_in(pip=["network", "network", "ok"])
    feedback = Feedback()
    assert install(feedback=feedback).state is State.READY
    assert len(feedback.warnings) == 2


def test_cancel_ends_pip_and_keeps_the_previous_environment(install, stand_in, home):
    before = install()
    stand_in(pip=["hang"], calls=[])
    hanging = Path(stand_in()["hanging"])
    with pytest.raises(RunCancelled):
        install("full", Feedback(lambda _: hanging.is_file()))
    until(lambda: not is_alive(int(hanging.read_text())))
    assert folders(home) == [before.folder.name]
    assert environments.status(home) == before


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        ({"pip": ["hash"]}, Kind.HASH),
        ({"devices": []}, Kind.SELF_TEST),
        ({"devices": [{"device": "cpu", "ran": "", "passed": False}]}, Kind.SELF_TEST),
    ],
)
def test_failed_upgrade_keeps_the_previous_environment(
    install, stand_in, home, monkeypatch, failure, kind
):
    old = install()
    monkeypatch.setattr(environments, "requirements_hash", lambda size: "newer123")
    stand_in(**failure)
    with fails(kind):
        install()
    now = environments.status(home)
    assert (now.state, now.folder, folders(home)) == (State.OUTDATED, old.folder, ["light"])
    stand_in(pip=["ok"], devices=[CPU], calls=[])
    new = install()
    assert (new.state, folders(home)) == (State.READY, [new.folder.name])


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_full_takes_pytorch_for_the_cpu_from_its_page_on_linux(install, stand_in, system):
    stand_in(probe={**GOOD_PYTHON, "system": system, "machine": "x86_64"})
    install("full")
    *before, last = stand_in()["calls"]
    assert str(environments.requirements_path("full")) in last
    if system == "win32":
        assert not before and "--find-links" not in last
        return
    (download,) = before
    folder = last[last.index("--find-links") + 1]
    assert download[download.index("--find-links") + 1] == TORCH_PAGE and TORCH_PAGE not in last
    assert {"--require-hashes", "--no-deps", folder} <= set(download)
    assert "--no-index" not in last


def test_gpu_has_to_run_in_the_self_test(install, stand_in, home, monkeypatch):
    monkeypatch.setattr(sizes, "find_gpus", lambda: [sizes.Gpu("NVIDIA T4", "590.10", (7, 5))])
    stand_in(torch={"version": "2", "devices": ["cpu", "cuda"]})
    with fails(Kind.SELF_TEST):
        install("gpu")
    assert folders(home) == []
    stand_in(devices=[CPU, CUDA])
    assert install("gpu").facts["selftest"]["devices"] == [CPU, CUDA]


def test_install_excludes_others_and_is_cleaned_up_if_it_is_killed(install, stand_in, home):
    stand_in(pip=["hang"])
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from pathlib import Path\nfrom qgis_helpers import Feedback\n"
        "from ksdiff_qgis.runtime import install_plan, installer\n"
        "plan = install_plan.make_plan('light', Path(sys.argv[3]), python=sys.argv[4])\n"
        "installer.install(plan, Feedback())\n"
    )
    arguments = [str(ROOT), str(Path(__file__).parent), str(home), stand_in.python]
    child = subprocess.Popen([sys.executable, "-c", code, *arguments])
    hanging = Path(stand_in()["hanging"])
    until(lambda: hanging.is_file() or child.poll() is not None)
    assert environments.status(home).state is State.BUSY
    for action in (install, lambda: environments.remove(home)):
        with fails(Kind.LOCKED):
            action()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    os.kill(int(hanging.read_text()), signal.SIGKILL)
    assert environments.status(home).state is State.UNFINISHED
    assert environments.usable(home) is None
    stand_in(pip=["ok"], calls=[])
    assert install().state is State.READY
    assert len(folders(home)) == 1


@pytest.mark.parametrize("offline", [False, True])
def test_disk_space_is_checked_before_the_download(
    install, stand_in, home, monkeypatch, tmp_path, offline
):
    light = sizes.available([])[0]
    (tmp_path / "affine.whl").touch()
    wheels = tmp_path if offline else None
    enough = 1.1 * (light.disk_mb + (0 if offline else 2 * light.download_mb))
    set_free_mb(monkeypatch, enough - 1)
    with fails(Kind.DISK):
        install(wheels=wheels)
    assert "calls" not in stand_in() and folders(home) == []
    set_free_mb(monkeypatch, enough + 1)
    assert install(wheels=wheels).state is State.READY


def test_home_that_is_not_writable_is_an_error_without_log(install, home):
    home.write_text("a file")
    with fails(Kind.PERMISSION) as caught:
        install()
    assert "install.log" not in caught.value.remedy


# --- removal ---


def test_remove_deletes_the_plugins_folders_only(install, home):
    made = install().folder
    envs = made.parent
    (envs / "light-2").mkdir()
    (envs / "light-2" / environments.INCOMPLETE).touch()
    for other in (envs / "mine", envs / "light-backup", home / "elsewhere"):
        shutil.copytree(made, other)
    (envs / "light-3").symlink_to(home / "elsewhere")
    assert {path.name for path in environments.remove(home)} == {made.name, "light-2"}
    assert folders(home) == ["light-3", "light-backup", "mine"]
    assert (home / "elsewhere" / environments.FACTS).is_file()


def in_use(path, *_, **__):
    """Fail as on Windows if a file is open."""
    raise PermissionError(13, "In use", str(path))


def fail_to_delete(monkeypatch, name):
    """Let deleting fail for files of this name."""
    unlink = os.unlink

    def fail(path, **options):
        (in_use if Path(path).name == name else unlink)(path, **options)

    monkeypatch.setattr(os, "unlink", fail)


def test_environment_deleted_in_part_is_unfinished(install, home, monkeypatch):
    made = install().folder
    (made / "lib").mkdir()
    (made / "lib" / "a.dll").touch()
    with monkeypatch.context() as patch, fails(Kind.PERMISSION):
        fail_to_delete(patch, "a.dll")
        listed = Path.iterdir
        patch.setattr(Path, "iterdir", lambda self: iter(sorted(listed(self))))  # marker first
        environments.remove(home)
    assert environments.status(home).state is State.UNFINISHED
    assert len(environments.remove(home)) == 1
    assert not home.exists()


def test_environment_that_cannot_be_renamed_is_unchanged(install, home, monkeypatch):
    before = install()
    with monkeypatch.context() as patch, fails(Kind.PERMISSION):
        patch.setattr(Path, "rename", in_use)
        environments.remove(home)
    assert environments.status(home) == before


def test_failed_install_that_cannot_be_deleted_is_unfinished(install, stand_in, home, monkeypatch):
    stand_in(pip=["hash"])
    with monkeypatch.context() as patch, fails(Kind.HASH):  # the cause, not its consequence
        fail_to_delete(patch, "python")
        install()
    assert environments.status(home).state is State.UNFINISHED
    stand_in(pip=["ok"], calls=[])
    assert install().state is State.READY
    assert len(folders(home)) == 1


def test_environment_in_use_is_not_removed(install, home):
    old = install()
    started, done = threading.Event(), threading.Event()

    def wait(_):
        started.set()
        return not done.wait(300)

    run = threading.Thread(target=worker_run.self_test, args=(old.python, Feedback(wait)))
    run.start()
    try:
        assert started.wait(300)
        with fails(Kind.LOCKED):
            environments.remove(home)
        assert environments.status(home) == old
        feedback = Feedback()
        new = install(feedback=feedback)
        assert len(feedback.warnings) == 1
        assert old.folder.is_dir() and (new.state, new.folder.name) == (State.READY, "light-2")
    finally:
        done.set()
        run.join()
    assert len(environments.remove(home)) == 2


# --- the base Python changes ---


def test_environment_without_its_base_or_interpreter_is_broken(install, stand_in, home, tmp_path):
    for version in ("python3.11", "python3.13"):
        shutil.copy(stand_in.python, tmp_path / version)
    link = tmp_path / "usr-bin-python3"

    def lead_to(version):
        link.unlink(missing_ok=True)
        link.symlink_to(version)
        return environments.status(home).state

    lead_to("python3.11")
    stand_in(link=str(link))
    now = install()
    assert lead_to("python3.13") is State.BROKEN
    assert lead_to("python3.11") is State.READY
    Path(stand_in.python).rename(tmp_path / "moved")
    assert environments.status(home).state is State.BROKEN
    (tmp_path / "moved").rename(stand_in.python)
    assert environments.status(home).state is State.READY
    Path(now.python).unlink()
    assert environments.status(home).state is State.BROKEN


@pytest.mark.parametrize(("user", "fits"), [(20, True), (40, False)])
def test_paths_too_long_for_windows_are_an_error(monkeypatch, user, fits):
    folder = PureWindowsPath("C:/Users", "u" * user, "AppData/Local/ksdiff_qgis/envs/full-2")
    install_plan.check_path_length(folder, long_paths=False)  # not on Windows
    monkeypatch.setattr(install_plan.os, "name", "nt")
    install_plan.check_path_length(folder, long_paths=True)
    with contextlib.nullcontext() if fits else fails(Kind.PATH):
        install_plan.check_path_length(folder, long_paths=False)


def test_longest_path_of_the_packages_is_known(real_python):
    (packages,) = (ROOT / ".venv" / "lib").glob("*/site-packages")
    below = max(len(str(path.relative_to(packages))) for path in packages.rglob("*"))
    assert len("/Lib/site-packages/") + below <= install_plan.LONGEST_PATH


# --- locks ---


def test_lock_waits_for_those_that_look_at_it(tmp_path):
    path = tmp_path / ".lock"
    path.touch()
    looking = shared_lock(path)
    looking.__enter__()
    assert is_locked(path) and not is_locked(path, to_share=True)
    timer = threading.Timer(0.3, looking.__exit__, (None, None, None))
    timer.start()
    with exclusive_lock(path):
        assert is_locked(path)
    timer.join()


def test_lock_has_one_holder_although_its_file_is_deleted(tmp_path):
    holders, most = [], []

    def work(_):
        with contextlib.suppress(BlockingIOError), exclusive_lock(tmp_path / ".lock"):
            holders.append(1)
            most.append(len(holders))
            time.sleep(0.001)
            holders.pop()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(80)))
    assert len(most) > 20 and max(most) == 1
