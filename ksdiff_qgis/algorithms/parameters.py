# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameters that several algorithms share. Names are a published interface: never change them.

The first functions make a parameter of one kind; they translate the title and the help, which are
given in English. The others make a certain parameter.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .. import models, paths
from ..language import tr
from . import devices, methods

PAN, PAN_BAND = "PAN", "PAN_BAND"
MS, MS_BANDS, MS_LAYERS = "MS", "MS_BANDS", "MS_LAYERS"
PRODUCT = "PRODUCT"
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
PAN_NODATA, OUTPUT_NODATA = "PAN_NODATA", "OUTPUT_NODATA"
NODATA_BANDS, UNDECLARED_NODATA = "NODATA_BANDS", "UNDECLARED_NODATA"
RPC_DEM = "RPC_DEM"
CREATION_OPTIONS, COG = "CREATION_OPTIONS", "COG"
PAN_FROM_BANDS, UNSEEN_BANDS = "PAN_FROM_BANDS", "UNSEEN_BANDS"
OVERVIEWS = "OVERVIEWS"
OUTPUT, TEST_REPORT = "OUTPUT", "TEST_REPORT"

AUTO = "auto"
MODEL_CUSTOM = "custom"
INPUT_TYPE = "input"
OUTPUT_TYPES = (INPUT_TYPE, "uint8", "uint16", "int16", "float32")
WHETHER = (AUTO, "yes", "no")
TILE_RANGE = (64, 8192)  # PAN px
OUTPUT_NAME = "Pansharpened"

# Fields of dialogs, which alone import them.
_GUI = "ksdiff_qgis.gui."
_PAGE, JSON = "HTML (*.html)", "JSON (*.json)"
NO_LIMIT = sys.float_info.max

Parameter = QgsProcessingParameterDefinition


# --- one kind of parameter ---


def with_help(parameter: Parameter, text: str) -> Parameter:
    """Set the help of a parameter, already translated."""
    parameter.setHelp(text)
    return parameter


def as_advanced(parameter: Parameter) -> Parameter:
    """Make a parameter an advanced one, which dialogs show on request."""
    flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    parameter.setFlags(parameter.flags() | flag)
    return parameter


def added_later(parameter: Parameter) -> Parameter:
    """Make a parameter advanced, and optional although it has a default.

    Models that were saved before the parameter existed have no value for it, and must stay valid.
    """
    optional = QgsProcessingParameterDefinition.Flag.FlagOptional
    parameter.setFlags(parameter.flags() | optional)
    return as_advanced(parameter)


def with_field(parameter: Parameter, field: str, **options: Any) -> Parameter:
    """Show a parameter in dialogs by a field of the plugin: module and class in `gui`."""
    parameter.setMetadata({"widget_wrapper": {"class": _GUI + field, **options}})
    return parameter


def create(
    kind: Callable[..., Parameter],
    name: str,
    title: str,
    text: str,
    advanced: bool = False,
    **options: Any,
) -> Parameter:
    """Return a parameter of one of QGIS' kinds, with its options and its help."""
    parameter = with_help(kind(name, tr(title), **options), tr(text))
    return as_advanced(parameter) if advanced else parameter


def raster(name: str, title: str, text: str, optional: bool = False) -> Parameter:
    """Return a raster layer to read."""
    parameter = create(QgsProcessingParameterRasterLayer, name, title, text, optional=optional)
    return parameter if optional else with_field(parameter, "fields.LayerChoice")


def file(
    name: str, title: str, text: str, kind: str, optional: bool = False, advanced: bool = False
) -> Parameter:
    """Return a file to read; `kind` is the filter that the user sees, translated."""
    options = {"optional": optional, "fileFilter": kind}
    return create(QgsProcessingParameterFile, name, title, text, advanced, **options)


def folder(
    name: str, title: str, text: str, optional: bool = False, advanced: bool = False
) -> Parameter:
    """Return a folder."""
    options = {"optional": optional, "behavior": QgsProcessingParameterFile.Behavior.Folder}
    return create(QgsProcessingParameterFile, name, title, text, advanced, **options)


def string(name: str, title: str, text: str, advanced: bool = False, **options: Any) -> Parameter:
    """Return a text, which may be empty unless `optional` is False."""
    options = {"optional": True, **options}
    return create(QgsProcessingParameterString, name, title, text, advanced, **options)


