# SPDX-License-Identifier: GPL-2.0-or-later
"""What programs say, and what people are told of it; which Python, which GPU, which proxy."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from importlib.machinery import ModuleSpec

import pytest
from qgis_helpers import ROOT

from ksdiff_qgis.runtime import envs, managed, nvidia, pipsettings, proxy, pythons, selftest
from ksdiff_qgis.runtime.diagnostics import diagnose, offline_command
from ksdiff_qgis.runtime.errors import RunError
from ksdiff_qgis.runtime.exits import explain

RETRYING = (
    "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after "
    "connection broken by {}: /simple/affine/\n"
    "ERROR: Could not find a version that satisfies the requirement affine==3.0.1 (from versions: "
    "none)\nERROR: No matching distribution found for affine==3.0.1"
)
NEW = "Failed to establish a new connection: "
UV = (
    "error: Failed to fetch: https://index.example/simple/affine/\n"
    "  cause: error sending request for url (https://index.example/simple/affine/)\n"
    "  cause: client error (Connect)\n  cause: "
)
# As pip 23.0 and 26.3, uv 0.13, and venv of Debian said it; of Windows as reported by users.
SAID = [
    # disk
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
     "Disk", "disk is full", "Free some space"),
    ("  cause: failed to copy file from a to b: No space left on device (os error 28)",
     "Disk", "disk is full", "KSDIFF_QGIS_HOME"),
    ("OSError: [WinError 112] There is not enough space on the disk",
     "Disk", "disk is full", "another disk"),
    # proxy
    (RETRYING.format(
        "'ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy "
        "Authentication Required'))'"), "Proxy", "user name", "Network > Proxy"),
    (UV + "tunnel error: proxy authorization required", "Proxy", "user name", "Network > Proxy"),
    (RETRYING.format(
        "'ProxyError('Cannot connect to proxy.', NewConnectionError('<pip._vendor.urllib3."
        "connection.HTTPSConnection object at 0x7f45>: " + NEW + "[Errno 111] Connection "
        "refused'))'"), "Proxy", "does not answer", "HTTPS_PROXY"),
    (UV + "tunnel error: failed to create underlying connection\n  cause: tcp connect error",
     "Proxy", "does not answer", "HTTPS_PROXY"),
    ("ERROR: Could not install packages due to an OSError: Missing dependencies for SOCKS support.",
     "Proxy", "SOCKS", "HTTP proxy"),
    # certificates
    ("Could not fetch URL https://localhost/simple/affine/: There was a problem confirming the ssl "
     "certificate: HTTPSConnectionPool(host='localhost', port=443): Max retries exceeded with url: "
     "/simple/affine/ (Caused by SSLError(SSLCertVerificationError(1, '[SSL: "
     "CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate'))) - skipping",
     "Certificate", "not trusted", "PIP_CERT"),
    (UV + "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
     "Certificate", "not trusted", "global.cert"),
    # network
    (RETRYING.format("'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection>: "
                     + NEW + "[Errno -2] Name or service not known')'"),
     "Network", "not found", "Check the connection"),
    (RETRYING.format("'NameResolutionError(\"HTTPSConnection(host='index.example', port=443): "
                     "Failed to resolve 'index.example'\")'"),
     "Network", "no name service", "Check the connection"),
    (RETRYING.format("'NewConnectionError(\"" + NEW + "[Errno 11001] getaddrinfo failed\")'"),
     "Network", "no network", "pip download"),
    (UV + "dns error\n  cause: failed to lookup address information", "Network", "no network", ""),
    (RETRYING.format("'NewConnectionError(\"HTTPSConnection(host='127.0.0.1', port=9): " + NEW
                     + "[Errno 111] Connection refused\")'"),
     "Network", "connection to the package index failed", "Check the connection"),
    ("ERROR: Could not install packages due to an OSError: ('Connection broken: IncompleteRead(6 "
     "bytes read, 4994 more expected)', IncompleteRead(6 bytes read, 4994 more expected))",
     "Network", "connection", ""),
    ("error: Failed to fetch: http://index.example/simple/affine/\n  cause: HTTP status server "
     "error (503 Service Unavailable) for url", "Network", "connection", ""),
    ("pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='index.example', "
     "port=443): Read timed out.", "Network", "connection", ""),
    # an index that refuses
    ("Collecting affine\nERROR: HTTP error 403 while getting https://index.example/affine.whl",
     "Refused", "refuses a package: HTTP error 403 while getting", "user name"),
    ("ERROR: Could not install requirement affine==3.0.1 because of HTTP error 401 Client Error: "
     "Unauthorized for url: https://index.example/affine.whl", "Refused", "401", "pip download"),
    ("ERROR: HTTP error 404 while getting https://index.example/affine.whl",
     "Wheel", "lacks a file: HTTP error 404 while getting", "try again later"),
    ("   Connection timed out while downloading.\nerror: incomplete-download\n\n"
     "x Download failed after 1 attempts because not enough bytes were received (12 kB/40 MB)",
     "Network", "connection to the package index failed", "pip download"),
    ("WARNING: 401 Error, Credentials not correct for https://index.example/simple/affine/\n"
     + RETRYING.partition("\n")[2], "Refused", "Credentials not correct", "password"),
    ("error: Failed to fetch: `https://index.example/simple/affine/`\n  Caused by: HTTP status "
     "client error (403 Forbidden) for url (https://index.example/simple/affine/)",
     "Refused", "403 Forbidden", "password"),
    # after a network that came back
    (RETRYING.format("'NewConnectionError(\"" + NEW + "[Errno 111] Connection refused\")'")
     .partition("\n")[0] + "\nERROR: Could not find a version that satisfies the requirement "
     "click==8.5.1 (from versions: 0.1, 0.2)\nERROR: No matching distribution found for "
     "click==8.5.1", "Wheel", "click==8.5.1", "Python 3.12"),
    # packages
    ("Collecting affine==3.0.1\n  Downloading affine-3.0.1-py3-none-any.whl (10 kB)\nERROR: THESE "
     "PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package "
     "versions, please update the hashes.", "Hash", "not the one", "Install again"),
    ("error: Failed to download `affine==3.0.1`\n  cause: Hash mismatch for `affine==3.0.1`",
     "Hash", "not the one", "mirror"),
    ("ERROR: Could not find a version that satisfies the requirement affine==3.0.1 (from versions: "
     "none)\nERROR: No matching distribution found for affine==3.0.1",
     "Wheel", "affine==3.0.1", "folder of wheels"),
    ("ERROR: Ignored the following versions that require a different python version: 8.2.0 "
     "Requires-Python >=3.10\nERROR: Could not find a version that satisfies the requirement "
     "click==8.5.1 (from versions: 0.1, 0.2)\nERROR: No matching distribution found for "
     "click==8.5.1", "Wheel", "click==8.5.1", "Python 3.12"),
    ("error: No solution found when resolving dependencies\n  cause: Because affine was not found "
     "in the provided package locations and you require affine==3.0.1, we can conclude",
     "Wheel", "Python: affine", "folder of wheels"),
    ("error: No solution found when resolving dependencies\n  cause: Because onnxruntime==1.31.1 "
     "has no wheels with a matching platform tag", "Wheel", "onnxruntime==1.31.1", "size light"),
    # Python
    ("WARNING: pip is configured with locations that require TLS/SSL, however the ssl module in "
     "Python is not available.\n" + RETRYING.format(
        "'SSLError(\"Can't connect to HTTPS URL because the SSL module is not available.\")'"),
     "Python", "its module ssl does not work", "choose it as base"),
    ("Could not fetch URL https://index.example/simple/affine/: There was a problem confirming the "
     "ssl certificate: HTTPSConnectionPool(host='index.example', port=443): Max retries exceeded "
     "with url: /simple/affine/ (Caused by SSLError(\"Can't connect to HTTPS URL because the SSL "
     "module is not available.\")) - skipping", "Python", "module ssl", "Python 3.12"),
    ("The virtual environment was not created successfully because ensurepip is not\navailable.  "
     "On Debian/Ubuntu systems, you need to install the python3-venv\npackage using the following "
     "command.\n\n    apt install python3.11-venv", "Python", "venv is missing", "python3-venv"),
    ("/usr/bin/python3: No module named venv", "Python", "venv is missing", "apt install"),
    ("Error: Command '['/a/bin/python3', '-m', 'ensurepip', '--upgrade', '--default-pip']' "
     "returned non-zero exit status 1.", "Python", "put pip", "another Python"),
    ("ERROR: Package 'numpy' requires a different Python: 3.9.18 not in '>=3.11'",
     "Python", "version of Python", "3.10 to 3.14"),
    # the system
    ("ERROR: numpy-2.4.6-cp311-cp311-win_amd64.whl is not a supported wheel on this platform.",
     "Wheel", "this system and Python: numpy-2.4.6-cp311-cp311-win_amd64.whl", "Python 3.12"),
    ("ImportError: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.28' not found",
     "Library", "too old", "2019"),
    ("ImportError: DLL load failed while importing onnxruntime_pybind11_state: The specified "
     "module could not be found.", "Library", "could not be loaded", "Redistributable"),
    ('OSError: [WinError 1114] A dynamic link library (DLL) initialization routine failed. Error '
     'loading "c10.dll"', "Library", "could not be loaded", "Redistributable"),
    ("ImportError: /a/envs/light/lib/python3.11/site-packages/numpy/_core/"
     "_multiarray_umath.cpython-311-x86_64-linux-gnu.so: failed to map segment from shared object",
     "Library", "noexec", "KSDIFF_QGIS_HOME"),
    ("ImportError: /a/b.so: failed to map segment from shared object: Cannot allocate memory",
     "Memory", "memory", "Close"),
    ("ImportError: DLL load failed while importing _multiarray_umath: An Application Control "
     "policy has blocked this file.", "Library", "application control", "administrator"),
    ("OSError: [WinError 4551] An Application Control policy has blocked this file",
     "Library", "application control", "KSDIFF_QGIS_HOME"),
    ("[WinError 1260] Dieses Programm wurde durch eine Gruppenrichtlinie geblockt",
     "Library", "application control", "administrator"),
    ("did not find executable at 'C:\\Python312\\python.exe': The system cannot find the file "
     "specified.", "Python", "has gone", "--ACTION=repair"),
    ("OSError: [WinError 127] The specified procedure could not be found. Error loading shm.dll",
     "Library", "could not be loaded", "Redistributable"),
    ("ModuleNotFoundError: No module named 'rasterio'",
     "Library", "lacks the package rasterio", "--ACTION=repair"),
    ("Error: [Errno 13] Permission denied: '/opt/nope'",
     "Permission", "Permission denied: '/opt/nope'", "KSDIFF_QGIS_HOME"),
    ("ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied: "
     "'C:\\\\Users\\\\a\\\\envs\\\\numpy.pyd'", "Permission", "virus scanner", "Close"),
    ("PermissionError: [WinError 32] The process cannot access the file because it is being used "
     "by another process", "Permission", "another program", "virus scanner"),
    ("Error: [Errno 36] File name too long: '/a'", "Path", "too long", "short folder"),
    ("ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory\n"
     "HINT: This error might have occurred since this system does not have Windows Long Path "
     "support enabled.", "Path", "too long", "allow long paths"),
    ("FileNotFoundError: [WinError 206] The filename or extension is too long",
     "Path", "too long", "C:\\ksdiff"),
    ("MemoryError", "Memory", "memory", "Close other programs"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "message", "remedy"), SAID)
def test_messages_become_sentences_that_say_what_to_do(said, kind, message, remedy):
    found = diagnose("Collecting numpy==2.4.6\n" + said + "\n[notice] A new release of pip")
    assert found is not None
    assert found.kind == kind
    assert message in found.message
    assert remedy in found.remedy
    assert found.message.endswith(".") and found.remedy.endswith(".")


WAS_REFUSED = "'NewConnectionError(\"" + NEW + "[Errno 111] Connection refused\")'"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Successfully installed numpy-2.4.6",
        "all is well",
        RETRYING.format(WAS_REFUSED).partition("\n")[0] + "\nCollecting affine\nERROR: Could not "
        "install packages due to an OSError: [Errno 5] Input/output error",
    ],
)
def test_what_says_nothing_is_not_guessed_at(said):
    assert diagnose(said) is None


@pytest.mark.parametrize("size", ["light", "full"])
def test_how_to_install_offline_is_told_of_the_size_and_the_same_everywhere(size, tmp_path):
    command = f"pip download --only-binary :all: --no-deps -d wheels -r {size}.txt"
    told = [
        diagnose(text, size).remedy for text, kind, _, _ in SAID if kind in ("Network", "Wheel")
    ]
    with pytest.raises(RunError) as caught:
        managed.plan(size, wheels=tmp_path)
    assert len(told) > 8
    for remedy in (*told, caught.value.remedy):
        assert remedy.count("pip download") == remedy.count(command) == 1
    for text in ("docs/offline.md", "resources/help/runtime.txt", "resources/help/de/runtime.txt"):
        assert offline_command("light") in (ROOT / text).read_text(encoding="utf-8")


def test_the_worker_is_explained_by_the_same_words():
    error = explain(1, ["ImportError: version `GLIBC_2.28' not found"], "python", greeted=True)
    assert error.kind == "NoRuntime"
    assert "too old" in error.message and "GLIBC_2.28" in error.message


# --- which Python ---

GOOD = {
    "version": [3, 12, 1],
    "lacks": [],
    "system": "linux",
    "machine": "x86_64",
    "venv": True,
    "cpython": True,
    "libc": ["glibc", "2.28"],
}


@pytest.fixture
def python(tmp_path):
    """A program that answers as told."""

    def write(answer, name="python3"):
        path = tmp_path / name
        path.write_text("#!/bin/sh\ncat <<'END'\n" + json.dumps(answer) + "\nEND\n")
        path.chmod(0o755)
        return str(path)

    return write


def test_the_python_that_runs_this_is_understood():
    found = pythons.look(sys.executable, {})
    assert found.version == sys.version_info[:3]
    assert found.platform == pythons.platform_name()
    assert found.problem == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"version": [3, 9, 18]}, "KSDiff needs 3.10 to 3.14"),
        ({"version": [3, 15, 0]}, "It is Python 3.15.0"),
        ({"cpython": False}, "not the usual 64-bit CPython"),
        ({"venv": False}, "lacks the module venv"),
        ({"libc": ["glibc", "2.17"]}, "glibc 2.28 is needed"),
        ({"libc": ["", ""]}, "not glibc"),
        ({"lacks": ["ssl: DLL load failed"]}, r"3\.12\.1 does not work \(ssl: DLL load failed\)"),
    ],
)
def test_a_python_that_cannot_be_used_says_why(python, changes, why):
    with pytest.raises(RunError, match=why) as caught:
        pythons.find(python({**GOOD, **changes}))
    assert caught.value.kind == "Python"
    assert caught.value.remedy


def test_what_is_no_python_says_so(tmp_path, python):
    for path in (str(tmp_path / "missing"), python("no answer"), python({})):
        with pytest.raises(RunError, match="no Python 3 that starts"):
            pythons.find(path)


def test_a_folder_left_of_a_module_is_no_module(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: ModuleSpec(name, None))
    exec(pythons._PROBE, {})
    assert json.loads(capsys.readouterr().out)["venv"] is False


def test_with_uv_the_module_venv_is_not_needed(python):
    assert pythons.find(python({**GOOD, "venv": False}), uv=True).version == (3, 12, 1)


@pytest.mark.parametrize(
    ("version", "system", "machine", "why"),
    [
        ([3, 13, 0], "14.5", "arm64", ""),
        ([3, 13, 0], "13.1", "x86_64", ""),
        ([3, 14, 0], "15.0", "arm64", "3.10 to 3.13"),
        ([3, 12, 0], "13.1", "arm64", "macOS 14 or newer"),
    ],
)
def test_what_macos_must_have(python, version, system, machine, why):
    told = {"version": version, "system": "darwin", "machine": machine, "macos": system}
    found = pythons.look(python({**GOOD, "libc": ["", ""], **told}), {})
    assert why in found.problem and bool(why) == bool(found.problem)


def test_windows_needs_no_glibc(python):
    windows = {**GOOD, "system": "win32", "machine": "AMD64", "libc": ["", ""]}
    assert pythons.find(python(windows)).platform == "windows-x86_64"


def test_one_whose_libraries_are_found_with_its_own_packages_only_is_passed_over(
    tmp_path, monkeypatch
):
    """As OSGeo4W's: its sitecustomize says where they lie, and no environment has that."""
    hidden = tmp_path / "hidden.py"
    hidden.write_text(
        "import sys\n"
        "if 'site' not in sys.modules:\n"
        "    sys.modules['_ssl'] = None  # to import it fails\n"
    )
    python = tmp_path / "python3"
    python.write_text(
        "#!/bin/sh\n"
        "for last; do :; done\n"
        'site=""; [ "$2" = -S ] && site=-S\n'
        f"exec {sys.executable} -I $site -c \"exec(open('{hidden}').read())\n$last\"\n"
    )
    python.chmod(0o755)
    found = pythons.look(str(python), {})
    assert "does not work (ssl: import of _ssl halted" in found.problem
    monkeypatch.setattr(pythons, "candidates", lambda environ: iter([str(python), sys.executable]))
    assert pythons.find(uv=True).path == sys.executable


