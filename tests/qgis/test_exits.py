# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way a worker can end without a word is told apart."""

from __future__ import annotations

import pytest

from ksdiff_qgis.runtime.exits import explain


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
        (1, ["SyntaxError: invalid syntax"], "NoRuntime", "too old", "make env"),
        (1, ["Access is denied", "MemoryError"], "Memory", "memory", "smaller tile"),
        (1, ["No module named 'rasterio'"], "NoRuntime", "rasterio", "--ACTION=repair"),
        (1, ["KSDiff needs Python 3.10 or newer."], "NoRuntime", "too old", "make env"),
        (1, ["OSError: No space left on device"], "OutputError", "disk is full", "space"),
        (2, ["python: can't open file 'worker.py'"], "NoRuntime", "missing", "Install"),
        (2, ["strange request"], "Died", "exit code 2", "make env"),
        (-11, [], "Died", "SIGSEGV", ""),
        (-99, [], "Died", "signal 99", ""),
        (5, ["one", "", "two"], "Died", "exit code 5).\nIts last words:\none\ntwo", ""),
        (None, [], "Died", "did not exit", ""),
    ],
)
def test_explain(code, tail, kind, message, remedy):
    error = explain(code, tail)
    assert error.kind == kind
    assert message in error.message
    assert remedy in error.remedy
    assert bool(remedy) == bool(error.remedy)
