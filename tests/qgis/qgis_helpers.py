# SPDX-License-Identifier: GPL-2.0-or-later
"""Helpers of the tests inside QGIS that need no fixture."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QPushButton, QTextEdit

from tools import desktop

ROOT = Path(__file__).resolve().parents[2]
FAKES = Path(__file__).resolve().parent / "fakes"
SESSIONS = Path(__file__).resolve().parent / "sessions"
SYSTEM_PYTHON = "/usr/bin/python3"


# What a Python that an environment can be created from answers to the probe.
GOOD_PYTHON = {
    "version": [3, 12, 1],
    "failures": [],
    "system": "linux",
    "machine": "x86_64",
    "venv": True,
    "cpython": True,
    "libc": ["glibc", "2.28"],
}


class Feedback(QgsProcessingFeedback):
    """Keeps what it is told; says that the user cancels as soon as a condition holds.

    `said` has (kind, text), `percents` the progress, `asked` when it was cancelled (seconds).
    """

    def __init__(self, cancel_when: Callable[[Feedback], bool] = lambda _: False) -> None:
        super().__init__(False)  # without QGIS' log, which needs an application
        self.said: list[tuple[str, str]] = []
        self.percents: list[float] = []
        self.asked = 0.0
        self._cancel_when = cancel_when

    @property
    def warnings(self) -> list[str]:
        return [text for kind, text in self.said if kind == "warning"]

    def isCanceled(self) -> bool:  # noqa: N802
        if not self.asked and self._cancel_when(self):
            self.asked = time.monotonic()
        return bool(self.asked)

    def setProgress(self, progress: float) -> None:  # noqa: N802
        self.percents.append(progress)

    def setProgressText(self, text: str) -> None:  # noqa: N802
        self.said.append(("text", text))

    def pushInfo(self, info: str) -> None:  # noqa: N802
        self.said.append(("info", info))
        super().pushInfo(info)

    def pushWarning(self, warning: str) -> None:  # noqa: N802
        self.said.append(("warning", warning))
        super().pushWarning(warning)

    def pushDebugInfo(self, info: str) -> None:  # noqa: N802
        self.said.append(("debug", info))

    def reportError(self, error: str, fatalError: bool = False) -> None:  # noqa: N802
        self.said.append(("error", error))
        super().reportError(error, fatalError)


# A cancelled run should end within three seconds; a busy machine may be slower. One that does not
# react would take a minute.
CANCELLED_S = 10.0


@contextlib.contextmanager
def soon():
    """What is done here takes no longer than cancelling may."""
    before = time.monotonic()
    yield
    assert time.monotonic() - before < CANCELLED_S


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def until(condition, seconds: float = 300.0) -> None:
    """Process events until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        QCoreApplication.processEvents()
        time.sleep(0.005)


def provider():
    """The provider of the plugin's algorithms."""
    return QgsApplication.processingRegistry().providerById("ksdiff")


def create(name: str):
    """A new instance of an algorithm of the plugin."""
    return QgsApplication.processingRegistry().createAlgorithmById("ksdiff:" + name)


def offered(method: str = "ksdiff") -> list[str]:
    """The models that the registered algorithm of a method offers."""
    registered = QgsApplication.processingRegistry().algorithmById("ksdiff:" + method)
    return registered.parameterDefinition("MODEL").options()


def project_context() -> QgsProcessingContext:
    """A context with the layers of the project."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return context


def run(name: str, parameters):
    """Run an algorithm; returns its outputs and its log."""
    import processing  # importable only after QGIS was started

    feedback = Feedback()
    return processing.run("ksdiff:" + name, parameters, feedback=feedback), feedback


def check(name: str, parameters) -> tuple[bool, str]:
    """Check parameters as the dialog of an algorithm does before it runs."""
    return create(name).checkParameterValues(parameters, project_context())


def refused(name: str, parameters, *facts: str) -> None:
    """Both the dialog and a run refuse the parameters; the message names these facts."""
    good, message = check(name, parameters)
    assert not good
    assert [fact for fact in facts if fact not in message] == []
    fails_naming(name, parameters)


def fails_naming(name: str, parameters, *facts: str) -> None:
    """A run fails, and the error names these facts."""
    with pytest.raises(QgsProcessingException) as caught:
        run(name, parameters)
    assert [fact for fact in facts if fact not in str(caught.value)] == []


def run_unchecked(name: str, parameters) -> tuple[bool, str]:
    """Run an algorithm as a model's step, whose parameters are not checked; whether it was good.

    Also returns its log.
    """
    feedback = QgsProcessingFeedback()
    _, good = create(name).run(parameters, project_context(), feedback)
    return good, feedback.textLog()


class BackgroundTask:
    """An algorithm in QGIS' task manager, as its dialog runs it."""

    def __init__(self, name: str, parameters) -> None:
        # The task owns neither of them.
        self.context, self.feedback = project_context(), QgsProcessingFeedback()
        self.task = QgsProcessingAlgRunnerTask(
            create(name), parameters, self.context, self.feedback
        )
        self.finished: list[tuple[bool, dict]] = []
        self.task.executed.connect(lambda good, results: self.finished.append((good, results)))
        QgsApplication.taskManager().addTask(self.task)

    def wait(self) -> None:
        """Wait for the end of the run."""
        until(lambda: bool(self.finished))

    def end(self) -> None:
        """Cancel the run if it has not ended."""
        if not self.finished:
            self.feedback.cancel()
            self.wait()