def test_the_first_that_can_be_used_is_taken(tmp_path, python, monkeypatch):
    old = python({**GOOD, "version": [3, 8, 0]}, "python3.12")
    good = python(GOOD, "python3.11")
    monkeypatch.setattr(pythons, "candidates", lambda environ: iter([old, old, good]))
    assert pythons.find().path == good
    monkeypatch.setattr(pythons, "candidates", lambda environ: iter([old]))
    with pytest.raises(RunError, match="no Python to make") as caught:
        pythons.find()
    assert old in caught.value.message and "3.8.0" in caught.value.message


def test_on_debian_the_missing_package_is_named(python, monkeypatch):
    lacking = python({**GOOD, "venv": False})
    monkeypatch.setattr(pythons, "candidates", lambda environ: iter([lacking]))
    with pytest.raises(RunError) as caught:
        pythons.find()
    assert "apt install python3-venv" in caught.value.remedy


def test_qgis_itself_is_never_started_as_python(monkeypatch, tmp_path):
    qgis = tmp_path / "qgis-bin"
    qgis.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(qgis))
    monkeypatch.setattr(sys, "exec_prefix", str(tmp_path))
    assert str(qgis) not in list(pythons.candidates({"PATH": str(tmp_path)}))


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("linux", "x86_64", "linux-x86_64"),
        ("linux", "aarch64", "linux-aarch64"),
        ("win32", "AMD64", "windows-x86_64"),
        ("win32", "ARM64", "windows-aarch64"),
        ("darwin", "arm64", "macos-arm64"),
        ("darwin", "x86_64", "macos-x86_64"),
    ],
)
def test_platforms_have_one_name(system, machine, name):
    assert pythons.platform_name(system, machine) == name