def flag(
    name: str, title: str, text: str, default: bool = False, advanced: bool = False
) -> Parameter:
    """Return a switch."""
    return create(QgsProcessingParameterBoolean, name, title, text, advanced, defaultValue=default)


def number(
    name: str,
    title: str,
    text: str,
    default: float | None = None,
    limits: tuple[float, float] = (-NO_LIMIT, NO_LIMIT),
    advanced: bool = False,
) -> Parameter:
    """Return a number; it is an integer if its limits are, and optional without a default."""
    kinds = QgsProcessingParameterNumber.Type
    least, most = limits
    return create(
        QgsProcessingParameterNumber,
        name,
        title,
        text,
        advanced,
        type=kinds.Integer if isinstance(least, int) else kinds.Double,
        defaultValue=default,
        optional=default is None,
        minValue=least,
        maxValue=most,
    )


def choice(
    name: str,
    title: str,
    text: str,
    options: Sequence[str],
    default: str | None,
    several: bool = False,
    more: str = "",
    titles: Mapping[str, str] | None = None,
) -> Parameter:
    """Return a choice given by word, which stays valid in scripts when the list grows.

    With `several`, any number of options may be chosen, also none. `more` is further help,
    translated. Dialogs show `titles`, in English, instead of the words; a word with an empty title
    is not shown.
    """
    parameter = create(
        QgsProcessingParameterEnum,
        name,
        title,
        text,
        options=list(options),
        allowMultiple=several,
        defaultValue=default,
        optional=several,
        usesStaticStrings=True,
    )
    note = tr("In commands and scripts, give the word (--{}={}): numbers may change.")
    note = note.format(name, default or ",".join(options[:2]))
    if titles:
        shown = {word: title and tr(title) for word, title in titles.items()}
        with_field(parameter, "fields.WordChoice", titles=shown)
    return with_help(parameter, " ".join(filter(None, (parameter.help(), more, note))))


def raster_output(
    name: str, title: str, text: str, optional: bool = False, advanced: bool = False
) -> Parameter:
    """Return a raster to write; an optional one is skipped by default."""
    options = {"optional": optional, "createByDefault": not optional}
    return create(QgsProcessingParameterRasterDestination, name, title, text, advanced, **options)


def file_output(
    name: str,
    title: str,
    text: str,
    kind: str = _PAGE,
    default: bool = True,
    advanced: bool = False,
) -> Parameter:
    """Return an optional file to write; without `default` it is skipped unless it is named.

    The results viewer of QGIS lists HTML pages.
    """
    options = {"fileFilter": kind, "optional": True, "createByDefault": default}
    return create(QgsProcessingParameterFileDestination, name, title, text, advanced, **options)


# --- certain parameters ---


def inputs() -> list[Parameter]:
    """Return the two rasters and their bands, or the product that has both."""
    return [
        _of_pair(
            PAN,
            "Panchromatic (PAN)",
            "The finer, single-band image. The result has exactly its pixel grid.",
        ),
        create(
            QgsProcessingParameterBand,
            PAN_BAND,
            "Band of PAN",
            "Which band is panchromatic; needed only if PAN has several.",
            advanced=True,
            parentLayerParameterName=PAN,
            optional=True,
        ),
        _of_pair(
            MS,
            "Multispectral (MS)",
            "The coarser image with the spectral bands; it must overlap PAN.",
        ),
        create(
            QgsProcessingParameterBand,
            MS_BANDS,
            "Bands of MS",
            "Bands to process, in the order of the result; all except alpha if none is chosen.",
            advanced=True,
            parentLayerParameterName=MS,
            optional=True,
            allowMultiple=True,
        ),
        create(
            QgsProcessingParameterMultipleLayers,
            MS_LAYERS,
            "Further bands of MS, one layer each",
            "For an MS that is delivered as one file per band: give one of them as MS, the "
            "others here. They are sorted by wavelength where it is known.",
            advanced=True,
            layerType=QgsProcessing.SourceType.TypeRaster,
            optional=True,
        ),
        _product(),
    ]


