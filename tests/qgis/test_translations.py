# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin speaks the language of QGIS: all is translated, what is shipped is current."""

from __future__ import annotations

import hashlib
import re

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator
from qgis_helpers import ROOT

import ksdiff_qgis
from ksdiff_qgis.language import tr
from tools import translations

REMEDY = "make translations"


@pytest.fixture(scope="module")
def sources():
    return translations.texts()


@pytest.fixture(params=translations.LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def known(language):
    return translations.translated(translations.FOLDER / f"ksdiff_{language}.ts")


def test_every_text_is_there_and_no_other(sources, known):
    assert set(known) == set(sources), REMEDY


def test_every_text_is_translated(known):
    assert [text for text, translation in known.items() if not translation] == []


@pytest.fixture
def shipped(language):
    """The compiled translation, installed."""
    translator = QTranslator()
    assert translator.load(str(translations.FOLDER / f"ksdiff_{language}.qm")), REMEDY
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def test_what_is_shipped_is_what_was_translated(shipped, known):
    assert {text: tr(text) for text in known} == known, REMEDY
    assert QCoreApplication.translate("Another", "Classical pansharpening")[:9] == "Classical"


def test_places_for_values_are_kept(known):
    """What Python fills in, tags of HTML, and keys: each as often as in the original."""
    for text, translation in known.items():
        for pattern in (r"\{[^}]*\}", r"</?\w+", r"&(?=\w)"):
            there, here = (sorted(re.findall(pattern, words)) for words in (text, translation))
            assert there == here, f"{text!r}: {there} but {here}"


def test_the_plugin_speaks_german_until_it_is_unloaded(german, iface, qgis_processing):
    text = "Classical pansharpening"
    plugin = ksdiff_qgis.classFactory(iface)
    assert tr(text) == text
    plugin.initGui()
    algorithm = QgsApplication.processingRegistry().algorithmById("ksdiff:classical")
    assert algorithm.displayName() == "Klassisches Pansharpening"
    assert "Schärft ein Multispektralbild" in algorithm.shortHelpString()
    plugin.unload()
    assert tr(text) == text


def test_other_languages_are_english(iface, qgis_processing):
    plugin = ksdiff_qgis.classFactory(iface)
    plugin.initGui()
    assert tr("Classical pansharpening") == "Classical pansharpening"
    plugin.unload()


def test_help_is_there_in_every_language(language):
    english = {path.name for path in (ROOT / "resources" / "help").glob("*.txt")}
    translated = {path.name for path in (ROOT / "resources" / "help" / language).glob("*.txt")}
    assert english == translated


def test_no_help_is_older_than_the_english(language):
    """Each language keeps the check sums of the texts that it was translated from."""
    folder = ROOT / "resources" / "help"
    lines = (folder / language / "english.sha256").read_text(encoding="utf-8").splitlines()
    followed = {name: check for check, name in map(str.split, lines)}
    now = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.txt")
    }
    assert followed == now, (
        f"have resources/help/{language}/ follow the English texts that changed, then in "
        f"resources/help: sha256sum *.txt > {language}/english.sha256"
    )


def test_a_text_put_together_is_found(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('tr("a")\ntr(f"{x}")\n', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"module\.py:2"):
        list(translations.said(module))