# --- which GPU ---


def test_the_drivers_answer_is_read():
    text = (
        "NVIDIA GeForce RTX 3060, 590.44.01, 8.6, 12288 MiB\n"
        "Tesla P100-PCIE-16GB, 580.65.06, 6.0, 16384 MiB\n"
        "Quadro, 535.183.01, 7.5, 4096 MiB\n"
        "[N/A], [N/A]\nNVIDIA-SMI has failed because it couldn't communicate with the driver\n"
    )
    modern, old_card, old_driver = nvidia.parse(text)
    assert modern == nvidia.Gpu("NVIDIA GeForce RTX 3060", "590.44.01", (8, 6), 12288)
    assert modern.problem == ""
    assert "compute capability 6.0" in old_card.problem
    assert "driver 535.183.01 is too old. Install 580" in old_driver.problem


@pytest.mark.parametrize("text", ["", "No devices were found\n", "a,b,c,d\n", "x, y, 8, 1 MiB"])
def test_no_answer_is_no_gpu(text):
    assert nvidia.parse(text) == []


def test_the_size_for_a_gpu_is_offered_only_where_one_can_be_used(monkeypatch):
    monkeypatch.setattr(pythons, "platform_name", lambda *_: "linux-x86_64")
    modern = nvidia.Gpu("a", "590.1", (9, 0), 80000)
    old = nvidia.Gpu("b", "470.1", (9, 0), 80000)
    assert [size.name for size in managed.sizes([])] == ["light", "full"]
    assert [size.name for size in managed.sizes([old])] == ["light", "full"]
    assert [size.name for size in managed.sizes([old, modern])] == ["light", "full", "gpu"]
    monkeypatch.setattr(nvidia, "find", lambda: [old])
    with pytest.raises(RunError, match=r"driver 470\.1 is too old"):
        managed.plan("gpu")


