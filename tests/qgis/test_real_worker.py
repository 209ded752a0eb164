# SPDX-License-Identifier: GPL-2.0-or-later
"""The real worker as a process: protocol, errors, cancelling, being killed."""

from __future__ import annotations

import os
import signal
import time

import pytest
from qgis_helpers import CANCELLED_S, Feedback, fails, write_pair

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import worker_run
from ksdiff_qgis.runtime.errors import RunCancelled, RunError
from ksdiff_qgis.runtime.interpreter import worker_command

REQUEST = {"protocol": 2, "task": "pansharpen", "method": "exp", "device": "cpu", "tile": 64}


@pytest.fixture
def command(real_python):
    return worker_command(real_python, paths.WORKER)


def test_plugin_and_worker_have_the_same_protocol(command):
    feedback = Feedback()
    facts = worker_run.run(
        {"protocol": paths.protocol_version(), "task": "check"}, feedback, command
    )
    assert facts["rasterio"]
    assert any("onnxruntime" in text for _, text in feedback.said)


def patched(python, patch):
    """Command line of the real worker in a patched interpreter."""
    run = f"runpy.run_path({str(paths.WORKER)!r}, run_name='__main__')"
    command = worker_command(python, paths.WORKER)[:-1]
    return [*command, "-c", f"import runpy, sys; {patch}; {run}"]


def test_missing_package_is_reported_with_its_remedy(real_python, files, tmp_path):
    command = patched(real_python, "sys.modules['onnxruntime'] = None")
    request = {**REQUEST, "pan": files["PAN"], "ms": files["MS"], "out": str(tmp_path / "r.tif")}
    with pytest.raises(RunError) as caught:
        worker_run.run(request, Feedback(), command)
    assert "onnxruntime" in caught.value.message
    assert real_python in caught.value.remedy and "onnxruntime" in caught.value.remedy


def test_outdated_python_is_reported(real_python):
    with fails("NoRuntime") as caught:
        worker_run.run(REQUEST, Feedback(), patched(real_python, "sys.version_info = (3, 9, 18)"))
    assert caught.value.remedy


def test_other_protocol_is_refused(command):
    with fails("Protocol"):
        worker_run.run({"protocol": 99, "task": "check"}, Feedback(), command)


@pytest.fixture
def large(tmp_path):
    """A pair that takes a while, and a file to write in a folder of its own, as in a request."""
    (tmp_path / "out").mkdir()
    pair = write_pair(tmp_path, size=(512, 512))
    out = str(tmp_path / "out" / "result.tif")
    return {**REQUEST, "pan": pair["PAN"], "ms": pair["MS"], "out": out}


# One call of the network takes many seconds without looking for messages.
@pytest.mark.parametrize(
    ("stage", "method"),
    [("Tile", {}), ("Diffusing", {"method": "ksdiff", "model": "ksdiff-scene", "adapt": 0})],
)
def test_cancelled_worker_ends_soon_and_leaves_no_file(command, large, tmp_path, stage, method):
    feedback = Feedback(lambda now: any(stage in text for _, text in now.said))
    with pytest.raises(RunCancelled):
        worker_run.run({**large, **method}, feedback, command)
    assert time.monotonic() - feedback.asked < CANCELLED_S
    assert list((tmp_path / "out").iterdir()) == []


def test_killed_worker_leaves_no_file(command, large, tmp_path):
    killed = []

    def kill(_):
        """Once its temporary file exists, as a system without memory does."""
        for folder in () if killed else (tmp_path / "out").iterdir():
            killed.append(int(folder.name.rsplit("-", 2)[1]))
            os.kill(killed[0], signal.SIGKILL)

    with fails("Memory"):
        worker_run.run(large, Feedback(kill), command)
    assert killed and list((tmp_path / "out").iterdir()) == []
