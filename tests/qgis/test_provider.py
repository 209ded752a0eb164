# SPDX-License-Identifier: GPL-2.0-or-later
"""The provider, and the published interface of its algorithms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterDefinition,
)
from qgis_helpers import ROOT, provider

# What models, scripts and command lines use: algorithm -> "parameters" (name -> type), "choices"
# (name -> options), "defaults" (name -> value), "outputs" (name -> type). Entries are added with
# each release and never changed or removed.
PUBLISHED = json.loads((Path(__file__).parent / "interface.json").read_text(encoding="utf-8"))


@pytest.fixture
def algorithms(plugin):
    return {algorithm.name(): algorithm for algorithm in provider().algorithms()}


def test_provider_is_registered(plugin):
    assert provider().name() == "KSDiff"
    assert not provider().icon().isNull()
    assert provider().supportedOutputRasterLayerExtensions() == ["tif"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_interface_is_kept(algorithms, name):
    algorithm, published = algorithms[name], PUBLISHED[name]
    parameters = {d.name(): d for d in algorithm.parameterDefinitions()}
    outputs = {d.name(): d.type() for d in algorithm.outputDefinitions()}
    for parameter, kind in published["parameters"].items():
        assert parameters[parameter].type() == kind, parameter
    for parameter, options in published["choices"].items():
        assert set(options) <= set(parameters[parameter].options()), parameter
    for parameter, value in published["defaults"].items():
        assert parameters[parameter].defaultValue() == value, parameter
    for output, kind in published["outputs"].items():
        assert outputs[output] == kind, output


def test_new_parameters_are_optional(algorithms):
    """A script written for a published version still runs."""
    optional = QgsProcessingParameterDefinition.Flag.FlagOptional
    for name, published in PUBLISHED.items():
        for definition in algorithms[name].parameterDefinitions():
            if definition.name() not in published["parameters"]:
                has_default = definition.defaultValue() is not None
                assert has_default or definition.flags() & optional, definition.name()


def test_algorithms_are_documented(algorithms):
    for algorithm in algorithms.values():
        assert algorithm.shortHelpString() and algorithm.shortDescription(), algorithm.name()
        assert algorithm.group() and algorithm.tags()
        assert len(algorithm.shortHelpString().split()) <= 125, algorithm.name()
        assert not algorithm.icon().pixmap(32, 32).isNull(), algorithm.name()
        assert Path(algorithm.svgIconPath()).is_file()
        for definition in algorithm.parameterDefinitions():
            assert definition.help(), f"{algorithm.name()} {definition.name()}"


def test_algorithms_run_in_the_background_and_can_be_cancelled(algorithms):
    flag = QgsProcessingAlgorithm.Flag
    for algorithm in algorithms.values():
        if isinstance(algorithm, QgsProcessingModelAlgorithm):
            continue  # QGIS decides by the steps
        flags = algorithm.flags()
        assert not flags & flag.FlagNoThreading, algorithm.name()
        assert not flags & flag.FlagRequiresProject
        assert flags & flag.FlagCanCancel


def test_choices_are_words_and_say_how_to_write_them(algorithms):
    for algorithm in algorithms.values():
        for choice in algorithm.parameterDefinitions():
            if choice.type() == "enum":
                assert choice.usesStaticStrings(), choice.name()
                assert choice.defaultValue() in (*choice.options(), None)
                assert f"--{choice.name()}=" in choice.help()


def test_sensors_are_those_with_a_card(algorithms):
    cards = sorted(path.stem for path in (ROOT / "resources" / "sensors").glob("*.json"))
    assert "generic" in cards
    for name in ("ksdiff", "classical", "quality", "simulate", "trainingset"):
        assert algorithms[name].parameterDefinition("SENSOR").options() == ["auto", *cards]


def test_interpreter_is_a_setting_of_the_provider(plugin):
    assert [s.name for s in ProcessingConfig.getSettings()["KSDiff"]] == [
        "KSDIFF_PYTHON",
        "KSDIFF_SCHEDULER",
    ]
    assert ProcessingConfig.getSetting("KSDIFF_PYTHON") in ("", None)
