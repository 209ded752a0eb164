# SPDX-License-Identifier: GPL-2.0-or-later
"""The real worker as a process: protocol, errors, cancelling, being killed."""

from __future__ import annotations

import os
import signal
import time

import pytest
from qgis_helpers import CANCELLED_S, Feedback, write_raster

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


def test_plugin_and_worker_have_the_same_protocol(command):
    feedback = Feedback()
    facts = process.run({"protocol": paths.protocol_version(), "task": "check"}, feedback, command)
    assert facts["rasterio"]
    assert any("onnxruntime" in text for _, text in feedback.said)


def patched(python, patch):
    """Command line of the real worker in a patched interpreter."""
    run = f"runpy.run_path({str(paths.WORKER)!r}, run_name='__main__')"
    command = worker_command(python, paths.WORKER)[:-1]
    return [*command, "-c", f"import runpy, sys; {patch}; {run}"]


def test_missing_package_is_reported_with_its_remedy(real_python, pair, tmp_path):
    command = patched(real_python, "sys.modules['onnxruntime'] = None")
    request = {**REQUEST, "pan": str(pair[0]), "ms": str(pair[1]), "out": str(tmp_path / "r.tif")}
    with pytest.raises(RunError) as caught:
        process.run(request, Feedback(), command)
    assert "onnxruntime" in caught.value.message
    assert real_python in caught.value.remedy and "onnxruntime" in caught.value.remedy


def test_outdated_python_is_reported(real_python):
    command = patched(real_python, "sys.version_info = (3, 9, 18)")
    with pytest.raises(RunError) as caught:
        process.run(REQUEST, Feedback(), command)
    assert caught.value.kind == "NoRuntime"
    assert caught.value.remedy


def test_other_protocol_is_refused(command):
    with pytest.raises(RunError) as caught:
        process.run({"protocol": 99, "task": "check"}, Feedback(), command)
    assert caught.value.kind == "Protocol"


def test_error_of_the_worker_is_raised(command, pair, tmp_path):
    request = {**REQUEST, "pan": "/no/such.tif", "ms": str(pair[1]), "out": str(tmp_path / "r.tif")}
    with pytest.raises(RunError) as caught:
        process.run(request, Feedback(), command)
    assert caught.value.kind == "InputError"
    assert "/no/such.tif" in caught.value.message
    assert list(tmp_path.iterdir()) == []


class CancelWhenSaid(Feedback):
    """Cancels once the worker has reported a stage of its work."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self.asked = 0.0
        self._stage = stage

    def isCanceled(self) -> bool:  # noqa: N802
        if not self.asked and any(self._stage in text for _, text in self.said):
            self.asked = time.monotonic()
        return bool(self.asked)


def large_pair(tmp_path):
    """Write a pair that takes a while; returns an empty output folder and the request's paths."""
    pan = write_raster(tmp_path / "pan.tif", 1, (2048, 2048), 0.5)
    ms = write_raster(tmp_path / "ms.tif", 4, (512, 512), 2.0)
    out = tmp_path / "out"
    out.mkdir()
    return out, {"pan": str(pan), "ms": str(ms), "out": str(out / "result.tif")}


def cancel_at(command, tmp_path, stage, **request):
    """Cancel at a stage: the run ends soon and leaves no file."""
    out, paths = large_pair(tmp_path)
    feedback = CancelWhenSaid(stage)
    with pytest.raises(RunCancelled):
        process.run({**REQUEST, **paths, **request}, feedback, command)
    assert time.monotonic() - feedback.asked < CANCELLED_S
    assert list(out.iterdir()) == []


def test_cancel_between_tiles(command, tmp_path):
    cancel_at(command, tmp_path, "Tile")


class KillWhenWriting(Feedback):
    """Kills the worker once its temporary file exists, as a system without memory does."""

    def __init__(self, out) -> None:
        super().__init__()
        self.killed = 0
        self._out = out

    def isCanceled(self) -> bool:  # noqa: N802
        for folder in () if self.killed else self._out.iterdir():
            self.killed = int(folder.name.rsplit("-", 2)[1])
            os.kill(self.killed, signal.SIGKILL)
        return False


def test_killed_worker_leaves_no_file(command, tmp_path):
    out, paths = large_pair(tmp_path)
    feedback = KillWhenWriting(out)
    with pytest.raises(RunError) as caught:
        process.run({**REQUEST, **paths}, feedback, command)
    assert caught.value.kind == "Memory"
    assert feedback.killed
    assert list(out.iterdir()) == []


def test_cancel_while_the_network_runs(command, tmp_path):
    """One call of the network takes many seconds without looking for messages."""
    ksdiff = {"method": "ksdiff", "model": "ksdiff-scene"}
    cancel_at(command, tmp_path, "Diffusing", **ksdiff)
