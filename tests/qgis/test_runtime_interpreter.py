# SPDX-License-Identifier: GPL-2.0-or-later
"""Which interpreter runs the worker, what it sees, and which one an environment is created from."""

from __future__ import annotations

import sys

import pytest
from qgis_helpers import fails, make_environment, write_program

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import environments, interpreter
from ksdiff_qgis.runtime.errors import Kind
from ksdiff_qgis.runtime.interpreter import find_base, find_interpreter, probe
from ksdiff_qgis.runtime.processes import clean_environment
from ksdiff_qgis.runtime.sizes import platform_name

# --- the interpreter that runs the worker ---


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """The interpreter of a checkout's own environment, which is a link."""
    python = environments.python_of(tmp_path / "checkout" / ".venv")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    monkeypatch.setattr(paths, "ROOT", tmp_path / "checkout")
    return str(python)


def test_order_of_interpreters(checkout, tmp_path):
    home, named, other = tmp_path / "home", tmp_path / "named", tmp_path / "other"
    named.touch()
    other.touch()
    variable = {"KSDIFF_PYTHON": str(named)}
    assert find_interpreter(None, {}, home).path == checkout  # the link itself
    made = make_environment(home)
    assert find_interpreter(" ", {"KSDIFF_PYTHON": ""}, home).path == made
    assert find_interpreter(str(other), {}, home).path == str(other)
    assert find_interpreter(str(other), variable, home).path == str(named)


@pytest.mark.parametrize("named", ["/no/python", "/usr/bin"])
@pytest.mark.parametrize("by_variable", [True, False])
def test_named_interpreter_that_does_not_exist_is_an_error(checkout, named, by_variable):
    given, origin = ("", {"KSDIFF_PYTHON": named}), environments.variable_name()
    if not by_variable:
        given, origin = (named, {}), environments.setting_name()
    with fails(Kind.NO_RUNTIME) as caught:
        find_interpreter(*given)
    assert named in caught.value.message and origin in caught.value.remedy


@pytest.mark.parametrize(
    ("facts", "action"),
    [({"lock": "other"}, "repair"), ({"base": "/no/python"}, "repair"), (None, "install")],
)
def test_environment_that_cannot_be_used_is_an_error(tmp_path, monkeypatch, facts, action):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    if facts:
        make_environment(tmp_path / "home", **facts)
    with fails(Kind.NO_RUNTIME) as caught:
        find_interpreter(None, {}, tmp_path / "home")
    assert f"--ACTION={action}" in caught.value.remedy


def test_relative_paths_stay_the_same_in_another_folder(tmp_path, monkeypatch):
    (tmp_path / "python").touch()
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KSDIFF_QGIS_HOME", "own")
    found = [find_interpreter(None, {"KSDIFF_PYTHON": "python"}).path]
    found += [find_interpreter("python", {}).path, str(paths.home())]
    monkeypatch.chdir(tmp_path / "other")
    assert found == [str(tmp_path / name) for name in ("python", "python", "own")]


# --- the environment variables of the worker ---


