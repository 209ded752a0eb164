# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin with the real worker in its own environment."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import processing
import pytest
from qgis.core import QgsProcessingException, QgsRasterLayer
from qgis_helpers import CANCELLED_S, Feedback, bare_environment, qgis_process, write_raster

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import process
from ksdiff_qgis.runtime.errors import RunCancelled, RunError
from ksdiff_qgis.runtime.interpreter import worker_command

REQUEST = {
    "protocol": 2,
    "task": "pansharpen",
    "pan_band": None,
    "ms_bands": None,
    "method": "exp",
    "adapt": 0,
    "model": None,
    "device": "cpu",
    "extent": None,
    "output_type": None,
    "nodata": None,
    "creation_options": {},
    "cog": False,
    "tile": 64,
    "seed": 0,
}


@pytest.fixture
def command(real_python):
    return worker_command(real_python, paths.WORKER)


def test_both_sides_speak_the_same_version(command):
    feedback = Feedback()
    facts = process.run({"protocol": paths.protocol_version(), "task": "check"}, feedback, command)
    assert facts["rasterio"]
    assert any("onnxruntime" in text for _, text in feedback.said)


def patched(python, patch):
    """Command line of the real worker in an interpreter that was tampered with."""
    run = f"runpy.run_path({str(paths.WORKER)!r}, run_name='__main__')"
    command = worker_command(python, paths.WORKER)[:-1]
    return [*command, "-c", f"import runpy, sys; {patch}; {run}"]


def test_a_missing_package_comes_with_the_remedy_of_qgis(real_python, pair, tmp_path):
    command = patched(real_python, "sys.modules['onnxruntime'] = None")
    request = {**REQUEST, "pan": str(pair[0]), "ms": str(pair[1]), "out": str(tmp_path / "r.tif")}
    with pytest.raises(RunError) as caught:
        process.run(request, Feedback(), command)
    assert "lacks onnxruntime." in caught.value.message
    assert str(real_python) in caught.value.remedy
    assert f"({real_python}), install into it: onnxruntime;" in caught.value.remedy


def test_a_python_too_old_is_told_with_its_remedy(real_python):
    command = patched(real_python, "sys.version_info = (3, 9, 18)")
    with pytest.raises(RunError) as caught:
        process.run(REQUEST, Feedback(), command)
    assert caught.value.kind == "NoRuntime"
    assert "needs Python 3.10" in caught.value.message
    assert "make env" in caught.value.remedy


def test_other_version_is_refused(command):
    with pytest.raises(RunError) as caught:
        process.run({"protocol": 99, "task": "check"}, Feedback(), command)
    assert caught.value.kind == "Protocol"


def test_errors_of_the_real_worker_arrive(command, pair, tmp_path):
    request = {**REQUEST, "pan": "/no/such.tif", "ms": str(pair[1]), "out": str(tmp_path / "r.tif")}
    with pytest.raises(RunError) as caught:
        process.run(request, Feedback(), command)
    assert caught.value.kind == "InputError"
    assert "/no/such.tif" in caught.value.message
    assert list(tmp_path.iterdir()) == []


class CancelWhenSaid(Feedback):
    """Cancels once the worker has told of a stage of its work."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self.asked = 0.0
        self._stage = stage

    def isCanceled(self) -> bool:  # noqa: N802
        if not self.asked and any(self._stage in text for _, text in self.said):
            self.asked = time.monotonic()
        return bool(self.asked)


def large_pair(tmp_path):
    """A pair that takes a while, the empty folder of the output, and the request's paths."""
    pan = write_raster(tmp_path / "pan.tif", 1, (2048, 2048), 0.5)
    ms = write_raster(tmp_path / "ms.tif", 4, (512, 512), 2.0)
    out = tmp_path / "out"
    out.mkdir()
    return out, {"pan": str(pan), "ms": str(ms), "out": str(out / "result.tif")}


def cancel_ends_soon_and_leaves_nothing(command, tmp_path, stage, **request):
    out, paths = large_pair(tmp_path)
    feedback = CancelWhenSaid(stage)
    with pytest.raises(RunCancelled):
        process.run({**REQUEST, **paths, **request}, feedback, command)
    assert time.monotonic() - feedback.asked < CANCELLED_S
    assert list(out.iterdir()) == []


