# SPDX-License-Identifier: GPL-2.0-or-later
"""The provider and the published interface of its algorithms."""

from __future__ import annotations

from pathlib import Path

import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingParameterDefinition,
)
from qgis_helpers import ROOT

CLASSICAL = ["brovey", "gsa", "bt-h", "mtf-glp-fs", "bdsd-pc", "exp"]

# Published: models, scripts and command lines use these names. Adding is fine, changing is not.
PAIR = {"PAN": "raster", "PAN_BAND": "band", "MS": "raster", "MS_BANDS": "band"}
WRITTEN = {
    "EXTENT": "extent",
    "OUTPUT_TYPE": "enum",
    "NODATA": "number",
    "CREATION_OPTIONS": "string",
    "COG": "boolean",
    "OUTPUT": "rasterDestination",
    "TEST_REPORT": "fileDestination",
}
LEARNED = {
    "SCENE_TEST": "boolean",
    "ADAPT": "number",
    "MODEL": "enum",
    "MODEL_FILE": "file",
    "DEVICE": "enum",
    "TILE": "number",
    "SEED": "number",
    "SENSOR": "enum",
    **WRITTEN,
}
PARAMETERS = {
    "ksdiff": {
        **PAIR,
        "ALIGN": "boolean",
        "METHOD": "enum",
        **LEARNED,
    },
    "srino": {
        **PAIR,
        "ALIGN": "boolean",
        "STEPS": "number",
        **LEARNED,
        "SPREAD": "rasterDestination",
        "SPREAD_SEEDS": "number",
    },
    "classical": {
        **PAIR,
        "ALIGN": "boolean",
        "METHOD": "enum",
        "TILE": "number",
        "SENSOR": "enum",
        **WRITTEN,
    },
    "align": {
        **PAIR,
        "NODATA": "number",
        "OUTPUT": "rasterDestination",
        "REPORT": "fileDestination",
    },
    "quality": {
        **PAIR,
        "FUSED": "raster",
        "REFERENCE": "raster",
        "SCENE_TEST": "boolean",
        "SENSOR": "enum",
        "NODATA": "number",
        "REPORT": "fileDestination",
        "SAM_MAP": "rasterDestination",
        "Q2N_MAP": "rasterDestination",
        "ERROR_MAP": "rasterDestination",
    },
    "simulate": {
        **PAIR,
        "RATIO": "number",
        "SENSOR": "enum",
        "PHASE": "enum",
        "NODATA": "number",
        "OUTPUT_PAN": "rasterDestination",
        "OUTPUT_MS": "rasterDestination",
        "OUTPUT_REFERENCE": "rasterDestination",
    },
    "bench": {
        "DATA": "file",
        "METHODS": "enum",
        "ADAPT": "number",
        "CSV": "fileDestination",
        "JSON": "fileDestination",
    },
    "trainingset": {
        **dict.fromkeys(("PANS", "MSS"), "multilayer"),
        "FOLDER": "file",
        "SENSOR": "enum",
        "PAN_BAND": "number",
        "MS_BANDS": "string",
        **dict.fromkeys(("NODATA", "HELD_OUT", "GENERATED"), "number"),
        "OUTPUT": "fileDestination",
    },
    "train": {
        "DATA": "file",
        "NAME": "string",
        **dict.fromkeys(("METHOD", "START", "LENGTH"), "enum"),
        **dict.fromkeys(("STEPS1", "STEPS2", "BATCH"), "number"),
        "DEVICE": "enum",
        "SEED": "number",
        "RUN": "file",
        **dict.fromkeys(("LICENCE", "NOTES"), "string"),
    },
    "models": {
        "ACTION": "enum",
        "FILE": "file",
        **dict.fromkeys(("NAME", "LICENCE", "NOTES"), "string"),
    },
    "runtime": {"ACTION": "enum", "SIZE": "enum", "PYTHON": "file", "WHEELS": "file"},
}
ADVANCED = {
    "ksdiff": {"PAN_BAND", "MODEL_FILE", "TILE", "SENSOR", "COG"},
    "srino": {"PAN_BAND", "MODEL_FILE", "TILE", "SENSOR", "COG", "SPREAD_SEEDS"},
    "classical": {"PAN_BAND", "TILE", "SENSOR", "COG"},
    "align": {"PAN_BAND", "NODATA"},
    "quality": {"PAN_BAND", "NODATA", "SAM_MAP", "Q2N_MAP", "ERROR_MAP"},
    "simulate": {"PAN_BAND", "NODATA"},
    "bench": set(),
    "trainingset": {"PAN_BAND", "MS_BANDS", "NODATA", "GENERATED"},
    "train": {"STEPS1", "STEPS2", "BATCH", "SEED"},
    "models": {"LICENCE", "NOTES"},
    "runtime": {"PYTHON", "WHEELS"},
}
SHARPENED = {
    "OUTPUT": "outputRaster",
    "TEST_REPORT": "outputHtml",
    **dict.fromkeys(("RATIO", "TILES", "SECONDS", "ERGAS", "SAM", "TEST_PIXELS"), "outputNumber"),
    **dict.fromkeys(("ALIGN_ROWS", "ALIGN_COLUMNS"), "outputNumber"),
    **dict.fromkeys(
        ("METHOD_USED", "METHOD_REASON", "SENSOR_USED"),
        "outputString",
    ),
    **dict.fromkeys(
        ("WINNER", "BEST_CLASSICAL", "SCENE_TEST_TABLE"),
        "outputString",
    ),
}
WITH_REFERENCE = ("SAM", "ERGAS", "Q2N", "SCC", "PSNR", "SSIM")
WITHOUT_REFERENCE = ("D_LAMBDA", "D_LAMBDA_K", "D_S", "QNR", "HQNR")
CONSISTENCY = ("CONSISTENCY_SAM", "CONSISTENCY_ERGAS", "CONSISTENCY_Q2N")
LEARNED = {
    **SHARPENED,
    **dict.fromkeys(("ADAPTATION", "DEVICE_USED", "MODEL_USED"), "outputString"),
    "ADAPTED": "outputBoolean",
}
OUTPUTS = {
    "ksdiff": LEARNED,
    "srino": {**LEARNED, "SPREAD": "outputRaster", "STEPS_USED": "outputNumber"},
    "classical": SHARPENED,
    "align": {
        "OUTPUT": "outputRaster",
        "REPORT": "outputHtml",
        **dict.fromkeys(("SHIFT_ROWS", "SHIFT_COLUMNS", "SHIFT_METRES"), "outputNumber"),
        **dict.fromkeys(("CONFIDENCE", "BLOCKS"), "outputNumber"),
        "FINDINGS": "outputString",
    },
    "quality": {
        "REPORT": "outputHtml",
        **dict.fromkeys(("SAM_MAP", "Q2N_MAP", "ERROR_MAP"), "outputRaster"),
        **dict.fromkeys(WITH_REFERENCE + WITHOUT_REFERENCE + CONSISTENCY, "outputNumber"),
        **dict.fromkeys(("SHIFT_ROWS", "SHIFT_COLS", "BIAS_PERCENT"), "outputNumber"),
        **dict.fromkeys(("PIXELS", "RATIO"), "outputNumber"),
        **dict.fromkeys(("FINDINGS", "SENSOR_USED", "SCENE_TEST_TABLE"), "outputString"),
    },
    "simulate": {
        **dict.fromkeys(("OUTPUT_PAN", "OUTPUT_MS", "OUTPUT_REFERENCE"), "outputRaster"),
        "RATIO_USED": "outputNumber",
        "SENSOR_USED": "outputString",
    },
    "bench": {
        **dict.fromkeys(("CSV", "JSON"), "outputFile"),
        **dict.fromkeys(("ROWS", "SECONDS"), "outputNumber"),
    },
    "trainingset": {
        "OUTPUT": "outputFile",
        **dict.fromkeys(("PAIRS", "REFUSED", "PATCHES", "HELD_OUT_PATCHES"), "outputNumber"),
        **dict.fromkeys(("MADE_UP", "MB", "SECONDS"), "outputNumber"),
        **dict.fromkeys(("BANDS", "SENSORS", "RECIPE"), "outputString"),
    },
    "train": {
        "MODEL_FILE": "outputFile",
        **dict.fromkeys(("ERGAS", "ERGAS_BEFORE", "ERGAS_CLASSICAL"), "outputNumber"),
        **dict.fromkeys(("LOSS", "STEPS_DONE", "SECONDS"), "outputNumber"),
        **dict.fromkeys(("NAME", "RUN_FOLDER", "DEVICE_USED", "SCORES"), "outputString"),
    },
    "models": dict.fromkeys(("MODELS", "FOLDER", "MODEL_FILE"), "outputString"),
    "runtime": dict.fromkeys(
        ("STATE", "SIZE_FOUND", "PYTHON_USED", "DEVICES", "MESSAGE", "FOLDER", "LOG"),
        "outputString",
    ),
}
TITLES = {
    "ksdiff": ("Pansharpening", "KSDiff pansharpening"),
    "srino": ("Pansharpening", "SRINO pansharpening"),
    "classical": ("Pansharpening", "Classical pansharpening"),
    "align": ("Preparation", "Align multispectral to PAN"),
    "quality": ("Evaluation", "Assess pansharpening quality"),
    "simulate": ("Evaluation", "Simulate reduced resolution"),
    "bench": ("Evaluation", "Compare methods on scenes"),
    "trainingset": ("Training", "Prepare training set"),
    "train": ("Training", "Train for a sensor"),
    "models": ("Training", "Manage models"),
    "runtime": ("Runtime", "Check runtime"),
}


