# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:trainingset`: make a training file of pairs of layers, or of a folder of pairs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsRasterLayer,
)

from .. import paths
from ..language import tr
from ..layers.geometry import crs_problem
from ..layers.pairing import match_pairs
from ..layers.sources import source
from ..runtime.errors import RunError
from ..runtime.worker_translation import in_users_words
from . import files, reading
from . import parameters as p
from .toolbox_entry import TRAINING
from .values import Values
from .worker_algorithm import Outputs, Result, WorkerAlgorithm

PANS, MSS, FOLDER = "PANS", "MSS", "FOLDER"
HELD_OUT, GENERATED = "HELD_OUT", "GENERATED"
SUFFIX = ".patches"
_BAND_LIST = re.compile(r"\s*([1-9]\d*(\s*,\s*[1-9]\d*)*)?\s*")


class TrainingSetAlgorithm(WorkerAlgorithm):
    """Prepare a training set in the training worker."""

    key = "trainingset"
    title = "Prepare training set"
    summary = "Makes one training file of PAN and MS pairs of a sensor."
    keywords = "training,pansharpening,sensor,patches,model,fine-tuning,wald"
    toolbox_group = TRAINING
    task = "trainingset"
    destinations: ClassVar[dict[str, str]] = {"out": p.OUTPUT}
    worker_script = paths.TRAINER
    numbers: ClassVar[Outputs] = {
        "PAIRS": ("pairs", "Pairs used"),
        "REFUSED": ("", "Pairs left out"),
        "PATCHES": ("patches", "Training patches"),
        "HELD_OUT_PATCHES": ("held_out", "Validation patches"),
        "MADE_UP": ("made_up", "Synthetic scenes"),
        "MB": ("mb", "File size (MB)"),
        "SECONDS": ("seconds", "Run time (s)"),
    }
    texts: ClassVar[Outputs] = {
        "BANDS": ("", "Band counts"),
        "SENSORS": ("", "Sensors"),
        "RECIPE": ("recipe", "Recipe (JSON)"),
        "MAP": ("map", "Picture of the ground: what is trained on, held out, left out"),
        "GROUND": ("", "Shares of the ground, as a sentence"),
        "LEFT_OUT": ("", "Pairs left out, and why"),
    }

    def __init__(self) -> None:
        super().__init__()
        self._unpaired: list[str] = []

    def parameters(self) -> list[p.Parameter]:
        return [*_image_parameters(), *_band_parameters(), *_share_parameters()]

    def problem(self, values: Values) -> str:
        folder = values.file(FOLDER)
        pans, mss = values.layers(PANS), values.layers(MSS)
        if not folder and not (pans and mss):
            return tr("Give PAN and MS layers, at least one of each, or a folder of pairs.")
        if folder and files.scenes_problem(folder):
            return files.scenes_problem(folder)
        pairs, _ = _pairs(values)
        if pans and not pairs:
            return tr(
                "No MS layer matches a PAN layer: they must overlap, and PAN must have one band "
                "and finer pixels."
            )
        _ms_bands(values)  # raises RunError if wrong
        path = values.destination(p.OUTPUT)
        inputs = [source(layer) for layer in (*pans, *mss)]
        return files.output_problem(path, (SUFFIX,), inputs) if path else ""

    def request(self, values: Values) -> dict[str, Any]:
        pairs, self._unpaired = _pairs(values)
        sources = [self.sources(pair, values) for pair in pairs]
        return {
            "pans": [pan for pan, _ in sources],
            "mss": [ms for _, ms in sources],
            "folder": values.full_path(FOLDER),
            "sensor": values.text(p.SENSOR),
            "pan_band": values.integer_or_none(p.PAN_BAND),
            "ms_bands": _ms_bands(values) or None,
            "nodata": values.decimal_or_none(p.NODATA),
            "held_out": values.decimal(HELD_OUT),
            "generated": values.decimal(GENERATED),
        }

    def work(self, values: Values, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        for name in self._unpaired:
            feedback.pushWarning(_lonely(name))
        return super().work(values, feedback)

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        found = {
            **super().outputs(result, feedback),
            "REFUSED": int(result.get("refused") or 0) + len(self._unpaired),
            "BANDS": ", ".join(str(count) for count in result.get("bands") or ()),
            "SENSORS": ", ".join(result.get("sensors") or ()) or tr("unknown"),
            "GROUND": _ground(result.get("shares") or {}),
            "LEFT_OUT": "\n".join(
                [*map(_lonely, self._unpaired), *map(in_users_words, result.get("reasons") or ())]
            ),
        }
        feedback.pushInfo(
            tr(
                "Pairs: {PAIRS}, bands: {BANDS}. Patches to train on: {PATCHES}, held out: "
                "{HELD_OUT_PATCHES}, synthetic scenes: {MADE_UP}; {MB} MB. Sensors: {SENSORS}. "
                "Pairs left out: {REFUSED}."
            ).format(**found)
        )
        self.outcome = found["GROUND"]
        feedback.pushInfo(self.outcome)
        return found


def _lonely(name: str) -> str:
    return tr("'{}' is left out: no other layer matches it.").format(name)


def _ground(shares: Mapping[str, float]) -> str:
    """Return what becomes of the ground, as a sentence; empty if it is not known."""
    if not shares:
        return ""
    return tr(
        "Of the ground, {trained:.0%} is used for training and {held_out:.0%} is held out for "
        "validation. Left out are {no_data:.0%} without data or next to missing data, and "
        "{between:.0%} between the two."
    ).format(**shares)


def _ms_bands(values: Values) -> list[int]:
    """Return the chosen bands, empty for all; given as text, or as a list."""
    given = values.parameters.get(p.MS_BANDS)
    text = values.text(p.MS_BANDS)
    if isinstance(given, (list, tuple)):
        text = ",".join(str(each) for each in given)
    bands = [int(number) for number in re.findall(r"\d+", text)]
    if not _BAND_LIST.fullmatch(text) or len(set(bands)) < len(bands):
        raise RunError(tr("Give the bands of MS as numbers from 1, e.g. 1,2,3."))
    return bands


def _pairs(values: Values) -> tuple[list[tuple[QgsRasterLayer, QgsRasterLayer]], list[str]]:
    """Return the pairs, and the names of the layers without a partner.

    Raises RunError if the CRS in which QGIS shows a layer cannot be passed to the worker.
    """
    pairs, unpaired = match_pairs(values.layers(PANS), values.layers(MSS), values.given(p.PAN_BAND))
    problem = next(filter(None, map(crs_problem, pairs)), "")
    if problem:
        raise RunError(problem)
    return pairs, unpaired


def _image_parameters() -> list[p.Parameter]:
    rasters = {"layerType": QgsProcessing.SourceType.TypeRaster, "optional": True}
    return [
        p.create(
            QgsProcessingParameterMultipleLayers,
            PANS,
            "Panchromatic (PAN) images",
            "The finer, single-band images. More scenes of the sensor are better.",
            **rasters,
        ),
        p.create(
            QgsProcessingParameterMultipleLayers,
            MSS,
            "Multispectral (MS) images",
            "The coarser images with the spectral bands, in any order: each is matched with "
            "the PAN that it overlaps and whose name is most similar.",
            **rasters,
        ),
        p.folder(
            FOLDER,
            "Or a folder of pairs",
            "Searched including subfolders. PAN and MS are matched as by 'Pansharpen a folder'.",
            optional=True,
        ),
        p.sensor(),
    ]


def _band_parameters() -> list[p.Parameter]:
    """Return the bands of every pair, given as text since there are many files."""
    pan_text = "Which band is panchromatic; needed only if PAN has several."
    ms_text = "Bands of every MS, numbered from 1, in the order of the model; all by default."
    return [
        p.number(p.PAN_BAND, "Band of PAN", pan_text, limits=(1, p.NO_LIMIT), advanced=True),
        p.string(p.MS_BANDS, "Bands of MS, e.g. 1,2,3", ms_text, advanced=True),
        reading.nodata(),
    ]


def _share_parameters() -> list[p.Parameter]:
    return [
        p.number(
            HELD_OUT,
            "Validation share",
            "Share of the ground that is held out from training: whole scenes if there are "
            "enough, otherwise the end of each scene. The scores of the model are measured "
            "there; with 0 it has none.",
            0.2,
            (0.0, 0.5),
        ),
        p.number(
            GENERATED,
            "Share of synthetic scenes",
            "Share of the training samples. Synthetic scenes reduce overfitting to few "
            "real scenes.",
            0.3,
            (0.0, 0.9),
            advanced=True,
        ),
        p.create(
            QgsProcessingParameterFileDestination,
            p.OUTPUT,
            "Training set",
            "One file with all pixels, and its recipe (.patches.json) next to it.",
            fileFilter=tr("Training sets") + f" (*{SUFFIX})",
        ),
    ]