def message_in(window):
    """The message in the bar of a window; None without one."""
    return window.messageBar().currentItem()


def buttons_of(message) -> list[QPushButton]:
    """The buttons in a message."""
    return message.findChildren(QPushButton)


def log_of(dialog) -> str:
    """The log that the dialog of an algorithm shows."""
    return dialog.findChild(QTextEdit, "txtLog").toPlainText()


def fake_command(name: str, *arguments: str, python: str = sys.executable) -> list[str]:
    """Command line of a stand-in worker: a script, or a function of `misbehaving.py`."""
    script = FAKES / f"{name}.py"
    worker = [str(script)] if script.is_file() else [str(FAKES / "misbehaving.py"), name]
    return [python, "-I", "-u", *worker, *arguments]


def write_program(path: Path, script: str) -> Path:
    """Write a shell script as an executable file."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def write_interpreter(path: Path, fake: str = "every_task") -> Path:
    """Write a Python interpreter that runs a stand-in worker, whatever it is asked to run."""
    return write_program(path, f"exec {shlex.join(fake_command(fake, python=SYSTEM_PYTHON))}")


@contextlib.contextmanager
def fails(kind: str):
    """Expect a RunError of a kind."""
    from ksdiff_qgis.runtime.errors import RunError

    with pytest.raises(RunError) as caught:
        yield caught
    assert caught.value.kind == kind, str(caught.value)


def make_environment(home: Path, size: str = "light", **facts: object) -> str:
    """Make an environment of the plugin that looks complete; returns its interpreter."""
    from ksdiff_qgis.runtime import environments

    folder = home / "envs" / f"{size}-2"
    python = environments.python_of(folder)
    python.parent.mkdir(parents=True)
    python.touch()
    lock = environments.requirements_hash(size)
    known = {"size": size, "base": str(python), "starts": python.name, "lock": lock, **facts}
    (folder / environments.FACTS).write_text(json.dumps(known))
    return str(python)


def link_plugin(folder: Path) -> Path:
    """Make the plugin folder of links into the checkout; returns its parent."""
    plugin = folder / "ksdiff_qgis"
    plugin.mkdir(parents=True)
    parts = [p for p in (ROOT / "ksdiff_qgis").iterdir() if p.name != "__pycache__"]
    parts += [ROOT / name for name in ("metadata.txt", "core", "training", "resources", "LICENSE")]
    for part in parts:
        if part.exists():
            (plugin / part.name).symlink_to(part)
    return folder


def write_raster(
    path: Path,
    bands: int,
    size: tuple[int, int],
    pixel: float,
    *,
    epsg: int = 32633,
    origin: tuple[float, float] = (500000.0, 5000000.0),
) -> Path:
    """Write a GeoTIFF of smooth waves, the same ground at any pixel size.

    Parameters
    ----------
    size : (height, width) in pixels.
    pixel : pixel size in units of the CRS.
    """
    import numpy as np
    from osgeo import gdal, osr

    gdal.UseExceptions()
    height, width = size
    data = gdal.GetDriverByName("GTiff").Create(str(path), width, height, bands, gdal.GDT_UInt16)
    data.SetGeoTransform((origin[0], pixel, 0.0, origin[1], 0.0, -pixel))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    data.SetProjection(reference.ExportToWkt())
    y = (np.arange(height) + 0.5)[:, None] * pixel
    x = (np.arange(width) + 0.5)[None, :] * pixel
    for band in range(bands):
        values = 90 + 40 * np.sin(x / (5 + band)) + 40 * np.cos(y / (7 + band)) + 5 * band
        data.GetRasterBand(band + 1).WriteArray(values)
    data.FlushCache()
    return path


def add_layer(path: object, name: str) -> QgsRasterLayer:
    """Add a raster to the project."""
    return QgsProject.instance().addMapLayer(QgsRasterLayer(str(path), name))


def write_pair(
    folder: Path, left: float = 0.0, size: tuple[int, int] = (40, 48), name: str = "scene"
) -> dict[str, str]:
    """Write a PAN of 0.5 m and an MS of four bands and 2 m, the same ground; returns their paths.

    Parameters
    ----------
    left : distance in m to a pair at 0.
    size : (height, width) of MS in pixels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = {"origin": (500000.0 + left, 5000000.0)}
    pan = write_raster(folder / f"{name}_pan.tif", 1, (4 * size[0], 4 * size[1]), 0.5, **place)
    ms = write_raster(folder / f"{name}_ms.tif", 4, size, 2.0, **place)
    return {"PAN": str(pan), "MS": str(ms)}


