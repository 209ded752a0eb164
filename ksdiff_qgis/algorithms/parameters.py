# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameters that several algorithms share. Names are a published interface: never change them."""

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
from . import methods

PAN, PAN_BAND = "PAN", "PAN_BAND"
MS, MS_BANDS = "MS", "MS_BANDS"
METHOD, SCENE_TEST = "METHOD", "SCENE_TEST"
BACK_PROJECTION, FIT, SAVE_FIT = "BACK_PROJECTION", "FIT", "SAVE_FIT"
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
MODEL_CUSTOM = "custom"
DEVICES = (AUTO, "cpu", "cuda")
INPUT_TYPE = "input"
OUTPUT_TYPES = (INPUT_TYPE, "uint8", "uint16", "int16", "float32")
TILE_RANGE = (64, 8192)  # PAN px
OUTPUT_NAME = "Pansharpened"
_METHOD_WIDGET = "ksdiff_qgis.gui.methodchoice.MethodChoice"  # imported by dialogs only
_FILE = QgsProcessingParameterFile.Behavior.File
_PAGE = "HTML (*.html)"

Parameter = QgsProcessingParameterDefinition


def inputs() -> list[Parameter]:
    """Return the two rasters and their bands."""
    return [
        explained(
            QgsProcessingParameterRasterLayer(PAN, tr("Panchromatic (PAN)")),
            tr("The finer, single-band image. The result has exactly its pixel grid."),
        ),
        advanced(
            QgsProcessingParameterBand(
                PAN_BAND, tr("Band of PAN"), parentLayerParameterName=PAN, optional=True
            ),
            tr("Which band is panchromatic; needed only if PAN has several."),
        ),
        explained(
            QgsProcessingParameterRasterLayer(MS, tr("Multispectral (MS)")),
            tr("The coarser image with the spectral bands; it must overlap PAN."),
        ),
        explained(
            QgsProcessingParameterBand(
                MS_BANDS,
                tr("Bands of MS"),
                parentLayerParameterName=MS,
                optional=True,
                allowMultiple=True,
            ),
            tr("Bands to process, in the order of the result; all except alpha if none is chosen."),
        ),
    ]


def method_choice(names: Sequence[str], default: str, text: str) -> Parameter:
    """Return the choice of the method: by name in commands, in plain words in dialogs."""
    known = methods.TITLES
    titles = {name: tr(known[name]) if name in known else methods.label(name) for name in names}
    parameter = choice(METHOD, tr("Method"), names, default)
    parameter.setMetadata({"widget_wrapper": {"class": _METHOD_WIDGET, "titles": titles}})
    return explained(parameter, text)


def scene_fit() -> list[Parameter]:
    """Return the passes of back-projection, and the files of a scene fit."""
    kind = "JSON (*.json)"
    return [
        advanced(
            number(
                BACK_PROJECTION,
                tr("Back-projection passes, 0 = default"),
                defaultValue=0,
                minValue=0,
                maxValue=10,
            ),
            tr(
                "Each pass adds what the result, degraded to the resolution of MS, lacks of MS. "
                "'scene-fit' has 3 passes by default, the other methods none."
            ),
        ),
        advanced(
            QgsProcessingParameterFile(
                FIT, tr("Fit to use again"), behavior=_FILE, optional=True, fileFilter=kind
            ),
            tr(
                "Only for 'scene-fit': a saved fit, with its number of passes, instead of a new "
                "one; for scenes of one sensor and season that are to look alike."
            ),
        ),
        advanced(
            file_output(SAVE_FIT, tr("Save the fit"), kind, default=False),
            tr("Only for 'scene-fit': a JSON file with the fit made on this scene."),
        ),
    ]


def align() -> Parameter:
    """Return the switch for co-registering MS to PAN first."""
    return explained(
        QgsProcessingParameterBoolean(ALIGN, tr("Align MS to PAN first"), defaultValue=False),
        tr(
            "Measures the shift between MS and PAN to a fraction of a pixel and corrects it; the "
            "log shows the shift. If not ticked, a shift of more than one PAN pixel only gives a "
            "warning. 'Align multispectral to PAN' measures the shift without sharpening and "
            "writes the aligned MS: assess an aligned result against that, since it is shifted "
            "against the original MS."
        ),
    )


def network(method: str) -> list[Parameter]:
    """Return model, model file and device of a method with a network."""
    names = [model.name for model in models.fitting(method)]
    text = tr(
        "'auto' uses the default model of the plugin, 'custom' any model file. The Models window "
        "of the KSDiff menu describes the models and imports others."
    )
    reasons = {model.name: models.misfit(model, method) for model in models.all_models()}
    others = "; ".join(f"{name}: {reason}" for name, reason in reasons.items() if reason)
    if others:
        text += " " + tr("Not usable here: {}.").format(others)
    return [
        explained(choice(MODEL, tr("Model"), [AUTO, *names, MODEL_CUSTOM], AUTO), text),
        advanced(
            QgsProcessingParameterFile(
                MODEL_FILE,
                tr("Model file (for model 'custom')"),
                behavior=_FILE,
                optional=True,
                fileFilter=tr("Models") + " (*.safetensors)",
            ),
            tr("A .safetensors file with weights and card, next to its ONNX graphs."),
        ),
        device(),
    ]


def device() -> Parameter:
    """Return the device that a network runs on."""
    return explained(
        choice(DEVICE, tr("Device"), DEVICES, AUTO),
        tr("'auto' uses a CUDA graphics card if there is one; the log shows the device used."),
    )