@pytest.mark.parametrize(
    ("here", "names"),
    [
        ("windows-x86_64", ["light", "full"]),
        ("macos-arm64", ["light", "full"]),
        ("macos-x86_64", ["light"]),
        ("linux-riscv64", []),
    ],
)
def test_only_sizes_with_packages_for_the_platform_are_offered(monkeypatch, here, names):
    monkeypatch.setattr(pythons, "platform_name", lambda *_: here)
    assert [size.name for size in managed.sizes([])] == names
    if "full" not in names:
        why = "no packages of the size full" if names else "nothing can be installed"
        with pytest.raises(RunError, match=why):
            managed.plan("full")


def test_sizes_are_told_and_grow(monkeypatch):
    monkeypatch.setattr(pythons, "platform_name", lambda *_: "linux-x86_64")
    light, full = managed.sizes([])
    assert 50 < light.download_mb < light.disk_mb < 1000
    assert light.download_mb < full.download_mb < full.disk_mb
    assert "builds for the CPU" in full.note
    assert "recommended" in full.label


# --- the self-test ---

GOOD_CPU = {"device": "cpu", "ran": "cpu", "passed": True}
GOOD_CUDA = {"device": "cuda", "ran": "cuda", "passed": True}
WITH_CUDA = {"version": "2", "devices": ["cpu", "cuda"]}


