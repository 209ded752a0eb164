# SPDX-License-Identifier: GPL-2.0-or-later
"""The installed plugin installs its environment for real.

Without a package index these tests are skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from qgis_helpers import ROOT, Feedback, bare_environment, qgis_process, write_pair

from ksdiff_qgis.runtime import environments, install_plan, installer
from ksdiff_qgis.runtime.diagnosis import diagnose

# Messages without a network, and only then.
UNREACHABLE = tuple(
    diagnose(output).message for output in ("Connection refused", "Cannot connect to proxy")
)
PATIENCE_S = 900  # a slow network, two slow cores


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The plugin's folder as the zip has it: no checkout around it, so no environment either."""
    plugins = tmp_path_factory.mktemp("installed")
    caches = shutil.ignore_patterns("__pycache__")
    folder = plugins / "ksdiff_qgis"
    shutil.copytree(ROOT / "ksdiff_qgis", folder, ignore=caches)
    for name in ("core", "resources"):
        shutil.copytree(ROOT / name, folder / name, ignore=caches)
    shutil.copy(ROOT / "metadata.txt", folder)
    return plugins


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("own") / "my hömé"


@pytest.fixture(scope="module")
def call(tmp_path_factory, installed, home):
    """Run an algorithm in a QGIS without windows: its outputs, or the error as a text."""
    if qgis_process() is None:
        pytest.skip("qgis_process is not installed")
    environment = bare_environment(tmp_path_factory.mktemp("qgis"), installed)
    environment["KSDIFF_QGIS_HOME"] = str(home)
    network = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_")
    environment |= {n: value for n, value in os.environ.items() if n.upper().startswith(network)}

    def run(name, *given, **variables):
        done = subprocess.run(
            [qgis_process(), *name.split(), *given],
            env={**environment, **variables},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        if done.returncode:
            return done.stdout + done.stderr
        lines = [line.split(":\t", 1) for line in done.stdout.splitlines() if ":\t" in line]
        return {**dict(lines), "said": done.stdout}

    enabled = run("plugins enable ksdiff_qgis")
    assert isinstance(enabled, dict), enabled
    run.environment = environment
    return run


@pytest.fixture(scope="module")
def light(call):
    """The light environment, made from nothing."""
    made = call("run ksdiff:runtime", "--ACTION=install", "--SIZE=light")
    if isinstance(made, str) and any(sentence in made for sentence in UNREACHABLE):
        pytest.skip("no package index can be reached: " + made.strip().splitlines()[-2])
    assert isinstance(made, dict), made
    return made


@pytest.fixture(scope="module")
def wheels(light, tmp_path_factory):
    """A folder with all that light is made of."""
    folder = tmp_path_factory.mktemp("wheels")
    lock = ROOT / "resources" / "locks" / "light.txt"
    fetch = [light["PYTHON_USED"], "-m", "pip", "download", "--quiet", "--only-binary", ":all:"]
    fetch += ["--no-deps", "-d", str(folder), "-r", str(lock)]
    subprocess.run(fetch, check=True, capture_output=True, timeout=PATIENCE_S)
    return folder


@pytest.fixture(scope="module")
def full(call, light):
    """Light made full, where PyTorch for the CPU can be had."""
    made = call("run ksdiff:runtime", "--ACTION=install", "--SIZE=full")
    if isinstance(made, str) and "not enough disk space" in made:
        pytest.skip("the disk has too little room for PyTorch")
    if isinstance(made, str) and "PyTorch's build for the CPU was not found" in made:
        pytest.skip("neither PyTorch's own page nor the package index has it here")
    assert isinstance(made, dict), made
    return made


def test_install_without_a_network_leaves_nothing(call, home):
    nowhere = {
        "PIP_INDEX_URL": "https://index.invalid/simple",
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_RETRIES": "1",
    }
    failed = call("run ksdiff:runtime", "--ACTION=install", "--SIZE=light", **nowhere)
    assert isinstance(failed, str), failed
    assert any(message in failed for message in UNREACHABLE)
    assert "pip download" in failed
    assert failed.count("Trying again.") == 2
    log = home / "logs" / "install.log"
    assert str(log) in failed and "index.invalid" in log.read_text()
    assert list((home / "envs").iterdir()) == []


def test_install_light(light, home):
    assert (light["STATE"], light["SIZE_FOUND"]) == ("ready", "light")
    assert Path(light["PYTHON_USED"]).is_relative_to(home / "envs")
    assert Path(light["FOLDER"]).parent == home / "envs"
    devices = {each["device"]: each for each in json.loads(light["DEVICES"])}
    assert devices["cpu"]["ran"] == "cpu" and devices["cpu"]["passed"]
    assert re.search(r"About \d+ MB from the package index, \d+ MB on the disk", light["said"])
    facts = json.loads((Path(light["FOLDER"]) / "env.json").read_text())
    assert facts["packages"]["torch"] is None
    assert facts["packages"]["rasterio"]


def test_algorithms_run_in_the_environment(call, light, files, tmp_path):
    output = tmp_path / "out.tif"
    given = [f"--{name}={path}" for name, path in {**files, "OUTPUT": output}.items()]
    done = call("run ksdiff:ksdiff", *given, "--ADAPT=0")
    assert isinstance(done, dict), done
    assert output.is_file()
    checked = call("run ksdiff:runtime")
    assert (checked["STATE"], checked["SIZE_FOUND"]) == ("ready", "light")
    assert checked["PYTHON_USED"] == light["PYTHON_USED"]


def test_install_offline_from_wheels(call, wheels, tmp_path):
    home = tmp_path / "home"
    cut_off = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    cut_off |= {"PIP_RETRIES": "0", "PIP_CONFIG_FILE": "/dev/null", "KSDIFF_QGIS_HOME": str(home)}
    install = ["--ACTION=install", "--SIZE=light", f"--WHEELS={wheels}"]
    missing = next(wheels.glob("scipy-*.whl"))
    missing.rename(tmp_path / missing.name)
    failed = call("run ksdiff:runtime", *install, **cut_off)
    assert "scipy" in failed and "pip download" in failed
    (tmp_path / missing.name).rename(missing)
    made = call("run ksdiff:runtime", *install, **cut_off)
    assert isinstance(made, dict), made
    assert made["STATE"] == "ready"
    assert Path(made["PYTHON_USED"]).is_relative_to(home)


def test_install_with_uv(wheels, tmp_path):
    """From the wheels, since uv need not know the index that pip is set up for."""
    uv = shutil.which("uv", path=os.pathsep.join((os.environ["PATH"], str(ROOT / "build/uv/bin"))))
    if uv is None:
        pytest.skip("uv is neither on the PATH nor in build/uv (make lock puts it there)")
    home = tmp_path / "my hömé"
    planned = replace(install_plan.make_plan("light", home, wheels=wheels), uv=uv)
    made = installer.install(planned, Feedback())
    assert (made.state.value, made.size) == ("ready", "light")
    assert made.folder == home / "envs" / "light"
    assert made.facts["packages"]["rasterio"]
    assert [each["ran"] for each in made.facts["selftest"]["devices"]] == ["cpu"]
    assert "uv pip install" in environments.log_path(home).read_text(encoding="utf-8")


def test_light_is_replaced_by_full_with_pytorch_for_the_cpu(light, full):
    assert (full["STATE"], full["SIZE_FOUND"]) == ("ready", "full")
    facts = json.loads((Path(full["FOLDER"]) / "env.json").read_text(encoding="utf-8"))
    assert facts["size"] == "full"
    assert facts["packages"]["torch"].endswith("+cpu")
    assert not Path(light["FOLDER"]).exists()


def test_network_is_fine_tuned_in_the_environment(call, full, tmp_path):
    given = {**write_pair(tmp_path, size=(64, 64)), "OUTPUT": tmp_path / "out.tif"}
    given = [f"--{name}={path}" for name, path in given.items()]
    done = call("run ksdiff:ksdiff", *given, "--METHOD=ksdiff", "--DEVICE=cpu", "--ADAPT=10")
    assert isinstance(done, dict), done
    assert (tmp_path / "out.tif").is_file()
    # It learns, and tells what that did, or that this machine is too slow for it.
    assert re.search(
        r"Adapting KSDiff to|KSDiff is not adapted|[1-9]\d* of \d+ steps", done["ADAPTATION"]
    ), done["said"]


def test_remove_leaves_nothing(call, light, home):
    there = call("run ksdiff:runtime")["FOLDER"]
    done = call("run ksdiff:runtime", "--ACTION=remove")
    assert done["STATE"] == "missing"
    assert there in done["MESSAGE"]
    assert not home.exists()
    assert call("run ksdiff:runtime")["STATE"] == "missing"
