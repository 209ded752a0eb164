# SPDX-License-Identifier: GPL-2.0-or-later
"""Which interpreter runs the worker, and what it may see."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import environment
from ksdiff_qgis.runtime.errors import RunError


@pytest.fixture
def places(tmp_path):
    """A project with its own environment, and two more interpreters."""
    own = tmp_path / "project" / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.symlink_to(sys.executable)
    others = [tmp_path / "first", tmp_path / "second"]
    for path in others:
        path.touch()
    return tmp_path / "project", own, *map(str, others)


def test_variable_wins_over_setting_over_own_environment(places):
    root, own, first, second = places
    assert environment.find(second, root, {"KSDIFF_PYTHON": first}).path == first
    assert environment.find(second, root, {}).path == second
    assert environment.find(" ", root, {"KSDIFF_PYTHON": ""}).path == str(own)
    assert environment.find(None, root, {}).path == str(own)  # the link, not where it leads


@pytest.mark.parametrize(
    ("named", "why"), [("/no/python", "a Python that does not exist"), ("/usr/bin", "a folder")]
)
@pytest.mark.parametrize("origin", ["environment variable KSDIFF_PYTHON", "setting in Options"])
def test_named_interpreter_that_is_missing_is_an_error(places, named, why, origin):
    """What helps is said: to install one does not, while another one is named."""
    variable = named if "variable" in origin else ""
    with pytest.raises(RunError) as caught:
        environment.find(named, places[0], {"KSDIFF_PYTHON": variable})
    assert caught.value.message.startswith(f"The {origin}")
    assert f"names {why}" in caught.value.message and named in caught.value.message
    assert f"Correct or clear the {origin}" in caught.value.remedy
    assert "has to be made first" in caught.value.remedy  # nothing is installed here
    assert caught.value.kind == "NoRuntime"


def test_what_is_named_relatively_stays_the_same_in_another_folder(tmp_path, monkeypatch):
    (tmp_path / "python").touch()
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KSDIFF_QGIS_HOME", "own")
    named = [environment.find(None, tmp_path, {"KSDIFF_PYTHON": "python"}).path]
    named += [environment.find("python", tmp_path, {}).path, str(paths.home())]
    monkeypatch.chdir(tmp_path / "other")
    assert named == [str(tmp_path / name) for name in ("python", "python", "own")]


def test_nothing_found_says_how_to_get_it(tmp_path):
    with pytest.raises(RunError) as caught:
        environment.find(None, tmp_path, {}, tmp_path / "home")
    remedy = caught.value.remedy
    ways = ["Runtime dialog", "ksdiff:runtime --ACTION=install", "pip install numpy scipy"]
    ways += ["Providers", "KSDIFF_PYTHON", "make env"]
    assert [way for way in ways if way not in remedy] == []
    assert sorted(ways, key=remedy.index) == ways, "the easiest way comes first"


@pytest.mark.parametrize(
    "name",
    [
        "PYTHONHOME",
        "PYTHONEXECUTABLE",
        "pythonpath",
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "PIP_INDEX_URL",
        "UV_CACHE_DIR",
        "PROJ_DATA",
        "GDAL_DRIVER_PATH",
        "GEOTIFF_CSV",
        "QGIS_PLUGINPATH",
        "QT_PLUGIN_PATH",
        "GISBASE",
        "OSGEO4W_ROOT",
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
    ],
)
def test_variables_of_qgis_are_removed(name):
    assert name not in environment.clean({name: "x"}, prefixes=())


def test_other_variables_are_kept():
    kept = {"HOME": "/home/a", "PATH": "/usr/bin", "HTTPS_PROXY": "p:1", "KSDIFF_X": "1"}
    cleaned = environment.clean(kept, prefixes=())
    assert cleaned == {**kept, "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}


def test_certificates_of_qgis_are_removed_and_those_of_the_user_kept():
    variables = {"SSL_CERT_FILE": "/opt/qgis/etc/cert.pem", "REQUESTS_CA_BUNDLE": "/etc/ca.pem"}
    cleaned = environment.clean(variables, prefixes=("/opt/qgis/",))
    assert "SSL_CERT_FILE" not in cleaned
    assert cleaned["REQUESTS_CA_BUNDLE"] == "/etc/ca.pem"
    # An installation by the system's packages shares its prefix with everything else.
    assert "SSL_CERT_FILE" in environment.clean({"SSL_CERT_FILE": "/usr/x.pem"}, ("/usr",))


def test_poisoned_variables_do_not_stop_a_virtual_environment(real_python):
    poison = {
        "PYTHONHOME": "/nowhere",
        "PYTHONEXECUTABLE": "/usr/bin/python3",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    code = "import rasterio, sys; print(sys.prefix)"
    command = [*environment.command(real_python, Path("worker.py"))[:-1], "-c", code]
    done = subprocess.run(command, env=environment.clean(poison), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == Path(real_python).parents[1]
