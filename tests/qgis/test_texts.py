# SPDX-License-Identifier: GPL-2.0-or-later
"""The texts of the plugin: translated, current, and short enough for QGIS' dialogs."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import re
from pathlib import Path

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator
from qgis_helpers import ROOT, create, provider

import ksdiff_qgis
from ksdiff_qgis import paths
from ksdiff_qgis.algorithms import methods
from ksdiff_qgis.gui.help import HelpWindow
from ksdiff_qgis.language import tr
from tools import translations

REMEDY = "make translations"
# Longer labels make their column wider than the pane, which cuts off the buttons to the right.
LONGEST_LABEL = 44  # characters


@pytest.fixture(params=translations.LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def known(language):
    return translations.translated(translations.FOLDER / f"ksdiff_{language}.ts")


@contextlib.contextmanager
def translated(language):
    """The compiled translation, installed."""
    translator = QTranslator()
    assert translator.load(str(translations.FOLDER / f"ksdiff_{language}.qm")), REMEDY
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def test_every_text_is_translated(known, qgis_processing):
    assert set(known) == set(translations.texts()), REMEDY
    assert [text for text, translation in known.items() if not translation] == []


@pytest.mark.parametrize("folder", ["gui", "layers", "runtime"])
def test_every_sentence_is_marked_for_translation(folder, qgis_processing):
    """The dynamic texts of the runtime are followed in `test_runtime_texts.py`."""
    marked = set(translations.texts())
    for path in (ROOT / "ksdiff_qgis" / folder).glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                node.value.value = ""  # a docstring
            text = getattr(node, "value", None)
            if isinstance(text, str) and re.search(r"^[A-Z{].*[a-z] [a-z].*[.:]$", text):
                assert text in marked, f"{path.name}: {text}"


def test_compiled_translation_is_current(language, known):
    with translated(language):
        assert {text: tr(text) for text in known} == known, REMEDY
        text = "Classical pansharpening"
        assert QCoreApplication.translate("Another", text) == text


def test_labels_and_the_first_page_of_the_help_are_in_the_language_of_qgis(plugin, iface):
    assert methods.label("gsa-bp") == "GSA with back-projection"
    with translated("de"):
        assert methods.label("scene-fit") == "Szenenanpassung"
        assert methods.label("gsa-bp") == "GSA mit Rückprojektion"
        assert methods.label("ksdiff") == "KSDiff"
        window = HelpWindow()
    first = Path(window.pages.source().toLocalFile())
    assert first == paths.DOCS / "deutsch.md" and first.is_file()
    assert "(index.md)" in first.read_text(encoding="utf-8"), "it leads to the other pages"


def test_placeholders_tags_and_keys_are_kept(known):
    for text, translation in known.items():
        for pattern in (r"\{[^}]*\}", r"</?\w+", r"&(?=\w)"):
            there, here = (sorted(re.findall(pattern, words)) for words in (text, translation))
            assert there == here, f"{text!r}: {there} but {here}"


def long_labels():
    """The labels of parameters that are too long in the current language."""
    algorithms = [create(algorithm.name()) for algorithm in provider().algorithms()]
    labels = [d.description() for each in algorithms for d in each.parameterDefinitions()]
    return [label for label in labels if len(label) > LONGEST_LABEL]


def test_labels_are_short(plugin, language):
    assert long_labels() == []
    with translated(language):
        assert long_labels() == []


def test_plugin_is_german_until_it_is_unloaded(german, iface, qgis_processing, home, monkeypatch):
    text = "Classical pansharpening"
    plugin = ksdiff_qgis.classFactory(iface)
    assert tr(text) == text
    monkeypatch.setattr(paths, "ROOT", home)  # no environment
    plugin.initGui()
    assert "Python-Umgebung von KSDiff" in iface.messageBar().currentItem().text()
    algorithm = QgsApplication.processingRegistry().algorithmById("ksdiff:classical")
    assert algorithm.displayName() == "Klassisches Pansharpening"
    assert "Schärft ein Multispektralbild" in algorithm.shortHelpString()
    plugin.unload()
    assert tr(text) == text


def test_translated_help_follows_the_english(language):
    """Each language keeps the check sums of the English texts that it was translated from."""
    folder = ROOT / "resources" / "help"
    lines = (folder / language / "english.sha256").read_text(encoding="utf-8").splitlines()
    followed = {name: check for check, name in map(str.split, lines)}
    english = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.txt")
    }
    assert followed == english, (
        f"update resources/help/{language}/ for the English texts that changed, then in "
        f"resources/help: sha256sum *.txt > {language}/english.sha256"
    )
    assert {path.name for path in (folder / language).glob("*.txt")} == set(english)


def test_composed_text_is_rejected(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('tr("a")\ntr(f"{x}")\n', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"module\.py:2"):
        list(translations.marked_texts(module))