def adapt(default: int, text: str) -> Parameter:
    """Return the time limit for fine-tuning a network to a scene, in seconds."""
    title = tr("Fine-tuning time (s), 0 = off")
    limit = tr("Maximum time for fine-tuning the network to the scene, in seconds; 0 = off.")
    seconds = number(ADAPT, title, defaultValue=default, minValue=0, maxValue=36000)
    return explained(seconds, f"{limit} {text}")


def tile() -> Parameter:
    """Return the tile size, in PAN pixels."""
    return advanced(
        number(
            TILE,
            tr("Tile size (PAN pixels)"),
            defaultValue=512,
            minValue=TILE_RANGE[0],
            maxValue=TILE_RANGE[1],
        ),
        tr("Smaller tiles need less memory. The result does not depend on the tile size."),
    )


def seed() -> Parameter:
    """Return the seed of the sampling."""
    return explained(
        number(SEED, tr("Seed"), defaultValue=0, minValue=0, maxValue=2**31 - 1),
        tr(
            "The same seed gives the same result. With fine-tuning, only if its time limit is not "
            "reached."
        ),
    )


def sensor() -> Parameter:
    """Return the sensor, whose card has the MTF."""
    return explained(
        choice(SENSOR, tr("Sensor"), [AUTO, *paths.sensor_names()], AUTO),
        tr(
            "Sensor whose blur (MTF) is used. 'auto' recognises it by the files' metadata and "
            "names, or uses 'generic'; the log shows the sensor used."
        ),
    )


def nodata() -> Parameter:
    """Return the no data value of the inputs."""
    kind = QgsProcessingParameterNumber.Type.Double
    return explained(
        QgsProcessingParameterNumber(NODATA, tr("No data value"), type=kind, optional=True),
        tr("Only needed if the files do not define it."),
    )


def output() -> list[Parameter]:
    """Return the outputs of a sharpening run and their format."""
    options = QgsProcessingParameterString(
        CREATION_OPTIONS, tr("Creation options"), defaultValue="", optional=True
    )
    options.setMetadata(compat.raster_options_widget())
    return [
        explained(
            QgsProcessingParameterExtent(EXTENT, tr("Extent"), optional=True),
            tr("Sharpen only this part, extended to whole PAN pixels."),
        ),
        explained(
            choice(OUTPUT_TYPE, tr("Output data type"), OUTPUT_TYPES, INPUT_TYPE),
            tr("'input' keeps the type of MS. Values are rounded and clipped."),
        ),
        nodata(),
        explained(
            options,
            tr("GDAL creation options as NAME=VALUE, separated by |; they override the defaults."),
        ),
        advanced(
            QgsProcessingParameterBoolean(COG, tr("Cloud optimized GeoTIFF"), defaultValue=False),
            tr("Write overviews and a layout for reading over a network."),
        ),
        explained(
            raster_output(OUTPUT, OUTPUT_NAME),
            tr("GeoTIFF with the grid of PAN and the bands of MS."),
        ),
        page_output(
            TEST_REPORT,
            tr("Comparison report"),
            tr(
                "HTML page with the methods compared on this scene, the number of pixels and the "
                "scores. Switches the comparison on."
            ),
            default=False,
        ),
    ]


def raster_output(name: str, text: str, optional: bool = False) -> Parameter:
    """Return a raster to write; an optional one is skipped by default."""
    return QgsProcessingParameterRasterDestination(
        name, tr(text), optional=optional, createByDefault=not optional
    )


def file_output(name: str, text: str, kind: str, default: bool = True) -> Parameter:
    """Return an optional file to write; without `default` it is skipped unless it is named."""
    return QgsProcessingParameterFileDestination(
        name, text, kind, optional=True, createByDefault=default
    )


def page_output(name: str, text: str, help_text: str, default: bool = True) -> Parameter:
    """Return an HTML page to write; the results viewer of QGIS lists it."""
    return explained(file_output(name, text, _PAGE, default), help_text)


def numbers(names: dict[str, str]) -> list[Any]:
    """Return number outputs, given as name -> description."""
    return [QgsProcessingOutputNumber(name, tr(text)) for name, text in names.items()]


def strings(names: dict[str, str]) -> list[Any]:
    """Return text outputs, given as name -> description."""
    return [QgsProcessingOutputString(name, tr(text)) for name, text in names.items()]


def given(parameters: dict[str, Any], name: str) -> bool:
    """Return whether an optional parameter has a value; on the command line it may be empty."""
    return parameters.get(name) not in (None, "")


def explained(parameter: Parameter, text: str) -> Parameter:
    """Set the help of a parameter; that of a choice also says how to write it in a command."""
    if isinstance(parameter, QgsProcessingParameterEnum):
        example = parameter.defaultValue() or ",".join(parameter.options()[:2])
        note = tr("In commands and scripts, give the word (--{}={}), not an index.")
        text = f"{text} {note.format(parameter.name(), example)}"
    parameter.setHelp(text)
    return parameter


def advanced(parameter: Parameter, text: str = "") -> Parameter:
    """Mark a parameter as advanced, and set its help if given."""
    flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    parameter.setFlags(parameter.flags() | flag)
    return explained(parameter, text) if text else parameter


def number(name: str, text: str, **limits: Any) -> Parameter:
    """Return an integer parameter."""
    kind = QgsProcessingParameterNumber.Type.Integer
    return QgsProcessingParameterNumber(name, text, type=kind, **limits)


def choice(
    name: str, text: str, options: Sequence[str], default: str | None, several: bool = False
) -> Parameter:
    """Return a choice given by word, which stays valid in scripts when the list grows.

    With `several`, any number of options may be chosen, also none.
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
