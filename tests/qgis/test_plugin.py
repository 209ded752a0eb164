# SPDX-License-Identifier: GPL-2.0-or-later
"""Loading and unloading the plugin, and where it finds its parts."""

from __future__ import annotations

import subprocess
import sys

import processing
import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import QgsApplication
from qgis_helpers import ROOT

import ksdiff_qgis
from ksdiff_qgis.algorithms.train import TrainAlgorithm
from ksdiff_qgis.algorithms.worker_algorithm import WorkerAlgorithm
from ksdiff_qgis.layers.result import ResultLayer


def traces(iface):
    """Everything that the plugin can leave in QGIS."""
    registry = QgsApplication.processingRegistry()
    return {
        "providers": sorted(p.id() for p in registry.providers()),
        "settings": sorted(ProcessingConfig.settings),
        "icons": sorted(ProcessingConfig.settingIcons),
        "actions": len(iface.custom_actions),
        "menu": len(iface.rasterMenu().actions()),
        "toolbar": len(iface.pluginToolBar().actions()),
        "messages": len(iface.messageBar().items()),
        "hooks": [WorkerAlgorithm.announce, TrainAlgorithm.open_monitor].count(None),
        "post-processors": len(ResultLayer.kept),
    }


def test_unload_leaves_nothing(iface, qgis_processing, files, use_worker, tmp_path):
    before = traces(iface)
    for _ in range(2):  # it can be loaded again
        plugin = ksdiff_qgis.classFactory(iface)
        plugin.initGui()
        use_worker()
        output = str(tmp_path / "result.tif")
        processing.runAndLoadResults("ksdiff:ksdiff", {**files, "OUTPUT": output})
        during = traces(iface)
        assert not [name for name in before if during[name] == before[name]]
        plugin.unload()
        assert traces(iface) == before


@pytest.mark.parametrize("installed", [True, False])
def test_parts_are_found_in_a_checkout_and_installed(tmp_path, installed):
    """Installed, core/ and resources/ are inside the plugin's folder; in a checkout beside it."""
    plugin = tmp_path / "ksdiff_qgis"
    plugin.mkdir()
    for name in ("__init__.py", "paths.py"):
        (plugin / name).write_bytes((ROOT / "ksdiff_qgis" / name).read_bytes())
    root = plugin if installed else tmp_path
    (root / "core").mkdir()
    (root / "resources").mkdir()
    (root / "resources" / "protocol.json").write_text('{"protocol": 5}')
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from ksdiff_qgis import paths;"
        "print(paths.ROOT, paths.protocol_version(), paths.sensor_names())"
    )
    command = [sys.executable, "-I", "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == f"{root} 5 []"
