# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:trainingset`: make a training file of pairs of layers, or of a folder of pairs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from .. import paths
from ..language import tr
from ..layers.geometry import crs_problem
from ..layers.pairing import match_pairs
from ..layers.sources import full_path, source
from ..runtime.errors import RunError
from . import files
from . import parameters as p
from .worker_algorithm import TRAINING, WorkerAlgorithm

PANS, MSS, FOLDER = "PANS", "MSS", "FOLDER"
HELD_OUT, GENERATED = "HELD_OUT", "GENERATED"
SUFFIX = ".patches"
_BAND_LIST = re.compile(r"\s*([1-9]\d*(\s*,\s*[1-9]\d*)*)?\s*")


class TrainingSetAlgorithm(WorkerAlgorithm):
    """Prepare a training set in the training worker."""

    toolbox_group = TRAINING
    task = "trainingset"
    destinations: ClassVar[dict[str, str]] = {"out": p.OUTPUT}
    worker_script = paths.TRAINER

    def __init__(self) -> None:
        super().__init__()
        self._unpaired: list[str] = []

    def name(self) -> str:
        return "trainingset"

    def displayName(self) -> str:
        return tr("Prepare training set")

    def shortDescription(self) -> str:
        return tr("Makes one training file of PAN and MS pairs of a sensor.")

    def tags(self) -> list[str]:
        return tr("training,pansharpening,sensor,patches,model,fine-tuning,wald").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in [*_image_parameters(), *_band_parameters(), *_share_parameters()]:
            self.addParameter(parameter)
        numbers = {
            "PAIRS": "Pairs used",
            "REFUSED": "Pairs left out",
            "PATCHES": "Training patches",
            "HELD_OUT_PATCHES": "Validation patches",
            "MADE_UP": "Synthetic scenes",
            "MB": "File size (MB)",
            "SECONDS": "Run time (s)",
        }
        strings = {"BANDS": "Band counts", "SENSORS": "Sensors", "RECIPE": "Recipe (JSON)"}
        for output in [*p.numbers(numbers), *p.strings(strings)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        folder = self.parameterAsFile(parameters, FOLDER, context)
        pans, mss = self._layers(parameters, context)
        if not folder and not (pans and mss):
            return tr("Give PAN and MS layers, at least one of each, or a folder of pairs.")
        if folder and files.scenes_problem(folder):
            return files.scenes_problem(folder)
        pairs, _ = self._pairs(parameters, context)
        if pans and not pairs:
            return tr(
                "No MS layer matches a PAN layer: they must overlap, and PAN must have one band "
                "and finer pixels."
            )
        self._ms_bands(parameters, context)  # raises RunError if wrong
        path = files.destination_path(parameters.get(p.OUTPUT))
        inputs = [source(layer) for layer in (*pans, *mss)]
        return files.output_problem(path, (SUFFIX,), inputs) if path else ""

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        pairs, self._unpaired = self._pairs(parameters, context)
        folder = self.parameterAsFile(parameters, FOLDER, context)
        pan_band = self.parameterAsInt(parameters, p.PAN_BAND, context)
        nodata = self.parameterAsDouble(parameters, p.NODATA, context)
        return {
            "pans": [source(pan) for pan, _ in pairs],
            "mss": [source(ms) for _, ms in pairs],
            "folder": full_path(folder) if folder else None,
            "sensor": self.parameterAsString(parameters, p.SENSOR, context),
            "pan_band": pan_band if p.given(parameters, p.PAN_BAND) else None,
            "ms_bands": self._ms_bands(parameters, context) or None,
            "nodata": nodata if p.given(parameters, p.NODATA) else None,
            "held_out": self.parameterAsDouble(parameters, HELD_OUT, context),
            "generated": self.parameterAsDouble(parameters, GENERATED, context),
        }

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        for name in self._unpaired:
            feedback.pushWarning(tr("'{}' is left out: no other layer matches it.").format(name))
        return super().work(parameters, context, feedback)

    def outputs(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        values = {
            "PAIRS": result.get("pairs"),
            "REFUSED": int(result.get("refused") or 0) + len(self._unpaired),
            "PATCHES": result.get("patches"),
            "HELD_OUT_PATCHES": result.get("held_out"),
            "MADE_UP": result.get("made_up"),
            "MB": result.get("mb"),
            "SECONDS": result.get("seconds"),
            "BANDS": ", ".join(str(count) for count in result.get("bands") or ()),
            "SENSORS": ", ".join(result.get("sensors") or ()) or tr("unknown"),
            "RECIPE": result.get("recipe"),
        }
        feedback.pushInfo(
            tr(
                "{PAIRS} pairs with {BANDS} bands: {PATCHES} training patches, {HELD_OUT_PATCHES} "
                "validation patches, {MADE_UP} synthetic scenes; {MB} MB. Sensors: {SENSORS}. "
                "Pairs left out: {REFUSED}."
            ).format(**values)
        )
        return values

    def _ms_bands(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[int]:
        """Return the chosen bands, empty for all; given as text, or as a list."""
        given = parameters.get(p.MS_BANDS)
        text = self.parameterAsString(parameters, p.MS_BANDS, context)
        if isinstance(given, (list, tuple)):
            text = ",".join(str(each) for each in given)
        bands = [int(number) for number in re.findall(r"\d+", text)]
        if not _BAND_LIST.fullmatch(text) or len(set(bands)) < len(bands):
            raise RunError(tr("Give the bands of MS as numbers from 1, e.g. 1,2,3."))
        return bands

    def _pairs(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[list[tuple[QgsRasterLayer, QgsRasterLayer]], list[str]]:
        """Return the pairs, and the names of the layers without a partner.

        Raises RunError if QGIS shows a layer in another CRS than its file has.
        """
        pans, mss = self._layers(parameters, context)
        pairs, unpaired = match_pairs(pans, mss, p.given(parameters, p.PAN_BAND))
        problem = next(filter(None, map(crs_problem, pairs)), "")
        if problem:
            raise RunError(problem)
        return pairs, unpaired

    def _layers(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[list[QgsRasterLayer], list[QgsRasterLayer]]:
        pans, mss = (
            [layer for layer in listed if isinstance(layer, QgsRasterLayer)]
            for listed in (
                self.parameterAsLayerList(parameters, PANS, context),
                self.parameterAsLayerList(parameters, MSS, context),
            )
        )
        return pans, mss


def _image_parameters() -> list[p.Parameter]:
    raster = QgsProcessing.SourceType.TypeRaster
    folder = QgsProcessingParameterFile.Behavior.Folder
    return [
        p.explained(
            QgsProcessingParameterMultipleLayers(
                PANS, tr("Panchromatic (PAN) images"), raster, optional=True
            ),
            tr("The finer, single-band images. More scenes of the sensor are better."),
        ),
        p.explained(
            QgsProcessingParameterMultipleLayers(
                MSS, tr("Multispectral (MS) images"), raster, optional=True
            ),
            tr(
                "The coarser images with the spectral bands, in any order: each is matched with "
                "the PAN that it overlaps and whose name is most similar."
            ),
        ),
        p.explained(
            QgsProcessingParameterFile(
                FOLDER, tr("Or a folder of pairs"), behavior=folder, optional=True
            ),
            tr("Folder with pairs X_pan.tif and X_ms.tif, also in subfolders."),
        ),
        p.sensor(),
    ]


def _band_parameters() -> list[p.Parameter]:
    """Return the bands of every pair, given as text since there are many files."""
    bands = QgsProcessingParameterString(p.MS_BANDS, tr("Bands of MS, e.g. 1,2,3"), optional=True)
    return [
        p.advanced(
            p.number(p.PAN_BAND, tr("Band of PAN"), optional=True, minValue=1),
            tr("Which band is panchromatic; needed only if PAN has several."),
        ),
        p.advanced(
            bands,
            tr("Bands of every MS, numbered from 1, in the order of the model; all by default."),
        ),
        p.advanced(p.nodata()),
    ]


def _share_parameters() -> list[p.Parameter]:
    share = QgsProcessingParameterNumber.Type.Double
    return [
        p.explained(
            QgsProcessingParameterNumber(
                HELD_OUT,
                tr("Validation share"),
                type=share,
                defaultValue=0.2,
                minValue=0.0,
                maxValue=0.5,
            ),
            tr(
                "Share of the ground that is held out from training: whole scenes if there are "
                "enough, otherwise the end of each scene. The scores of the model are measured "
                "there; with 0 it has none."
            ),
        ),
        p.advanced(
            QgsProcessingParameterNumber(
                GENERATED,
                tr("Share of synthetic scenes"),
                type=share,
                defaultValue=0.3,
                minValue=0.0,
                maxValue=0.9,
            ),
            tr(
                "Share of the training samples. Synthetic scenes reduce overfitting to few real "
                "scenes."
            ),
        ),
        p.explained(
            QgsProcessingParameterFileDestination(
                p.OUTPUT, tr("Training set"), tr("Training sets") + f" (*{SUFFIX})"
            ),
            tr("One file with all pixels, and its recipe (.patches.json) next to it."),
        ),
    ]