@pytest.fixture(params=list(PARAMETERS))
def name(request):
    return request.param


@pytest.fixture
def algorithm(plugin, name):
    made = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:" + name)
    assert made is not None
    return made


def test_provider_is_registered(plugin):
    provider = QgsApplication.processingRegistry().providerById("ksdiff")
    assert provider.name() == "KSDiff"
    names = {*PARAMETERS, "alignsharpenassess"}  # the model is looked at in test_model3
    assert {a.id() for a in provider.algorithms()} == {"ksdiff:" + name for name in names}
    assert not provider.icon().isNull()
    assert provider.supportedOutputRasterLayerExtensions() == ["tif"]


def test_names_are_frozen(algorithm, name):
    assert {d.name(): d.type() for d in algorithm.parameterDefinitions()} == PARAMETERS[name]
    assert {d.name(): d.type() for d in algorithm.outputDefinitions()} == OUTPUTS[name]
    assert list(PARAMETERS[name]) == [d.name() for d in algorithm.parameterDefinitions()]


def test_what_few_need_is_advanced(algorithm, name):
    flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    advanced = {d.name() for d in algorithm.parameterDefinitions() if d.flags() & flag}
    assert advanced == ADVANCED[name]


def test_what_is_made_without_being_asked_for(algorithm, name):
    made = {d.name() for d in algorithm.destinationParameterDefinitions() if d.createByDefault()}
    expected = {
        "ksdiff": {"OUTPUT"},
        "srino": {"OUTPUT"},
        "classical": {"OUTPUT"},
        "align": {"OUTPUT", "REPORT"},
        "quality": {"REPORT"},
        "simulate": {"OUTPUT_PAN", "OUTPUT_MS", "OUTPUT_REFERENCE"},
        "bench": {"CSV"},
        "trainingset": {"OUTPUT"},
        "train": set(),
        "models": set(),
        "runtime": set(),
    }
    assert made == expected[name]


