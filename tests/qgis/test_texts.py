# SPDX-License-Identifier: GPL-2.0-or-later
"""The texts of the plugin: translated, current, and short enough for QGIS' dialogs."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import re
from pathlib import Path

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator
from qgis_helpers import ROOT, create, provider, run

import ksdiff_qgis
from ksdiff_qgis import paths
from ksdiff_qgis.algorithms import methods
from ksdiff_qgis.gui.help import HelpWindow
from ksdiff_qgis.language import formatted, tr
from ksdiff_qgis.runtime import worker_translation
from ksdiff_qgis.runtime.diagnosis import reported
from ksdiff_qgis.runtime.install_plan import amount
from ksdiff_qgis.runtime.worker_translation import in_users_words
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
    told = json.loads((translations.FOLDER / f"ksdiff_{language}.json").read_text("utf-8"))
    assert told == {text: known[text] for text in translations.worker_texts()}, REMEDY
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


def test_numbers_have_the_decimal_point_of_the_locale():
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        assert amount(1400) == "1,4 GB" and amount(14) == "14 MB"
        assert formatted(1.25, ".1f") == "1,2"
        assert tr("{:.2f} and {} of {name}").format(0.5, 3, name="v1.2") == "0,50 and 3 of v1.2"
        assert in_users_words("Prepared a.b in 1.5 s.") == "Prepared a.b in 1,5 s."
        table = worker_translation.table_in_users_words("a.1.tif   1.4710  -0.50 |")
        assert table == "a.1.tif   1,4710  -0,50 |"
    finally:
        QLocale.setDefault(before)


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


# --- the worker's sentences ---


def form_of(node):
    """A text of the core as the plugin lists it: with {} for what is named in it; else None."""
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"%[-+.\d]*[a-z]", "{}", node.value).replace("%%", "%")
    return None


def nodes(*folders):
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


# What the worker makes of parts.
MADE = {
    *("Pair {} of {}, {}: {}", "{} tile", "{} tiles", "{} window", "{} windows", "{} bands"),
    *("{} tile, {} steps each,", "{} tiles, {} steps each,"),
    *("{}: {}; ready.", "{}: {}; doubtful. {}", "{}: {}; no pair. {}", "{}: {}; left out."),
    *("{}: {}; left out. {}", "{}: {}; already there.", "{}: {}; already there. {}"),
    *("{}: {}; not sharpened. {}", "{}: held out", "{}: to train on", "{} pieces"),
    *("{} against {} ({})", "{} against {} ({}) and {} against {} ({})"),
    *("That is no gain: {} is at least as good.", "That is no gain: {} are at least as good."),
    *("### {}, {}, {} scene", "### {}, {}, {} scenes"),
    "{}, {}, {}: {}",
    "### All at {}: {} over that of a reference, {} sets, {} scenes",
}


def test_every_sentence_that_is_translated_is_one_of_the_worker():
    spoken = {form_of(node) for node in nodes("core", "training")} | MADE
    spoken |= {f"Tile {{}} of {{}}{more}" for more in ("", ", step {} of {}")}
    spoken.add("Error bar, tile {} of {}")
    assert set(worker_translation.SENTENCES) - spoken == set()


def test_every_sentence_of_the_progress_is_translated():
    said = set()
    for node in nodes(
        "core/fusion", "core/methods", "core/pair", "core/registration", "training/tasks"
    ):
        if isinstance(node, ast.Call) and len(node.args) == 2:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "progress":
                said.add(form_of(node.args[1]))
    said -= {None, "{}: {}"}  # made of others
    assert len(said) > 20
    assert said <= set(worker_translation.SENTENCES)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Tile 3 of 12", "Kachel 3 von 12"),
        ("Error bar, tile 1 of 2", "Fehlerbalken, Kachel 1 von 2"),
        ("Pair 1 of 2, a, b: Tile 1 of 4", "Paar 1 von 2, a, b: Kachel 1 von 4"),
        ("4 tiles in 0.55 s, 0.09 s of it waiting for the disk.", "4 Kacheln in 0.55 s, davon"),
        (
            "a was not sharpened: /a/b.tif cannot be read (TIFFReadDirectory). The file may be "
            "damaged or incomplete: copy it again.",
            "a wurde nicht geschärft: /a/b.tif ist nicht lesbar (TIFFReadDirectory). Die Datei ist",
        ),
        (
            "In use, on one piece of ground that it was not trained on, its ERGAS is 1.242: -0.7% "
            "against the scene fit (1.252) and -2.0% against the weights it began with (1.268). "
            "It is better than both there.",
            "Im Gebrauch, auf einem Stück Fläche, die nicht zum Training diente, ist sein ERGAS "
            "1.242: -0.7% gegen die Szenenanpassung (1.252) und -2.0% gegen die Gewichte, mit "
            "denen es begann (1.268). Dort ist es besser als beide.",
        ),
        ("4 tiles, 9 steps each, will take about 16 min on this device.", "4 Kacheln mit je 9"),
        (
            "a: a_pan.tif + a_ms.tif; no pair. Kein MS.",
            "a: a_pan.tif + a_ms.tif; kein Paar. Kein MS.",
        ),
        ("s, reduced, a: MS, tile 1 of 2", "s, reduced, a: MS, Kachel 1 von 2"),
        ("Something {new} of 3.", "Something {new} of 3."),
    ],
)
def test_sentences_of_the_worker_are_shown_in_the_language_of_qgis(said, shown):
    assert in_users_words(said) == said
    with translated("de"):
        assert in_users_words(said).startswith(shown)


def test_an_error_of_the_worker_is_told_in_the_language_of_qgis():
    said = {"kind": "InputError", "code": "pan-not-finer", "message": "M.", "remedy": "R."}
    event = {**said, "facts": {"pan": "p.tif", "ms": "m.tif", "size": "2 and 1"}}
    assert str(reported(event)) == "M.\nR."
    with translated("de"):
        error = reported(event)
        assert error.message == "PAN p.tif hat keine kleineren Pixel als MS m.tif: 2 and 1."
        assert error.remedy.startswith("Hat MS die kleineren Pixel, so sind PAN und MS vertauscht")
        for other in ({}, {"facts": {"pan": "p.tif"}}, {"code": "of-a-later-version"}):
            assert reported({**said, **other}).message == "M."
        nested = {"path": "a.tif", "reason": "There is not enough memory."}
        asked = {**said, "code": "output-not-writable", "facts": nested}
        assert "a.tif lässt sich nicht schreiben: Der Arbeitsspeicher" in reported(asked).message


def test_a_table_of_the_worker_has_heads_in_the_language_of_qgis_and_even_columns():
    rows = [
        "            ERGAS  reprojected   error  expected",
        "srino      1.4710       0.0530  0.",
    ]
    text = "### a, verringerte Auflösung, 1 scene\n\n" + "\n".join(rows)
    with translated("de"):
        title, _, heads, row = worker_translation.table_in_users_words(text).split("\n")
    assert title == "### a, verringerte Auflösung, 1 Szene" and row == rows[1]
    assert heads == "            ERGAS   vergröbert  Fehler  erwartet"
    assert worker_translation.table_in_users_words(text) == text


def test_a_run_is_told_in_the_language_of_qgis(plugin, files, tmp_path, real_python, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    given = {**files, "METHOD": "gsa", "OUTPUT": str(tmp_path / "out.tif")}
    with translated("de"):
        _, log = run("classical", given)
    said = [text for _, text in log.said]
    assert "Datei wird fertiggestellt" in said and "Statistik der Szene" in said
    assert [text for text in said if re.search(r"\b(the|of|with|is|as) ", text)] == []
