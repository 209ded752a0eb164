# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:trainingset`: pairs of layers, or a folder of pairs, to one file to train on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from ..gui.partner import Candidate, score
from ..language import tr
from ..runtime.errors import RunError
from . import checks, sources
from . import parameters as p
from .base import TRAINING
from .worker import WorkerAlgorithm

PANS, MSS, FOLDER = "PANS", "MSS", "FOLDER"
HELD_OUT, GENERATED = "HELD_OUT", "GENERATED"
SUFFIX = ".patches"
Paired = tuple[list[tuple[QgsRasterLayer, QgsRasterLayer]], list[str]]
_BANDS = re.compile(r"\s*([1-9]\d*(\s*,\s*[1-9]\d*)*)?\s*")


class TrainingSet(WorkerAlgorithm):
    """Prepare a training set in training's worker."""

    section = TRAINING
    task = "trainingset"
    targets: ClassVar[dict[str, str]] = {"out": p.OUTPUT}
    script = paths.TRAINER

    def __init__(self) -> None:
        super().__init__()
        self._alone: list[str] = []

    def name(self) -> str:
        return "trainingset"

    def displayName(self) -> str:
        return tr("Prepare training set")

    def shortDescription(self) -> str:
        return tr("Pairs of PAN and MS of a sensor, to one file that training reads.")

    def tags(self) -> list[str]:
        return tr("training,pansharpening,sensor,patches,model,fine-tuning,wald").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in [*_images(), *_bands(), *_shares()]:
            self.addParameter(parameter)
        numbers = {
            "PAIRS": "Pairs that can be trained on",
            "REFUSED": "Pairs left out",
            "PATCHES": "Patches to train on",
            "HELD_OUT_PATCHES": "Patches held out",
            "MADE_UP": "Made-up scenes",
            "MB": "Size of the file (MB)",
            "SECONDS": "Seconds taken",
        }
        strings = {"BANDS": "Numbers of bands", "SENSORS": "Sensors", "RECIPE": "Recipe (JSON)"}
        for output in [*p.numbers(numbers), *p.strings(strings)]:
            self.addOutput(output)

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        folder = self.parameterAsFile(parameters, FOLDER, context)
        pans, mss = self._layers(parameters, context)
        if not folder and not (pans and mss):
            return tr("Give PAN and MS layers, at least one of each, or a folder of pairs.")
        if folder and checks.scenes(folder):
            return checks.scenes(folder)
        pairs, _ = self._pairs(parameters, context)
        if pans and not pairs:
            return tr(
                "None of the MS layers fits one of the PAN layers: the two of a pair overlap, and "
                "PAN has one band and finer pixels."
            )
        self._ms_bands(parameters, context)  # or it says what is wrong
        named = sources.destination(parameters.get(p.OUTPUT))
        inputs = [sources.source(layer) for layer in (*pans, *mss)]
        return checks.output(named, tr("a training set"), (SUFFIX,), inputs) if named else ""

    def request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        pairs, self._alone = self._pairs(parameters, context)
        folder = self.parameterAsFile(parameters, FOLDER, context)
        pan_band = self.parameterAsInt(parameters, p.PAN_BAND, context)
        nodata = self.parameterAsDouble(parameters, p.NODATA, context)
        return {
            "pans": [sources.source(pan) for pan, _ in pairs],
            "mss": [sources.source(ms) for _, ms in pairs],
            "folder": sources.full_path(folder) if folder else None,
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
        for name in self._alone:
            feedback.pushWarning(tr("Left out: '{}' fits no other layer.").format(name))
        return super().work(parameters, context, feedback)

    def results(
        self, result: Mapping[str, Any], feedback: QgsProcessingFeedback
    ) -> Mapping[str, Any]:
        found = {
            "PAIRS": result.get("pairs"),
            "REFUSED": int(result.get("refused") or 0) + len(self._alone),
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
                "{PAIRS} pairs with {BANDS} bands: {PATCHES} patches to train on, "
                "{HELD_OUT_PATCHES} held out to measure on; {MADE_UP} made-up scenes; {MB} MB. "
                "Sensors: {SENSORS}. Left out: {REFUSED}."
            ).format(**found)
        )
        return found

    def _ms_bands(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[int]:
        """The chosen bands, empty for all: a text, or a list as the other algorithms take."""
        given = parameters.get(p.MS_BANDS)
        text = self.parameterAsString(parameters, p.MS_BANDS, context)
        if isinstance(given, (list, tuple)):
            text = ",".join(str(each) for each in given)
        bands = [int(number) for number in re.findall(r"\d+", text)]
        if not _BANDS.fullmatch(text) or len(set(bands)) < len(bands):
            raise RunError(tr("Write the bands of MS as numbers from 1, as in 1,2,3."))
        return bands

    def _pairs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Paired:
        """The pairs, and who is left alone.

        Raises RunError for a pair that QGIS does not have where its files say.
        """
        found = paired(*self._layers(parameters, context), p.given(parameters, p.PAN_BAND))
        misplaced = next(filter(None, map(checks.assigned, found[0])), "")
        if misplaced:
            raise RunError(misplaced)
        return found

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


def paired(
    pans: Sequence[QgsRasterLayer], mss: Sequence[QgsRasterLayer], named_band: bool = False
) -> Paired:
    """Each PAN with the MS that fits it best, none twice; and the names of those left alone.

    A PAN has one band, unless it is named which of its bands is panchromatic.
    """
    marks = []
    for i, pan in enumerate(pans):
        fine = _candidate(pan, pan)
        fine = replace(fine, bands=1) if named_band else fine
        for j, ms in enumerate(mss):
            mark = score(fine, _candidate(ms, pan))
            if mark > 0:
                marks.append((-mark, i, j))
    chosen: dict[int, int] = {}
    for _, i, j in sorted(marks):
        if i not in chosen and j not in chosen.values():
            chosen[i] = j
    alone = [pan.name() for i, pan in enumerate(pans) if i not in chosen]
    alone += [ms.name() for j, ms in enumerate(mss) if j not in chosen.values()]
    return [(pans[i], mss[j]) for i, j in sorted(chosen.items())], alone


def _candidate(layer: QgsRasterLayer, reference: QgsRasterLayer) -> Candidate:
    """What the score needs of a layer, in the CRS of another one."""
    box = checks.extent_in(layer, reference.crs())
    if box is None:  # nobody can tell where it lies: nowhere, of no size
        return Candidate(layer.id(), layer.name(), (0.0, 0.0, 0.0, 0.0), 0.0, layer.bandCount())
    corners = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
    size = checks.pixel_size(box, layer)
    return Candidate(layer.id(), layer.name(), corners, size, layer.bandCount())


def _images() -> list[p.Parameter]:
    raster = QgsProcessing.SourceType.TypeRaster
    folder = QgsProcessingParameterFile.Behavior.Folder
    return [
        p.explained(
            QgsProcessingParameterMultipleLayers(
                PANS, tr("Panchromatic (PAN) images"), raster, optional=True
            ),
            tr("The finer images, of one band each. More scenes of the sensor are better."),
        ),
        p.explained(
            QgsProcessingParameterMultipleLayers(
                MSS, tr("Multispectral (MS) images"), raster, optional=True
            ),
            tr(
                "The images with the colours, in any order: each is paired with the PAN that it "
                "overlaps and whose name is most like its own."
            ),
        ),
        p.explained(
            QgsProcessingParameterFile(
                FOLDER, tr("Or a folder of pairs"), behavior=folder, optional=True
            ),
            tr("With pairs X_pan.tif and X_ms.tif, in folders below it, too."),
        ),
        p.sensor(),
    ]


def _bands() -> list[p.Parameter]:
    """Which bands are used of every pair: no list to choose from, as there are many files."""
    bands = QgsProcessingParameterString(
        p.MS_BANDS, tr("Bands of MS, as in 1,2,3 (none: all)"), optional=True
    )
    return [
        p.advanced(
            p.number(p.PAN_BAND, tr("Band of PAN"), optional=True, minValue=1),
            tr("Which band is panchromatic; needed only where PAN has several."),
        ),
        p.advanced(
            bands,
            tr("Of every MS: numbers from 1, in the order in which the model will see them."),
        ),
        p.advanced(p.nodata()),
    ]


def _shares() -> list[p.Parameter]:
    share = QgsProcessingParameterNumber.Type.Double
    return [
        p.explained(
            QgsProcessingParameterNumber(
                HELD_OUT,
                tr("Share held out, to measure on"),
                type=share,
                defaultValue=0.2,
                minValue=0.0,
                maxValue=0.5,
            ),
            tr(
                "Ground that is not trained on: whole scenes where there are enough, else the end "
                "of every scene. The scores of the model come from there; with 0 it has none."
            ),
        ),
        p.advanced(
            QgsProcessingParameterNumber(
                GENERATED,
                tr("Share of made-up scenes"),
                type=share,
                defaultValue=0.3,
                minValue=0.0,
                maxValue=0.9,
            ),
            tr(
                "Of what is shown in training. With few scenes they keep the model from learning "
                "these by heart."
            ),
        ),
        p.explained(
            QgsProcessingParameterFileDestination(
                p.OUTPUT, tr("Training set"), tr("Training sets") + f" (*{SUFFIX})"
            ),
            tr("One file with all pixels, and its recipe (.patches.json) beside it."),
        ),
    ]