def test_every_parameter_is_explained(algorithm, name):
    for definition in algorithm.parameterDefinitions():
        assert len(definition.help()) > 20, definition.name()
    assert len(algorithm.shortHelpString().split()) > 50
    assert len(algorithm.shortDescription()) > 20
    assert len(algorithm.tags()) > 3
    assert algorithm.helpUrl().startswith("https://")
    assert (algorithm.group(), algorithm.displayName()) == TITLES[name]


def test_every_algorithm_has_its_own_icon(algorithm, name):
    assert not algorithm.icon().pixmap(32, 32).isNull()
    assert algorithm.svgIconPath().endswith(f"/{name}.svg")
    assert Path(algorithm.svgIconPath()).is_file()


def test_runs_in_the_background_and_can_be_cancelled(algorithm):
    flags = algorithm.flags()
    assert not flags & QgsProcessingAlgorithm.Flag.FlagNoThreading
    assert not flags & QgsProcessingAlgorithm.Flag.FlagRequiresProject
    assert flags & QgsProcessingAlgorithm.Flag.FlagCanCancel
    assert flags & QgsProcessingAlgorithm.Flag.FlagSupportsBatch


def test_choices_are_words(algorithm, name):
    choices = [d for d in algorithm.parameterDefinitions() if d.type() == "enum"]
    assert choices or name == "align"
    for choice in choices:
        assert choice.usesStaticStrings()
        assert choice.defaultValue() in (*choice.options(), None)
        example = choice.defaultValue() or "auto,ksdiff"
        assert f"give the word, e.g. --{choice.name()}={example}," in choice.help()