def _of_pair(name: str, title: str, text: str) -> Parameter:
    """Return PAN or MS, which stay empty if a product is given."""
    return with_field(raster(name, title, text, optional=True), "fields.LayerChoice")


def _product() -> Parameter:
    """Return the product that stands for PAN and MS."""
    return folder(
        PRODUCT,
        "Delivered product, instead of PAN and MS",
        "The folder of a product as it was delivered, or its metadata file: Pleiades and SPOT "
        "(DIMAP), Maxar, Landsat, GaoFen, SuperView, KOMPSAT, Planet. PAN, MS, bands, wavelengths "
        "and sensor are found in it; PAN and MS stay empty.",
        optional=True,
        advanced=True,
    )


def method_choice(names: Sequence[str], default: str, text: str) -> Parameter:
    """Return the choice of the method: by name in commands, in plain words in dialogs."""
    titles = {name: methods.title(name) for name in names}
    parameter = choice(METHOD, "Method", text, names, default)
    return with_field(parameter, "fields.WordChoice", titles=titles)


def align() -> Parameter:
    """Return the switch for co-registering MS to PAN first."""
    return flag(
        ALIGN,
        "Align MS to PAN first",
        "Measures the shift between MS and PAN to a fraction of a pixel and corrects it; the "
        "log shows the shift. If not ticked, MS stays where it is: the scene fit and the "
        "networks allow for a shift of up to two PAN pixels, and more than one gives a "
        "warning. 'Align multispectral to PAN' measures the shift without sharpening and "
        "writes the aligned MS: assess an aligned result against that, since it is shifted "
        "against the original MS.",
    )


def network(method: str) -> list[Parameter]:
    """Return model, model file and device of a method with a network."""
    names = [model.name for model in models.fitting(method)]
    reasons = {model.name: models.misfit(model, method) for model in models.all_models()}
    others = "; ".join(f"{name}: {reason}" for name, reason in reasons.items() if reason)
    return [
        choice(
            MODEL,
            "Model",
            "'auto' uses the default model of the plugin, 'custom' any model file. The Models "
            "window of the KSDiff menu describes the models and imports others.",
            [AUTO, *names, MODEL_CUSTOM],
            AUTO,
            more=tr("Not usable here: {}.").format(others) if others else "",
            titles={AUTO: "The plugin's own", MODEL_CUSTOM: "A model file"},
        ),
        file(
            MODEL_FILE,
            "Model file (for Model: A model file)",
            "A .safetensors file with weights and card, next to its ONNX graphs.",
            model_files(),
            optional=True,
            advanced=True,
        ),
        device(),
    ]


def model_files() -> str:
    """Return the filter of model files."""
    return tr("Models") + " (*.safetensors)"


def device() -> Parameter:
    """Return the device that a network runs on."""
    text = "'auto' uses a CUDA graphics card if there is one; the log shows the device used."
    titles = devices.titles()
    return choice(DEVICE, "Device", text, list(titles), AUTO, titles=titles)


def adapt(default: int, more: str) -> Parameter:
    """Return the seconds for fine-tuning a network to a scene; `more` is a translated help."""
    text = "Maximum time for fine-tuning the network to the scene, in seconds; 0 = off."
    parameter = number(ADAPT, "Fine-tuning time (s), 0 = off", text, default, (0, 36000))
    return with_help(parameter, f"{parameter.help()} {more}")


def tile() -> Parameter:
    """Return the tile size, in PAN pixels."""
    text = "Smaller tiles need less memory. The result does not depend on the tile size."
    return number(TILE, "Tile size (PAN pixels)", text, 512, TILE_RANGE, advanced=True)


def seed() -> Parameter:
    """Return the seed of the sampling."""
    return number(
        SEED,
        "Seed",
        "The same seed gives the same result. With fine-tuning, only if its time limit is not "
        "reached.",
        0,
        (0, 2**31 - 1),
    )


def sensor() -> Parameter:
    """Return the sensor, whose card has the MTF."""
    return choice(
        SENSOR,
        "Sensor",
        "Sensor whose blur (MTF) is used. 'auto' recognises it by the files' metadata and "
        "names, or uses 'generic'; the log shows the sensor used.",
        [AUTO, *paths.sensor_names()],
        AUTO,
        titles={AUTO: "Recognised by the files", "generic": "Another sensor"},
    )