@pytest.mark.parametrize(
    ("devices", "more", "gpu", "wrong"),
    [
        ([GOOD_CPU], {}, False, ""),
        ([GOOD_CPU, GOOD_CUDA], {"torch": WITH_CUDA}, True, ""),
        ([], {}, False, "cpu: it was not tested"),
        ([{**GOOD_CPU, "passed": False}], {}, False, "cpu: no result"),
        ([GOOD_CPU], {"raster": False}, False, "raster"),
        ([GOOD_CPU], {"torch": {"devices": [], "reason": "no c10.dll"}}, False, "no c10.dll"),
        ([GOOD_CPU], {"torch": WITH_CUDA}, True, "lists no CUDA"),
        ([GOOD_CPU, GOOD_CUDA], {"torch": None}, True, "PyTorch finds no CUDA"),
    ],
)
def test_what_did_not_work_is_named(devices, more, gpu, wrong):
    told = {"devices": devices, "raster": True, "torch": None, **more}
    found = selftest.problem(told, gpu, "linux-x86_64")
    assert wrong in found and bool(wrong) == bool(found)


def test_on_windows_torch_needs_no_cuda():
    told = {"devices": [GOOD_CPU, GOOD_CUDA], "raster": True, "torch": None}
    assert selftest.problem(told, True, "windows-x86_64") == ""