def test_cancel_leaves_nothing_behind(command, tmp_path):
    cancel_ends_soon_and_leaves_nothing(command, tmp_path, "Tile")


class KillWhenWriting(Feedback):
    """Kills the worker once its unfinished file is there, as a system short of memory would."""

    def __init__(self, out) -> None:
        super().__init__()
        self.killed = 0
        self._out = out

    def isCanceled(self) -> bool:  # noqa: N802
        for folder in () if self.killed else self._out.iterdir():
            self.killed = int(folder.name.rsplit("-", 2)[1])
            os.kill(self.killed, signal.SIGKILL)
        return False


def test_a_killed_worker_leaves_nothing_behind(command, tmp_path):
    out, paths = large_pair(tmp_path)
    feedback = KillWhenWriting(out)
    with pytest.raises(RunError) as caught:
        process.run({**REQUEST, **paths}, feedback, command)
    assert caught.value.kind == "Memory"
    assert feedback.killed
    assert list(out.iterdir()) == []


def test_cancel_while_the_network_runs(command, real_model, tmp_path):
    """One call of the network takes many seconds, and nobody looks for a message meanwhile."""
    ksdiff = {"method": "ksdiff", "model": real_model}
    cancel_ends_soon_and_leaves_nothing(command, tmp_path, "Diffusing", **ksdiff)


def test_ksdiff_sharpens_a_pair(plugin, real_python, real_model, pair, tmp_path):
    output = str(tmp_path / "result.tif")
    result = processing.run(
        "ksdiff:ksdiff",
        {
            "PAN": str(pair[0]),
            "MS": str(pair[1]),
            "METHOD": "ksdiff",
            "ADAPT": 0,
            "DEVICE": "cpu",
            "OUTPUT": output,
        },
    )
    layer, pan, ms = (QgsRasterLayer(path) for path in (output, *map(str, pair)))
    assert (layer.width(), layer.height(), layer.bandCount()) == (192, 160, 4)
    assert layer.extent() == pan.extent()
    assert layer.crs() == pan.crs()
    assert layer.dataProvider().dataType(1) == ms.dataProvider().dataType(1)
    for band in range(1, 5):
        got = layer.dataProvider().bandStatistics(band)
        expected = ms.dataProvider().bandStatistics(band)
        assert got.mean == pytest.approx(expected.mean, rel=0.05)
    assert result["RATIO"] == pytest.approx(4.0)
    assert result["DEVICE_USED"].startswith("cpu")
    assert result["MODEL_USED"]
    assert result["SECONDS"] > 0


def test_unknown_model_is_told(plugin, real_python, pair, tmp_path):
    model = tmp_path / "empty.safetensors"
    model.write_bytes(b"")
    parameters = {
        "PAN": str(pair[0]),
        "MS": str(pair[1]),
        "MODEL": "custom",
        "MODEL_FILE": str(model),
        "OUTPUT": str(tmp_path / "result.tif"),
    }
    for method in ("auto", "ksdiff"):
        with pytest.raises(QgsProcessingException, match="empty"):
            processing.run("ksdiff:ksdiff", {**parameters, "METHOD": method})


def test_qgis_process_finds_the_own_environment(
    real_python, real_model, plugins_folder, pair, tmp_path
):
    if qgis_process() is None:
        pytest.skip("qgis_process is not installed")
    variables = bare_environment(tmp_path, plugins_folder)
    enable = [qgis_process(), "plugins", "enable", "ksdiff_qgis"]
    subprocess.run(enable, env=variables, capture_output=True, timeout=900, check=True)
    output = tmp_path / "result.tif"
    arguments = [f"--PAN={pair[0]}", f"--MS={pair[1]}", "--DEVICE=cpu", "--ADAPT=0"]
    arguments.append(f"--OUTPUT={output}")
    done = subprocess.run(
        [qgis_process(), "run", "ksdiff:ksdiff", *arguments],
        env=variables,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert output.is_file()
