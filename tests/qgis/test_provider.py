# SPDX-License-Identifier: GPL-2.0-or-later
"""The provider and the published interface of its algorithms."""

from __future__ import annotations

import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingParameterDefinition,
)

from ksdiff_qgis import paths

# Published: models, scripts and command lines use these names. Adding is fine, changing is not.
PARAMETERS = {
    "PAN": "raster",
    "PAN_BAND": "band",
    "MS": "raster",
    "MS_BANDS": "band",
    "MODEL": "enum",
    "MODEL_FILE": "file",
    "DEVICE": "enum",
    "TILE": "number",
    "SEED": "number",
    "EXTENT": "extent",
    "OUTPUT_TYPE": "enum",
    "NODATA": "number",
    "CREATION_OPTIONS": "string",
    "COG": "boolean",
    "OUTPUT": "rasterDestination",
}
ADVANCED = {"PAN_BAND", "MODEL_FILE", "TILE", "COG"}
OUTPUTS = {
    "OUTPUT": "outputRaster",
    "RATIO": "outputNumber",
    "TILES": "outputNumber",
    "SECONDS": "outputNumber",
    "DEVICE_USED": "outputString",
    "MODEL_USED": "outputString",
}


@pytest.fixture
def algorithm(plugin):
    made = QgsApplication.processingRegistry().createAlgorithmById("ksdiff:ksdiff")
    assert made is not None
    return made


def test_provider_is_registered(plugin):
    provider = QgsApplication.processingRegistry().providerById("ksdiff")
    assert provider.name() == "KSDiff"
    assert [a.id() for a in provider.algorithms()] == ["ksdiff:ksdiff"]
    assert not provider.icon().isNull()
    assert provider.supportedOutputRasterLayerExtensions() == ["tif"]


def test_names_are_frozen(algorithm):
    assert {d.name(): d.type() for d in algorithm.parameterDefinitions()} == PARAMETERS
    assert {d.name(): d.type() for d in algorithm.outputDefinitions()} == OUTPUTS
    assert list(PARAMETERS) == [d.name() for d in algorithm.parameterDefinitions()]


def test_what_few_need_is_advanced(algorithm):
    flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    advanced = {d.name() for d in algorithm.parameterDefinitions() if d.flags() & flag}
    assert advanced == ADVANCED


def test_every_parameter_is_explained(algorithm):
    for definition in algorithm.parameterDefinitions():
        assert len(definition.help()) > 20, definition.name()
    assert "PAN" in algorithm.shortHelpString()
    assert algorithm.helpUrl().startswith("https://")
    assert algorithm.displayName() == "KSDiff pansharpening"
    assert algorithm.group() == "Pansharpening"


def test_runs_in_the_background_and_can_be_cancelled(algorithm):
    flags = algorithm.flags()
    assert not flags & QgsProcessingAlgorithm.Flag.FlagNoThreading
    assert not flags & QgsProcessingAlgorithm.Flag.FlagRequiresProject
    assert flags & QgsProcessingAlgorithm.Flag.FlagCanCancel
    assert flags & QgsProcessingAlgorithm.Flag.FlagSupportsBatch


def test_choices_are_words(algorithm):
    for name, first in (("MODEL", "auto"), ("DEVICE", "auto"), ("OUTPUT_TYPE", "input")):
        choice = algorithm.parameterDefinition(name)
        assert choice.usesStaticStrings()
        assert choice.defaultValue() == first == choice.options()[0]
    assert algorithm.parameterDefinition("DEVICE").options() == ["auto", "cpu", "cuda"]
    assert algorithm.parameterDefinition("MODEL").options()[-1] == "custom"


def test_models_are_the_folders_with_weights(plugin, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RESOURCES", tmp_path)
    registry = QgsApplication.processingRegistry()

    def options():
        algorithm = registry.createAlgorithmById("ksdiff:ksdiff")
        return algorithm.parameterDefinition("MODEL").options()

    assert options() == ["auto", "custom"]
    for name in ("ksdiff-b", "ksdiff-a", "srino-a"):
        (tmp_path / "models" / name).mkdir(parents=True)
        (tmp_path / "models" / name / (name + ".safetensors")).touch()
    (tmp_path / "models" / "ksdiff-without-weights").mkdir()
    assert options() == ["auto", "ksdiff-a", "ksdiff-b", "custom"]


def test_interpreter_is_a_setting_of_the_provider(plugin):
    group = ProcessingConfig.getSettings()["KSDiff"]
    assert [s.name for s in group] == ["KSDIFF_PYTHON"]
    assert ProcessingConfig.getSetting("KSDIFF_PYTHON") in ("", None)
