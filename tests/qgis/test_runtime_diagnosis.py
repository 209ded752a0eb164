# SPDX-License-Identifier: GPL-2.0-or-later
"""Output of pip, uv and venv, and exits of the worker, are diagnosed."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import pytest
from qgis_helpers import make_environment

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import environments
from ksdiff_qgis.runtime.diagnosis import cannot_start, diagnose, reported, unexpected_exit
from ksdiff_qgis.runtime.errors import Kind, how_to_repair

NOTHING_FOUND = (
    "ERROR: Could not find a version that satisfies the requirement affine==3.0.1 (from versions: "
    "{})\nERROR: No matching distribution found for affine==3.0.1"
)
RETRYING = (
    "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after "
    "connection broken by '{}': /simple/affine/\n"
)
NO_CONNECTION = RETRYING.format("NewConnectionError('[Errno 111] Connection refused')")
PIP_OS_ERROR = "ERROR: Could not install packages due to an OSError: "
UV_FETCH = "error: Failed to fetch: `https://index.example/simple/affine/`\n  cause: "
# Output of pip 23.0 and 26.3, uv 0.13, and venv of Debian; on Windows as users reported it.
OUTPUT = [
    ("Disk", PIP_OS_ERROR + "[Errno 28] No space left on device"),
    ("Disk", "  cause: failed to copy file from a to b: No space left on device (os error 28)"),
    ("Disk", "OSError: [WinError 112] There is not enough space on the disk"),
    ("Proxy", RETRYING.format("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection "
     "failed: 407 Proxy Authentication Required'))") + NOTHING_FOUND.format("none")),
    ("Proxy", UV_FETCH + "error sending request\n  cause: tunnel error: failed to create"),
    ("Proxy", PIP_OS_ERROR + "Missing dependencies for SOCKS support."),
    ("Certificate", "Max retries exceeded (Caused by SSLError(SSLCertVerificationError(1, '[SSL: "
     "CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate')))"),
    ("Certificate", UV_FETCH + "client error (Connect)\n  cause: invalid peer certificate: Other"),
    ("Network", RETRYING.format("NewConnectionError('[Errno -2] Name or service not known')")
     + NOTHING_FOUND.format("none")),
    ("Network", NO_CONNECTION + NOTHING_FOUND.format("none")),
    ("Network", UV_FETCH + "dns error\n  cause: failed to lookup address information"),
    ("Network", PIP_OS_ERROR + "('Connection broken: IncompleteRead(6 bytes read)', "),
    ("Network", "pip._vendor.urllib3.exceptions.ReadTimeoutError: (port=443): Read timed out."),
    ("Refused", "ERROR: HTTP error 403 while getting https://index.example/affine.whl"),
    ("Refused", "ERROR: HTTP error 404 while getting https://index.example/affine.whl"),
    ("Refused", UV_FETCH + "HTTP status client error (403 Forbidden) for url"),
    ("Refused", "WARNING: 401 Error, Credentials not correct for https://index.example/simple/\n"
     + NOTHING_FOUND.format("none")),
    ("Hash", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you "),
    ("Hash", "error: Failed to download `affine==3.0.1`\n  cause: Hash mismatch for `affine`"),
    ("Wheel", NOTHING_FOUND.format("none")),
    ("Wheel", NO_CONNECTION + NOTHING_FOUND.format("0.1, 0.2")),  # connected again
    ("Wheel", "  cause: Because affine was not found in the provided package locations and you"),
    ("Wheel", NO_CONNECTION + "ERROR: No matching distribution found for torch==2.13.0+cpu"),
    ("Python", "The virtual environment was not created successfully because ensurepip is not\n"
     "available.  On Debian/Ubuntu systems, you need to install the python3-venv\npackage"),
    ("Python", "Error: Command '['/a/bin/python3', '-m', 'ensurepip', '--upgrade', '--default-"
     "pip']' returned non-zero exit status 1."),
    ("Library", "ImportError: DLL load failed while importing onnxruntime_pybind11_state: The "),
    ("Library", "OSError: [WinError 1114] (DLL) initialization failed. Error loading \"c10.dll\""),
    ("Library", "OSError: [WinError 4551] An Application Control policy has blocked this file"),
    ("Library", "ImportError: /a/numpy/_core/x.so: failed to map segment from shared object"),
    ("Memory", "ImportError: /b.so: failed to map segment from shared object: Cannot allocate "
     "memory"),
    ("Permission", "Error: [Errno 13] Permission denied: '/opt/nope'"),
    ("Permission", PIP_OS_ERROR + "[WinError 5] Access is denied: 'C:\\\\envs\\\\numpy.pyd'"),
    (None, ""),
    (None, "Successfully installed numpy-2.4.6"),
    (None, NO_CONNECTION + "Collecting affine\n" + PIP_OS_ERROR + "[Errno 5] Input/output error"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "output"), OUTPUT)
def test_output_of_installers_is_diagnosed(kind, output):
    found = diagnose("Collecting numpy==2.4.6\n" + output + "\n[notice] A new release of pip")
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    ("output", "detail"),
    [
        (NOTHING_FOUND.format("none"), "affine==3.0.1"),
        ("  Error: [Errno 13] Permission denied: '/opt/nope'.", "'/opt/nope'"),
        ("ERROR: HTTP error 403 while getting https://a.example/b.whl", "https://a.example/b.whl"),
        ("ERROR: No matching distribution found for torch==2.13.0+cpu", "build for the CPU"),
    ],
)
def test_diagnosis_names_the_file(output, detail):
    assert detail in diagnose("Collecting numpy\n" + output).message


def test_full_without_pytorchs_page_says_what_to_let_through(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    found = diagnose("ERROR: No matching distribution found for torch==2.13.0+cpu", "full")
    page = paths.torch_cpu_page()
    assert str(urlsplit(page).hostname) in found.remedy
    assert "light" in found.remedy and f"full.txt --find-links {page}`" in found.remedy


# --- exits of the worker ---


@pytest.mark.parametrize(
    ("code", "tail", "kind"),
    [
        (-9, [], Kind.MEMORY),
        (137, ["noise"], Kind.MEMORY),
        (1, ["Traceback", "MemoryError"], Kind.MEMORY),
        (1, ["Access is denied", "MemoryError"], Kind.MEMORY),
        (1, ["ImportError: DLL load failed while"], Kind.LIBRARY),
        (0xC0000135, [], Kind.LIBRARY),
        (-1073741515, [], Kind.LIBRARY),  # the same
        (1, ["OSError: No space left on device"], Kind.DISK),
        (2, ["unknown request"], Kind.DIED),
        (-11, [], Kind.DIED),
        (None, [], Kind.DIED),
    ],
)
def test_exit_of_a_worker_is_diagnosed(code, tail, kind):
    assert unexpected_exit(code, tail, "/a/python", greeted=True, remedy="Fix it.").kind == kind


@pytest.mark.parametrize(
    ("code", "shown"),
    [(5, "5"), (-11, "SIGSEGV"), (-99, "99"), (0xC0000005, "0xC0000005"), (103, "103")],
)
def test_unknown_exit_quotes_code_and_output(code, shown):
    error = unexpected_exit(code, ["one", "", "two"], "/a/python", True, "Fix it.")
    assert shown in error.message
    assert error.message.endswith("\none\ntwo")
    assert ("Fix it." in error.remedy) == (code < 0 or code > 255), "after a crash"


@pytest.mark.parametrize("code", [0, 1, 2, 103, -7])
def test_worker_that_does_not_start_is_a_problem_of_its_python(code):
    error = unexpected_exit(code, ["SyntaxError"], "/a/python", greeted=False, remedy="Fix it.")
    assert (error.kind, error.remedy) == (Kind.NO_RUNTIME, "Fix it.")
    assert "/a/python" in error.message and "SyntaxError" in error.message


def test_how_to_fix_depends_on_the_origin_of_the_python(monkeypatch, tmp_path):
    """To install an environment does not help while another Python is named."""
    monkeypatch.setattr(paths, "ROOT", tmp_path / "checkout")
    checkout = str(environments.python_of(tmp_path / "checkout" / ".venv"))
    assert environments.how_to_fix(make_environment(tmp_path)) == how_to_repair("light")
    assert "make env" in environments.how_to_fix(checkout)
    by_variable = environments.how_to_fix("/a/python", {"KSDIFF_PYTHON": "/a/python"})
    by_setting = environments.how_to_fix("/a/python", {"KSDIFF_PYTHON": " "})
    assert environments.variable_name() in by_variable
    assert environments.setting_name() in by_setting


def test_error_that_the_worker_reports_is_kept_unless_the_system_caused_it():
    text = "A package cannot be loaded: /a/b.so: failed to map segment from shared object"
    event = {"message": text, "remedy": "Repair it."}
    caused = reported({**event, "kind": "InternalError"})
    assert caused.kind == Kind.LIBRARY
    assert text in caused.message and "Repair it." not in caused.remedy
    other = reported({**event, "kind": "InputError"})
    assert (other.message, other.remedy, other.kind) == (text, "Repair it.", "InputError")


def test_interpreter_that_the_system_blocks_is_no_fault_of_the_environment():
    error = OSError("[WinError 1260] blocked by policy")
    blocked = cannot_start("C:\\python.exe", error, "Fix it.")
    assert blocked.kind == Kind.LIBRARY
    assert "1260" in blocked.message and "Fix it." not in blocked.remedy
