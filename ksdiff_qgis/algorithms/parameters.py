# SPDX-License-Identifier: GPL-2.0-or-later
"""The parameters that algorithms share: a published interface, names never change."""

from __future__ import annotations

from collections.abc import Sequence
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
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .. import compat, models, paths
from ..language import tr

PAN, PAN_BAND = "PAN", "PAN_BAND"
MS, MS_BANDS = "MS", "MS_BANDS"
METHOD, SCENE_TEST = "METHOD", "SCENE_TEST"
ADAPT = "ADAPT"
ALIGN = "ALIGN"
MODEL, MODEL_FILE = "MODEL", "MODEL_FILE"
DEVICE = "DEVICE"
TILE = "TILE"
SEED = "SEED"
SENSOR = "SENSOR"
EXTENT = "EXTENT"
OUTPUT_TYPE = "OUTPUT_TYPE"
NODATA = "NODATA"
CREATION_OPTIONS, COG = "CREATION_OPTIONS", "COG"
OUTPUT, TEST_REPORT = "OUTPUT", "TEST_REPORT"

AUTO = "auto"
KSDIFF, SRINO = "ksdiff", "srino"
CLASSICAL_ONLY = "classical"  # the worker's "auto" without a network
MODEL_CUSTOM = "custom"
DEVICES = (AUTO, "cpu", "cuda")
TYPE_OF_INPUT = "input"
OUTPUT_TYPES = (TYPE_OF_INPUT, "uint8", "uint16", "int16", "float32")
TILE_RANGE = (64, 8192)  # PAN px
OUTPUT_NAME = "Pansharpened"
# The methods with a network, and how people write them; the adapted ones learn on the scene.
LEARNED = {
    "ksdiff": "KSDiff",
    "ksdiff-adapted": "Adapted KSDiff",
    "srino": "SRINO",
    "srino-adapted": "Adapted SRINO",
}
# The methods without a network; "exp" is MS interpolated.
CLASSICAL = {
    "brovey": "Brovey",
    "gsa": "GSA",
    "bt-h": "BT-H",
    "mtf-glp-fs": "MTF-GLP-FS",
    "bdsd-pc": "BDSD-PC",
    "exp": "interpolated",
}

_FILE = QgsProcessingParameterFile.Behavior.File
_PAGE = "HTML (*.html)"

Parameter = QgsProcessingParameterDefinition


def inputs() -> list[Parameter]:
    """The two rasters and their bands."""
    return [
        explained(
            QgsProcessingParameterRasterLayer(PAN, tr("Panchromatic (PAN)")),
            tr("The finer, single-band image. The result lies exactly on its pixel grid."),
        ),
        advanced(
            QgsProcessingParameterBand(
                PAN_BAND, tr("Band of PAN"), parentLayerParameterName=PAN, optional=True
            ),
            tr("Which band is panchromatic; needed only where PAN has several."),
        ),
        explained(
            QgsProcessingParameterRasterLayer(MS, tr("Multispectral (MS)")),
            tr("The coarser image with the colours; it must overlap PAN."),
        ),
        explained(
            QgsProcessingParameterBand(
                MS_BANDS,
                tr("Bands of MS (none chosen: all)"),
                parentLayerParameterName=MS,
                optional=True,
                allowMultiple=True,
            ),
            tr("Bands to work on, in the order of the result. None chosen: all but alpha."),
        ),
    ]


def align() -> Parameter:
    """Whether MS is moved onto PAN first."""
    return explained(
        QgsProcessingParameterBoolean(ALIGN, tr("Align MS to PAN first"), defaultValue=False),
        tr(
            "Measures how far MS lies from PAN, to a fraction of a pixel, and takes that out; the "
            "log says how far it was. Where it is not ticked, a shift of more than one PAN pixel "
            "is warned of. 'Align multispectral to PAN' measures without sharpening; to assess an "
            "aligned result, give the MS that it writes: on the original it would look displaced."
        ),
    )


def network(method: str) -> list[Parameter]:
    """Which network, and where it runs."""
    names = [model.name for model in models.fitting(method)]
    said = tr(
        "'auto' takes the default model of the plugin; 'custom' takes a model file from anywhere. "
        "The window Models of the KSDiff menu tells of each, and imports others."
    )
    why = {model.name: models.misfit(model, method) for model in models.all_models()}
    others = "; ".join(f"{name}: {reason}" for name, reason in why.items() if reason)
    if others:
        said += " " + tr("Not offered here: {}.").format(others)
    return [
        explained(choice(MODEL, tr("Model"), [AUTO, *names, MODEL_CUSTOM], AUTO), said),
        advanced(
            QgsProcessingParameterFile(
                MODEL_FILE,
                tr("Model file (for the model 'custom')"),
                behavior=_FILE,
                optional=True,
                fileFilter=tr("Models") + " (*.safetensors)",
            ),
            tr("Weights with their card: a .safetensors file, with its ONNX graphs beside it."),
        ),
        device(),
    ]


def device() -> Parameter:
    """Where a network runs."""
    return explained(
        choice(DEVICE, tr("Device"), DEVICES, AUTO),
        tr("'auto' takes a CUDA graphics card where there is one; the log says what was used."),
    )