def raster_size(path: object) -> tuple[int, int, int]:
    """Width, height and number of bands."""
    layer = QgsRasterLayer(str(path))
    return layer.width(), layer.height(), layer.bandCount()


def simulated(folder: Path) -> dict[str, str]:
    """The outputs of `ksdiff:simulate` in a folder."""
    names = ("OUTPUT_PAN", "OUTPUT_MS", "OUTPUT_REFERENCE")
    return {name: str(folder / f"{name}.tif") for name in names}


def rough_pair(folder: Path, down: float, right: float) -> dict[str, str]:
    """Write a PAN of 512 x 512 px of 0.5 m with rough texture, and an MS of two bands and 2 m.

    The georeference of MS is shifted by so many m down and right.
    """
    import numpy as np
    from osgeo import gdal

    rough = np.random.default_rng(4).normal(0, 1, (512, 512))
    for step in (1, 2, 4):
        rough += np.roll(rough, step, 0) + np.roll(rough, step, 1)
    fine = 1000 + 100 * rough / rough.std()
    coarse = fine.reshape(128, 4, 128, 4).mean(axis=(1, 3))
    corner = (500000.0 + right, 5000000.0 - down)
    pan = write_raster(folder / "pan.tif", 1, (512, 512), 0.5)
    ms = write_raster(folder / "ms.tif", 2, (128, 128), 2.0, origin=corner)
    for path, image in ((pan, [fine]), (ms, [coarse, 0.5 * coarse + 300])):
        data = gdal.Open(str(path), gdal.GA_Update)
        for number, band in enumerate(image, start=1):
            data.GetRasterBand(number).WriteArray(band.round())
        data.FlushCache()
    return {"PAN": str(pan), "MS": str(ms)}


def write_model(path: Path, **card: object) -> Path:
    """Write a model as far as the plugin reads it: a header with a card, and empty graphs."""
    known = json.loads((ROOT / "resources" / "modelfile.json").read_text())
    whole = {"name": path.stem, "method": "ksdiff", "format": known["format"], "bands": None}
    whole |= {"ratios": [2.0, 4.0], **card}
    header = json.dumps({"__metadata__": {"card": json.dumps(whole)}}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    for role in known["graphs"].get(whole["method"], ()):
        path.with_name(f"{path.stem}.{role}.onnx").touch()
    return path


def qgis_process() -> str | None:
    """Path of qgis_process; not the wrapper that some distributions ship, which fails."""
    return shutil.which("qgis_process.bin") or shutil.which("qgis_process")


def bare_environment(home: Path, plugins: Path) -> dict[str, str]:
    """Environment of a `qgis_process` that finds the plugin, with its own settings in `home`."""
    (home / "run").mkdir(mode=0o700)
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(home / "profile"),
        "QGIS_PLUGINPATH": str(plugins),
    }


def run_session(name: str, home: Path, data: object, *, patience_s: float, **variables: str):
    """Run a script of `sessions/` in a real QGIS; returns its report.

    Parameters
    ----------
    home : folder for settings, profile and temporary files.
    data : input of the script, as JSON.
    """
    input_file, report_file = home / "input.json", home / "report.json"
    input_file.write_text(json.dumps(data), encoding="utf-8")
    variables |= {
        "SESSION_FOLDER": str(SESSIONS),
        "SESSION_INPUT": str(input_file),
        "SESSION_REPORT": str(report_file),
        "KSDIFF_QGIS_HOME": str(home / "ksdiff"),
    }
    done = desktop.run(SESSIONS / name, home, variables, patience_s=patience_s)
    assert report_file.is_file(), done.stdout[-2000:] + done.stderr[-4000:]
    report = json.loads(report_file.read_text(encoding="utf-8"))
    assert "error" not in report, report["error"]
    return report