def test_variables_of_qgis_are_removed():
    removed = ["PYTHONHOME", "PYTHONEXECUTABLE", "pythonpath", "VIRTUAL_ENV", "CONDA_PREFIX"]
    removed += ["PIP_INDEX_URL", "PROJ_DATA", "GDAL_DRIVER_PATH", "QGIS_PLUGINPATH"]
    removed += ["QT_PLUGIN_PATH", "OSGEO4W_ROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"]
    kept = {"HOME": "/home/a", "PATH": "/usr/bin", "HTTPS_PROXY": "p:1", "KSDIFF_X": "1"}
    cleaned = clean_environment({**dict.fromkeys(removed, "x"), **kept}, prefixes=())
    assert cleaned == {**kept, "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}


def test_certificates_of_qgis_are_removed_and_those_of_the_user_kept():
    variables = {"SSL_CERT_FILE": "/opt/qgis/etc/cert.pem", "REQUESTS_CA_BUNDLE": "/etc/ca.pem"}
    cleaned = clean_environment(variables, prefixes=("/opt/qgis/",))
    assert "SSL_CERT_FILE" not in cleaned
    assert cleaned["REQUESTS_CA_BUNDLE"] == "/etc/ca.pem"
    # A QGIS from system packages shares its prefix with everything else.
    assert "SSL_CERT_FILE" in clean_environment({"SSL_CERT_FILE": "/usr/x.pem"}, ("/usr",))


# --- the interpreter to create an environment from ---

MAC = {"system": "darwin", "machine": "arm64", "macos": "14.5", "libc": ["", ""]}


def test_probe_of_this_python():
    found = probe(sys.executable)
    assert found.version == sys.version_info[:3]
    assert (found.platform, found.problem) == (platform_name(), "")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {**MAC, "version": [3, 13, 0]},
        {**MAC, "version": [3, 13, 0], "machine": "x86_64", "macos": "13.1"},
        {"system": "win32", "machine": "AMD64", "libc": ["", ""]},
    ],
)
def test_suitable_base(python, facts):
    assert find_base(python(**facts)).problem == ""


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"version": [3, 9, 18]}, "3.9.18"),
        ({"version": [3, 15, 0]}, "3.15.0"),
        ({"cpython": False}, "CPython"),
        ({"venv": False}, "python3-venv"),
        ({"libc": ["glibc", "2.17"]}, "2.17"),
        ({"libc": ["", ""]}, "glibc"),
        ({"failures": ["ssl: DLL load failed"]}, "ssl: DLL load failed"),
        ({**MAC, "version": [3, 14, 0]}, "3.14.0"),
        ({**MAC, "macos": "13.1"}, "13.1"),
        ({"version": None}, ""),
    ],
)
def test_unsuitable_base_is_an_error_that_names_the_reason(python, facts, named):
    with fails(Kind.PYTHON) as caught:
        find_base(python(**facts))
    assert named in caught.value.message
    without_venv = named == "python3-venv"
    assert ("apt install" in caught.value.remedy) == without_venv
    if without_venv:  # uv needs none
        assert find_base(python(**facts), uv=True).version == (3, 12, 1)


def test_first_suitable_candidate_is_taken(python, monkeypatch):
    old = python("python3.12", version=[3, 8, 0])
    good = python("python3.11")
    monkeypatch.setattr(interpreter, "candidates", lambda environ: iter([old, old, good]))
    assert find_base().path == good
    monkeypatch.setattr(interpreter, "candidates", lambda environ: iter([old, old]))
    with fails(Kind.PYTHON) as caught:
        find_base()
    assert caught.value.message.count(f"{old}: ") == 1
    with fails(Kind.PYTHON):
        find_base("/no/python")


@pytest.fixture
def changed_python(tmp_path):
    """Write a Python that executes other code before the probe."""

    def write(code):
        first = tmp_path / "first.py"
        first.write_text(code)
        script = (
            "for last; do :; done\n"
            'site=""; [ "$2" = -S ] && site=-S\n'
            f"exec {sys.executable} -I $site -c \"exec(open('{first}').read())\n$last\""
        )
        return str(write_program(tmp_path / "python3", script))

    return write


def test_python_that_needs_its_own_sitecustomize_is_skipped(changed_python, monkeypatch):
    """As OSGeo4W's, which adds folders of DLLs: an environment does not have it."""
    fails_without_site = "import sys\nif 'site' not in sys.modules: sys.modules['_ssl'] = None\n"
    python = changed_python(fails_without_site)
    assert "ssl" in probe(python).problem
    monkeypatch.setattr(interpreter, "candidates", lambda _: iter([python, sys.executable]))
    assert find_base(uv=True).path == sys.executable


def test_leftover_folder_of_a_module_is_no_module(changed_python):
    code = "import importlib.machinery as m, importlib.util as u\n"
    code += "u.find_spec = lambda name: m.ModuleSpec(name, None)\n"
    assert probe(changed_python(code)).venv is False


def test_qgis_is_not_started_as_python(monkeypatch, tmp_path):
    qgis = tmp_path / "qgis-bin"
    qgis.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(qgis))
    monkeypatch.setattr(sys, "exec_prefix", str(tmp_path))
    assert str(qgis) not in list(interpreter.candidates({"PATH": str(tmp_path)}))


def test_stub_of_macos_is_not_started(monkeypatch, tmp_path):
    """It opens a window to install Apple's tools."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "executable", "")
    monkeypatch.setattr(interpreter, "APPLE_TOOLS", (tmp_path / "python3",))
    seen = {"PATH": "/usr/bin"}
    assert not [path for path in interpreter.candidates(seen) if path.startswith("/usr/bin/")]
    (tmp_path / "python3").touch()
    assert "/usr/bin/python3" in interpreter.candidates(seen)
