# SPDX-License-Identifier: GPL-2.0-or-later
"""The Processing provider `ksdiff`."""

from __future__ import annotations

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from . import paths
from .algorithms.align import AlignAlgorithm
from .algorithms.bench import BenchAlgorithm
from .algorithms.classical import ClassicalAlgorithm
from .algorithms.folder import FolderAlgorithm
from .algorithms.ksdiff import KSDiffAlgorithm
from .algorithms.models import ModelsAlgorithm
from .algorithms.quality import QualityAlgorithm
from .algorithms.runtime import RuntimeAlgorithm
from .algorithms.simulate import SimulateAlgorithm
from .algorithms.srino import SRINOAlgorithm
from .algorithms.train import TrainAlgorithm
from .algorithms.trainingset import TrainingSetAlgorithm
from .algorithms.workflow import AlignSharpenAssess
from .language import tr
from .runtime.environments import PYTHON_VARIABLE, SCHEDULER_SETTING

ID = "ksdiff"
NAME = "KSDiff"
# In the order of the toolbox; the model comes last, since its steps must be registered before.
ALGORITHMS = (
    KSDiffAlgorithm,
    SRINOAlgorithm,
    ClassicalAlgorithm,
    FolderAlgorithm,
    AlignAlgorithm,
    QualityAlgorithm,
    SimulateAlgorithm,
    BenchAlgorithm,
    TrainingSetAlgorithm,
    TrainAlgorithm,
    ModelsAlgorithm,
    RuntimeAlgorithm,
    AlignSharpenAssess,
)


class Provider(QgsProcessingProvider):
    """The algorithms of the plugin and its settings in the Processing options."""

    def id(self) -> str:
        return ID

    def name(self) -> str:
        return NAME

    def longName(self) -> str:
        return tr("KSDiff pansharpening")

    def icon(self) -> QIcon:
        return QIcon(paths.icon("ksdiff"))

    def svgIconPath(self) -> str:
        return paths.icon("ksdiff")

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        return ["tif"]

    def supportsNonFileBasedOutput(self) -> bool:
        return False

    def load(self) -> bool:
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        ProcessingConfig.addSetting(
            Setting(
                self.name(),
                PYTHON_VARIABLE,
                tr("Worker's Python interpreter"),
                "",
                valuetype=Setting.FILE,
                placeholder=tr("Leave blank for the environment made by the plugin"),
            )
        )
        ProcessingConfig.addSetting(
            Setting(
                self.name(),
                SCHEDULER_SETTING,
                tr("Dask scheduler for folders of pairs"),
                "",
                placeholder=tr("Leave blank to sharpen them on this machine"),
            )
        )
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        for name in (PYTHON_VARIABLE, SCHEDULER_SETTING):
            if name in ProcessingConfig.settings:
                ProcessingConfig.removeSetting(name)
        ProcessingConfig.settingIcons.pop(self.name(), None)

    def loadAlgorithms(self) -> None:
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
