# SPDX-License-Identifier: GPL-2.0-or-later
"""The parameters of a pansharpening algorithm: a published interface, names never change."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .. import compat, paths
from .base import tr

PAN, PAN_BAND = "PAN", "PAN_BAND"
MS, MS_BANDS = "MS", "MS_BANDS"
MODEL, MODEL_FILE = "MODEL", "MODEL_FILE"
DEVICE = "DEVICE"
EXTENT = "EXTENT"
OUTPUT_TYPE = "OUTPUT_TYPE"
NODATA = "NODATA"
CREATION_OPTIONS, COG = "CREATION_OPTIONS", "COG"
TILE = "TILE"
SEED = "SEED"
OUTPUT = "OUTPUT"
RATIO, TILES, SECONDS = "RATIO", "TILES", "SECONDS"
DEVICE_USED, MODEL_USED = "DEVICE_USED", "MODEL_USED"

MODEL_AUTO, MODEL_CUSTOM = "auto", "custom"
DEVICES = ("auto", "cpu", "cuda")
TYPE_OF_INPUT = "input"
OUTPUT_TYPES = (TYPE_OF_INPUT, "uint8", "uint16", "int16", "float32")
TILE_RANGE = (64, 8192)  # PAN px
OUTPUT_NAME = "Pansharpened"

_DOUBLE = QgsProcessingParameterNumber.Type.Double
_INTEGER = QgsProcessingParameterNumber.Type.Integer
_FILE = QgsProcessingParameterFile.Behavior.File


def inputs() -> list[QgsProcessingParameterDefinition]:
    """The two rasters and their bands."""
    return [
        _with_help(
            QgsProcessingParameterRasterLayer(PAN, tr("Panchromatic (PAN)")),
            tr("The finer, single-band image. The result lies exactly on its pixel grid."),
        ),
        _advanced(
            QgsProcessingParameterBand(
                PAN_BAND, tr("Band of PAN"), parentLayerParameterName=PAN, optional=True
            ),
            tr("Which band is panchromatic; needed only where PAN has several."),
        ),
        _with_help(
            QgsProcessingParameterRasterLayer(MS, tr("Multispectral (MS)")),
            tr("The coarser image with the colours; it must overlap PAN."),
        ),
        _with_help(
            QgsProcessingParameterBand(
                MS_BANDS,
                tr("Bands of MS (none chosen: all)"),
                parentLayerParameterName=MS,
                optional=True,
                allowMultiple=True,
            ),
            tr("Bands to sharpen, in the order of the result. None chosen: all but alpha."),
        ),
    ]


def method(name: str) -> list[QgsProcessingParameterDefinition]:
    """Model, device and the two numbers that steer a run."""
    models = [MODEL_AUTO, *paths.model_names(name), MODEL_CUSTOM]
    return [
        _with_help(
            _choice(MODEL, tr("Model"), models, MODEL_AUTO),
            tr("'auto' takes the default model of the plugin; 'custom' takes your own model file."),
        ),
        _advanced(
            QgsProcessingParameterFile(
                MODEL_FILE,
                tr("Model file (for the model 'custom')"),
                behavior=_FILE,
                optional=True,
                fileFilter=tr("Models") + " (*.safetensors)",
            ),
            tr("Weights with their card: a .safetensors file, with its ONNX graphs beside it."),
        ),
        _with_help(
            _choice(DEVICE, tr("Device"), DEVICES, DEVICES[0]),
            tr("'auto' takes a CUDA graphics card where there is one; the log says what was used."),
        ),
        _advanced(
            QgsProcessingParameterNumber(
                TILE,
                tr("Tile size (PAN pixels)"),
                type=_INTEGER,
                defaultValue=512,
                minValue=TILE_RANGE[0],
                maxValue=TILE_RANGE[1],
            ),
            tr("Smaller tiles need less memory. The result does not depend on it."),
        ),
        _with_help(
            QgsProcessingParameterNumber(
                SEED, tr("Seed"), type=_INTEGER, defaultValue=0, minValue=0, maxValue=2**31 - 1
            ),
            tr("The same seed gives the same result."),
        ),
    ]


def output() -> list[QgsProcessingParameterDefinition]:
    """What is written, and how."""
    options = QgsProcessingParameterString(
        CREATION_OPTIONS, tr("Creation options"), defaultValue="", optional=True
    )
    options.setMetadata(compat.raster_options_widget())
    return [
        _with_help(
            QgsProcessingParameterExtent(EXTENT, tr("Extent"), optional=True),
            tr("Sharpen only this part. It grows to whole PAN pixels."),
        ),
        _with_help(
            _choice(OUTPUT_TYPE, tr("Output data type"), OUTPUT_TYPES, TYPE_OF_INPUT),
            tr("'input' keeps the type of MS. Values are rounded and clipped, never wrapped."),
        ),
        _with_help(
            QgsProcessingParameterNumber(NODATA, tr("No data value"), type=_DOUBLE, optional=True),
            tr("Only where the files do not tell theirs."),
        ),
        _with_help(
            options,
            tr("GDAL creation options as NAME=VALUE, separated by |; they win over the defaults."),
        ),
        _advanced(
            QgsProcessingParameterBoolean(COG, tr("Cloud optimized GeoTIFF"), defaultValue=False),
            tr("Writes overviews and the layout for reading over a network."),
        ),
        _with_help(
            QgsProcessingParameterRasterDestination(OUTPUT, tr(OUTPUT_NAME)),
            tr("A GeoTIFF on PAN's grid with the bands of MS."),
        ),
    ]


def results() -> list[Any]:
    """Numbers and words of a run, for use in models."""
    return [
        QgsProcessingOutputNumber(RATIO, tr("Ratio of the pixel sizes")),
        QgsProcessingOutputNumber(TILES, tr("Number of tiles")),
        QgsProcessingOutputNumber(SECONDS, tr("Seconds taken")),
        QgsProcessingOutputString(DEVICE_USED, tr("Device used")),
        QgsProcessingOutputString(MODEL_USED, tr("Model used")),
    ]


def _with_help(
    parameter: QgsProcessingParameterDefinition, text: str
) -> QgsProcessingParameterDefinition:
    parameter.setHelp(text)
    return parameter


def _advanced(
    parameter: QgsProcessingParameterDefinition, text: str
) -> QgsProcessingParameterDefinition:
    flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    parameter.setFlags(parameter.flags() | flag)
    return _with_help(parameter, text)


def _choice(name: str, text: str, options: Any, default: str) -> QgsProcessingParameterEnum:
    """A choice by word: words stay the same in models and scripts when the list grows."""
    return QgsProcessingParameterEnum(
        name, text, options=list(options), defaultValue=default, usesStaticStrings=True
    )