def adapt(default: int, text: str) -> Parameter:
    """For how many seconds at most a network learns on a scene."""
    title = tr("Seconds to adapt to the scene (0: none)")
    said = tr("For how many seconds at most the network learns on the scene; 0: it does not.")
    seconds = number(ADAPT, title, defaultValue=default, minValue=0, maxValue=36000)
    return explained(seconds, f"{said} {text}")


def tile() -> Parameter:
    return advanced(
        number(
            TILE,
            tr("Tile size (PAN pixels)"),
            defaultValue=512,
            minValue=TILE_RANGE[0],
            maxValue=TILE_RANGE[1],
        ),
        tr("Smaller tiles need less memory. The result does not depend on it."),
    )


def seed() -> Parameter:
    return explained(
        number(SEED, tr("Seed"), defaultValue=0, minValue=0, maxValue=2**31 - 1),
        tr(
            "The same seed gives the same result; where the network is adapted to the scene, if "
            "the time for that was enough."
        ),
    )


def sensor() -> Parameter:
    return explained(
        choice(SENSOR, tr("Sensor"), [AUTO, *paths.sensor_names()], AUTO),
        tr(
            "Whose blur (MTF) to reckon with. 'auto' reads it from the files' metadata and names, "
            "and takes 'generic' where they do not tell; the log says which it was."
        ),
    )


def nodata() -> Parameter:
    kind = QgsProcessingParameterNumber.Type.Double
    return explained(
        QgsProcessingParameterNumber(NODATA, tr("No data value"), type=kind, optional=True),
        tr("Only where the files do not tell theirs."),
    )


def output() -> list[Parameter]:
    """What is written, and how."""
    options = QgsProcessingParameterString(
        CREATION_OPTIONS, tr("Creation options"), defaultValue="", optional=True
    )
    options.setMetadata(compat.raster_options_widget())
    return [
        explained(
            QgsProcessingParameterExtent(EXTENT, tr("Extent"), optional=True),
            tr("Sharpen only this part. It grows to whole PAN pixels."),
        ),
        explained(
            choice(OUTPUT_TYPE, tr("Output data type"), OUTPUT_TYPES, TYPE_OF_INPUT),
            tr("'input' keeps the type of MS. Values are rounded and clipped, never wrapped."),
        ),
        nodata(),
        explained(
            options,
            tr("GDAL creation options as NAME=VALUE, separated by |; they win over the defaults."),
        ),
        advanced(
            QgsProcessingParameterBoolean(COG, tr("Cloud optimized GeoTIFF"), defaultValue=False),
            tr("Writes overviews and the layout for reading over a network."),
        ),
        explained(
            raster_output(OUTPUT, OUTPUT_NAME), tr("A GeoTIFF on PAN's grid with the bands of MS.")
        ),
        page_output(
            TEST_REPORT,
            tr("Report of the comparison"),
            tr(
                "An HTML page: which methods were compared on this scene, on how many pixels, and "
                "what each scored. Asking for it asks for the comparison."
            ),
            default=False,
        ),
    ]


def raster_output(name: str, text: str, optional: bool = False) -> Parameter:
    """A raster to write; an optional one is not made unless asked for."""
    return QgsProcessingParameterRasterDestination(
        name, tr(text), optional=optional, createByDefault=not optional
    )


def page_output(name: str, text: str, help_text: str, default: bool = True) -> Parameter:
    """An HTML page to write; the results viewer of QGIS lists it."""
    parameter = QgsProcessingParameterFileDestination(
        name, text, _PAGE, optional=True, createByDefault=default
    )
    return explained(parameter, help_text)


def numbers(names: dict[str, str]) -> list[Any]:
    """Outputs that are numbers, for use in models: name and description of each."""
    return [QgsProcessingOutputNumber(name, tr(text)) for name, text in names.items()]


def strings(names: dict[str, str]) -> list[Any]:
    """Outputs that are words: name and description of each."""
    return [QgsProcessingOutputString(name, tr(text)) for name, text in names.items()]


def given(parameters: dict[str, Any], name: str) -> bool:
    """Whether there is a value for an optional parameter; a command's may be empty."""
    return parameters.get(name) not in (None, "")


def explained(parameter: Parameter, text: str) -> Parameter:
    """A parameter with its help; a choice's also tells how to write it in a command."""
    if isinstance(parameter, QgsProcessingParameterEnum):
        example = parameter.defaultValue() or ",".join(parameter.options()[:2])
        said = tr("In commands and scripts give the word, e.g. --{}={}, not a number.")
        text = f"{text} {said.format(parameter.name(), example)}"
    parameter.setHelp(text)
    return parameter


def advanced(parameter: Parameter, text: str = "") -> Parameter:
    """A parameter that few need, with its help where it has none yet."""
    flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    parameter.setFlags(parameter.flags() | flag)
    return explained(parameter, text) if text else parameter


def number(name: str, text: str, **limits: Any) -> Parameter:
    """A whole number."""
    kind = QgsProcessingParameterNumber.Type.Integer
    return QgsProcessingParameterNumber(name, text, type=kind, **limits)


def choice(
    name: str, text: str, options: Sequence[str], default: str | None, several: bool = False
) -> Parameter:
    """A choice by word: words stay the same in models and scripts when the list grows.

    One of `several` may also be left out.
    """
    return QgsProcessingParameterEnum(
        name,
        text,
        options=list(options),
        allowMultiple=several,
        defaultValue=default,
        optional=several,
        usesStaticStrings=True,
    )