@pytest.mark.parametrize(
    ("name", "parameter", "default", "options"),
    [
        ("ksdiff", "METHOD", "auto", ["auto", "ksdiff"]),
        ("ksdiff", "DEVICE", "auto", ["auto", "cpu", "cuda"]),
        ("srino", "DEVICE", "auto", ["auto", "cpu", "cuda"]),
        ("ksdiff", "OUTPUT_TYPE", "input", ["input", "uint8", "uint16", "int16", "float32"]),
        ("classical", "METHOD", "mtf-glp-fs", ["auto", *CLASSICAL]),
        ("simulate", "PHASE", "product", ["product", "benchmark"]),
        (
            "bench",
            "METHODS",
            None,
            [
                *("auto", "ksdiff", "srino", *CLASSICAL),
                *("ksdiff-adapted", "auto-adapted", "srino-adapted"),
            ],
        ),
    ],
)
def test_options(algorithm, parameter, default, options):
    choice = algorithm.parameterDefinition(parameter)
    assert (choice.defaultValue(), choice.options()) == (default, options)


@pytest.mark.parametrize(("name", "seconds"), [("ksdiff", 60), ("srino", 0), ("bench", 0)])
def test_time_to_adapt(algorithm, seconds):
    definition = algorithm.parameterDefinition("ADAPT")
    assert (definition.defaultValue(), definition.minimum()) == (seconds, 0)


@pytest.mark.parametrize(("name", "does"), [("ksdiff", True), ("srino", False)])
def test_comparison_by_default(algorithm, does):
    assert algorithm.parameterDefinition("SCENE_TEST").defaultValue() is does


@pytest.mark.parametrize(
    ("parameter", "limits"), [("STEPS", (0, 0, 100)), ("SPREAD_SEEDS", (4, 2, 100))]
)
@pytest.mark.parametrize("name", ["srino"])
def test_limits_of_sampling(algorithm, parameter, limits):
    made = algorithm.parameterDefinition(parameter)
    assert (made.defaultValue(), made.minimum(), made.maximum()) == limits


@pytest.mark.parametrize("name", ["ksdiff", "srino"])
def test_default_model_is_the_first_choice_and_ones_own_the_last(algorithm):
    choice = algorithm.parameterDefinition("MODEL")
    assert choice.defaultValue() == "auto" == choice.options()[0]
    assert choice.options()[-1] == "custom"


def test_sensors_are_the_cards(plugin, algorithm, name):
    choice = algorithm.parameterDefinition("SENSOR")
    if name in ("align", "bench", "train", "models", "runtime"):
        assert choice is None
        return
    cards = sorted(path.stem for path in (ROOT / "resources" / "sensors").glob("*.json"))
    assert len(cards) > 9
    assert choice.options() == ["auto", *cards]
    assert choice.defaultValue() == "auto"


def test_interpreter_is_a_setting_of_the_provider(plugin):
    group = ProcessingConfig.getSettings()["KSDiff"]
    assert [s.name for s in group] == ["KSDIFF_PYTHON"]
    assert ProcessingConfig.getSetting("KSDIFF_PYTHON") in ("", None)
