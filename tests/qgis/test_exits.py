# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way a worker can end without a word is told apart."""

from __future__ import annotations

import pytest

from ksdiff_qgis.runtime import environment, envs
from ksdiff_qgis.runtime.exits import explain, told, unstartable


@pytest.fixture
def own(tmp_path):
    """The interpreter of an environment that the plugin made."""
    folder = tmp_path / "envs" / "light-2"
    folder.mkdir(parents=True)
    (folder / envs.FACTS).write_text('{"size": "light"}')
    return str(envs.python_of(folder))


@pytest.mark.parametrize(
    ("code", "tail", "kind", "message", "remedy"),
    [
        (-9, [], "Memory", "killed", "smaller tile"),
        (137, ["noise"], "Memory", "killed", "smaller tile"),
        (1, ["Traceback", "MemoryError"], "Memory", "memory", "smaller tile"),
        (-6, ["terminate: std::bad_alloc"], "Memory", "memory", "smaller tile"),
        (1, ["No module named 'rasterio'"], "NoRuntime", "package rasterio", "make env"),
        (1, ["ImportError: DLL load failed while"], "NoRuntime", "library", "Redistributable"),
        (3221225781, [], "NoRuntime", "library", "Redistributable"),
        (-1073741515, [], "NoRuntime", "library", "Redistributable"),
        (103, [], "NoRuntime", "has gone", "--ACTION=repair"),
        (1, ["No Python at 'C:\\Py\\python.exe'"], "NoRuntime", "has gone", "--ACTION=repair"),
        (1, ["SyntaxError: invalid syntax"], "NoRuntime", "too old", "--ACTION=repair"),
        (
            103,
            ["did not find executable at 'C:\\P\\python.exe'"],
            "NoRuntime",
            "has gone",
            "repair",
        ),
        (1, ["did not find executable at 'C:\\P'"], "NoRuntime", "has gone", "--ACTION=repair"),
        (1, ["Access is denied", "MemoryError"], "Memory", "memory", "smaller tile"),
        (1, ["No module named 'rasterio'"], "NoRuntime", "rasterio", "--ACTION=repair"),
        (1, ["KSDiff needs Python 3.10 or newer."], "NoRuntime", "too old", "--SIZE=light"),
        (1, ["OSError: No space left on device"], "OutputError", "disk is full", "space"),
        (2, ["python: can't open file 'worker.py'"], "NoRuntime", "missing", "Install"),
        (2, ["strange request"], "Died", "exit code 2", "make env"),
        (-11, [], "Died", "SIGSEGV", "If it happens again: Open the plugin's Runtime dialog"),
        (0xC0000005, [], "Died", "it crashed: 0xC0000005", "--ACTION=repair"),
        (-99, [], "Died", "signal 99", "--ACTION=repair"),
        (5, ["one", "", "two"], "Died", "exit code 5).\nIts last words:\none\ntwo", ""),
        (None, [], "Died", "did not exit", ""),
    ],
)
def test_explain(own, code, tail, kind, message, remedy):
    error = explain(code, tail, own, greeted=True)
    assert error.kind == kind
    assert message in error.message
    assert remedy in error.remedy
    assert bool(remedy) == bool(error.remedy)


@pytest.mark.parametrize(
    ("code", "tail", "message"),
    [
        (0, [], "no Python with KSDiff's packages, or they do not work: {} (exit code 0)."),
        (2, ["unknown option"], "(exit code 2).\nIts last words:\nunknown option"),
        (-7, [], "{} (it crashed: SIGBUS)."),
        (1, ["KSDiff needs Python 3.10 or newer."], "too old"),
        (103, [], "has gone"),
    ],
)
@pytest.mark.parametrize("origin", ["variable", "setting", "own", "checkout"])
def test_what_does_not_start_is_put_right_where_it_was_named(
    own, monkeypatch, tmp_path, code, tail, message, origin
):
    """To install an environment does not help while another Python is named."""
    monkeypatch.setattr(environment.paths, "ROOT", tmp_path / "checkout")
    monkeypatch.setenv("KSDIFF_PYTHON", "/a/python" if origin == "variable" else " ")
    others = {"own": own, "checkout": str(envs.python_of(tmp_path / "checkout" / ".venv"))}
    python = others.get(origin, "/a/python")
    monkeypatch.setattr(envs, "usable", lambda home: home)  # one of the plugin's is there, too
    error = explain(code, tail, python, greeted=False)
    assert error.kind == "NoRuntime"
    assert message.format(python) in error.message
    correct = "Correct or clear {}; then the plugin's own environment is used."
    remedies = {
        "variable": correct.format("the environment variable KSDIFF_PYTHON"),
        "setting": correct.format("the setting in Options > Processing > Providers > KSDiff"),
        "own": environment.to_repair("light"),
        "checkout": "Have it made anew: `make env`.",
    }
    assert error.remedy == remedies[origin]


@pytest.mark.parametrize(
    ("said", "message", "remedy"),
    [
        ("/a/b.so: failed to map segment from shared object", "noexec", "KSDIFF_QGIS_HOME"),
        ("DLL load failed while importing onnxruntime: x", "library", "Redistributable"),
        ("DLL load failed while importing onnxruntime: An Application Control policy has blocked "
         "this file.", "application control", "administrator"),
    ],
)  # fmt: skip
def test_what_the_worker_cannot_load_is_told_as_the_systems_doing(said, message, remedy):
    event = {"kind": "InternalError", "message": f"A package cannot be loaded: {said}."}
    error = told({**event, "remedy": "Repair it."})
    assert message in error.message and said in error.message
    assert remedy in error.remedy and "Repair it." not in error.remedy
    assert error.kind == "NoRuntime"
    other = told({"kind": "InputError", "message": said, "remedy": "Take another."})
    assert (other.message, other.remedy, other.kind) == (said, "Take another.", "InputError")


def test_what_the_system_blocks_is_not_started():
    error = unstartable("C:\\python.exe", OSError("[WinError 1260] blocked by group policy"))
    assert "application control" in error.message and "1260" in error.message
    assert "administrator" in error.remedy


def test_what_the_system_does_not_start_is_named(monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", "/etc/passwd")
    error = unstartable("/etc/passwd", PermissionError(13, "Permission denied"))
    assert error.message.endswith("cannot be started: /etc/passwd (Permission denied)")
    assert "clear the environment variable KSDIFF_PYTHON" in error.remedy
    assert error.kind == "NoRuntime"
