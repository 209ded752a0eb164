# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels of parameters fit into the dialogs of QGIS at their first size."""

from __future__ import annotations

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from tools import translations

# Longer ones make the column wider than its pane, which then cuts off the buttons on its right.
LONGEST = 44  # characters


@pytest.fixture(params=["en", *translations.LANGUAGES])
def language(request, plugin):
    translator = QTranslator()
    known = translator.load(str(translations.FOLDER / f"ksdiff_{request.param}.qm"))
    assert known or request.param == "en"
    QCoreApplication.installTranslator(translator)
    yield request.param
    QCoreApplication.removeTranslator(translator)


def test_labels_are_short(language):
    registry = QgsApplication.processingRegistry()
    names = [one.id() for one in registry.providerById("ksdiff").algorithms()]
    made = [registry.createAlgorithmById(name) for name in names]  # in this language
    labels = {
        (one.id(), definition.name()): definition.description()
        for one in made
        for definition in one.parameterDefinitions()
    }
    assert len(labels) > 50
    assert {key: text for key, text in labels.items() if len(text) > LONGEST} == {}