# --- network ---


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (("http", "proxy.example", 3128, "", ""), "http://proxy.example:3128"),
        (("http", "p", 80, "DOM\\me", "a:b@c/d"), "http://DOM%5Cme:a%3Ab%40c%2Fd@p:80"),
        (("http", "p", 80, "me", ""), "http://me@p:80"),
        (("socks5h", "p", 0, "", ""), "socks5h://p"),
    ],
)
def test_proxy_of_qgis(given, address):
    names = {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"}
    assert proxy.variables(*given) == dict.fromkeys(names, address)


@pytest.mark.parametrize("given", [("", "p", 80, "", ""), ("http", "", 80, "", "")])
def test_without_a_proxy_the_systems_settings_stay(given):
    assert proxy.variables(*given, direct=["https://a.example"]) == {}


def test_what_is_reached_without_the_proxy_is_told_by_its_host():
    direct = ["https://mirror.example:8443/simple", "intra.example/a", " ", "http://[", "10.0.0.1"]
    told = proxy.variables("http", "p", 0, "", "", direct)
    assert told["NO_PROXY"] == told["no_proxy"] == "mirror.example,intra.example,10.0.0.1"


def test_the_users_settings_of_pip_count_and_those_of_qgis_do_not():
    given = {
        "PIP_INDEX_URL": "https://mirror.example",
        "PIP_TARGET": "/elsewhere",
        "pip_user": "1",
        "UV_INDEX_URL": "https://mirror.example",
        "PYTHONHOME": "/qgis",
        "GDAL_DATA": "/qgis",
        "HTTPS_PROXY": "http://old",
        "HOME": "/home/a",
    }
    seen = pipsettings.variables(given, proxy.variables("http", "new", 1, "", "", ["a.example"]))
    assert seen["PIP_INDEX_URL"] == seen["UV_INDEX_URL"] == "https://mirror.example"
    assert seen["HTTPS_PROXY"] == seen["http_proxy"] == "http://new:1"
    assert seen["NO_PROXY"] == "a.example"
    assert not {"PIP_TARGET", "pip_user", "PYTHONHOME", "GDAL_DATA"} & set(seen)
    assert pipsettings.variables(given, {})["HTTPS_PROXY"] == "http://old"


def test_pip_with_settings_of_its_own_is_preferred_to_uv(tmp_path):
    assert pipsettings.pip_is_set_up({"PIP_INDEX_URL": "https://mirror.example"})
    assert not pipsettings.pip_is_set_up({"PIP_NO_COLOR": "1", "HOME": str(tmp_path)}) or any(
        path.is_file() for path in map(type(tmp_path), ("/etc/pip.conf", "/etc/xdg/pip/pip.conf"))
    )
    config = tmp_path / ".config" / "pip" / "pip.conf"
    config.parent.mkdir(parents=True)
    config.touch()
    assert pipsettings.pip_is_set_up({"HOME": str(tmp_path)})


# --- the locks ---


@pytest.mark.parametrize("name", ["light", "full", "cpu", "gpu"])
def test_a_lock_names_versions_and_hashes_and_no_place(name):
    text = envs.lock_path(name).read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) > 15
    for block in blocks:
        assert re.match(r"[\w.-]+==[\w.+]+ ", block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


@pytest.mark.parametrize("name", ["light", "full", "cpu", "gpu"])
def test_a_lock_has_what_the_worker_needs_and_one_onnxruntime(name):
    text = envs.lock_path(name).read_text(encoding="utf-8")
    names = set(re.findall(r"(?m)^([\w.-]+)==", text))
    wanted = set(json.loads((ROOT / "resources" / "runtime.json").read_text())["packages"])
    own = "onnxruntime-gpu" if name == "gpu" else "onnxruntime"
    assert wanted - {"onnxruntime"} <= names
    assert {"onnxruntime", "onnxruntime-gpu"} & names == {own}
    assert ("torch" in names) == ("matplotlib" in names) == (name != "light")
    assert any(n.startswith("nvidia-") for n in names) == (name in ("full", "gpu"))


def test_torch_is_the_version_of_the_project():
    toml = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'"torch==([\d.]+)"', toml)[1]
    for name in ("full", "gpu"):
        assert f"\ntorch=={version} " in envs.lock_path(name).read_text(encoding="utf-8")
    assert f"\ntorch=={version}+cpu " in envs.lock_path("cpu").read_text(encoding="utf-8")
