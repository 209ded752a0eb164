# SPDX-License-Identifier: GPL-2.0-or-later
"""Loading, unloading, and what the plugin says of itself."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys

import processing
import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import QgsApplication
from qgis_helpers import ROOT

import ksdiff_qgis
from ksdiff_qgis.algorithms.worker import WorkerAlgorithm
from ksdiff_qgis.gui.style import OutputStyle


def traces(iface):
    """Everything the plugin can leave in QGIS."""
    registry = QgsApplication.processingRegistry()
    return {
        "providers": sorted(p.id() for p in registry.providers()),
        "settings": sorted(ProcessingConfig.settings),
        "icons": sorted(ProcessingConfig.settingIcons),
        "actions": len(iface.custom_actions),
        "menu": [action.text() for action in iface.rasterMenu().actions()],
        "toolbar": len(iface.pluginToolBar().actions()),
        "messages": len(iface.messageBar().items()),
        "announcer": WorkerAlgorithm.announce,
        "styles": len(OutputStyle._alive),
    }


def test_unload_leaves_nothing(iface, qgis_processing, layers_without_plugin, use_worker, tmp_path):
    before = traces(iface)
    assert "ksdiff" not in before["providers"]
    for _ in range(2):  # and it can be loaded again
        plugin = ksdiff_qgis.classFactory(iface)
        plugin.initGui()
        use_worker("gdal_worker")
        pan, ms = layers_without_plugin
        output = str(tmp_path / "result.tif")
        processing.runAndLoadResults("ksdiff:ksdiff", {"PAN": pan, "MS": ms, "OUTPUT": output})
        during = traces(iface)
        assert "ksdiff" in during["providers"]
        shown = [during[what] for what in ("actions", "styles", "menu", "toolbar", "messages")]
        assert shown == [1, 1, ["KSDiff"], 1, 1]
        plugin.unload()
        assert traces(iface) == before


@pytest.fixture
def layers_without_plugin(pair):
    return tuple(map(str, pair))


def test_qgis_process_needs_no_windows(qgis_processing):
    plugin = ksdiff_qgis.classFactory(None)
    plugin.initProcessing()
    assert QgsApplication.processingRegistry().providerById("ksdiff") is not None
    plugin.unload()
    assert QgsApplication.processingRegistry().providerById("ksdiff") is None


def test_unload_after_qgis_has_deleted_the_provider(iface, qgis_processing):
    plugin = ksdiff_qgis.classFactory(iface)
    plugin.initGui()
    QgsApplication.processingRegistry().removeProvider("ksdiff")
    plugin.unload()
    assert iface.custom_actions == []


def test_nothing_of_the_worker_is_loaded_into_qgis(plugin):
    ours = {name.split(".")[0] for name in sys.modules}
    assert not ours & {"core", "training", "torch", "onnxruntime", "rasterio"}


@pytest.fixture(scope="module")
def metadata():
    parser = configparser.ConfigParser()
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_metadata_has_what_the_plugin_store_wants(metadata):
    for key in ("name", "description", "about", "author", "email", "tracker", "repository"):
        assert metadata[key].strip()
    assert "plugin" not in metadata["name"].lower()
    assert "/" not in metadata["author"]
    assert metadata["qgisMinimumVersion"] == "3.22"
    assert metadata["qgisMaximumVersion"] == "4.99"
    assert metadata.getboolean("hasProcessingProvider")
    assert "onnxruntime" in metadata["about"]  # what it needs from outside is said
    assert (ROOT / metadata["icon"]).is_file()


def test_versions_agree(metadata):
    said = re.search(r'__version__ = "([^"]+)"', (ROOT / "core" / "__init__.py").read_text())
    assert said is not None
    assert metadata["version"] == said.group(1)


@pytest.mark.parametrize("installed", [True, False])
def test_parts_are_found_in_a_checkout_and_installed(tmp_path, installed):
    """Installed, core/ and resources/ lie inside the plugin's folder; else beside it."""
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
        "print(paths.ROOT, paths.protocol_version(), paths.model_names('ksdiff'))"
    )
    command = [sys.executable, "-I", "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.strip() == f"{root} 5 []"
