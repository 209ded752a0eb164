# SPDX-License-Identifier: GPL-2.0-or-later
"""What a German QGIS writes and says: reports and progress have no English sentence left."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from qgis_helpers import run, write_pair

import ksdiff_qgis
from tools import translations

TEXTS = json.loads((translations.FOLDER / "ksdiff_de.json").read_text(encoding="utf-8"))


@pytest.fixture
def in_german(german, iface, qgis_processing, real_python, monkeypatch):
    """The plugin in a German QGIS, with the real worker."""
    made = ksdiff_qgis.classFactory(iface)
    made.initGui()
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    yield
    made.unload()


def pieces(text):
    """The words of a text between what is filled in, as far as they cannot be of another one."""
    plain = unescape(re.sub(r"<[^>]*>", "|", text))
    return [part.strip() for part in re.split(r"\{[^}]*\}|\$\w+|\|", plain) if part.count(" ") > 3]


def english_in(page):
    """Texts of the table that a page has in English: whole cells, and parts of sentences."""
    html = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    cells = {" ".join(unescape(cell).split()) for cell in re.findall(r">([^<]+)<", html)}
    plain = " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
    spoken = {text: german for text, german in TEXTS.items() if german != text}
    left = [text for text in spoken if text in cells and text not in TEXTS.values()]
    for text, german in spoken.items():
        if any(piece in plain for piece in set(pieces(text)) - set(pieces(german))):
            left.append(text)
    return left


def read(path):
    page = Path(path).read_text(encoding="utf-8")
    assert '<html lang="de">' in page
    return page


def test_reports_are_german(in_german, tmp_path):
    files = write_pair(tmp_path, size=(64, 64))
    report = str(tmp_path / "report.html")
    made = {**files, "OUTPUT": str(tmp_path / "result.tif"), "TEST_REPORT": report}
    result, feedback = run("classical", {**made, "METHOD": "auto"})
    page = read(report)
    assert "An der Szene verglichene Verfahren" in page and "mit Rückprojektion" in page
    assert english_in(page) == []
    assert any("Verfahren wurden an dieser Szene" in text for _, text in feedback.said)

    run("quality", {**files, "FUSED": result["OUTPUT"], "REPORT": report})
    page = read(report)
    assert "Güte von result.tif" in page and re.search(r"auf die Pixel von MS\s+vergröbert", page)
    assert re.search(r"\d\.\d{3}°", page), "numbers as in the other German texts"
    assert english_in(page) == []

    run("align", {**files, "OUTPUT": str(tmp_path / "moved.tif"), "REPORT": report})
    page = read(report)
    assert "Ausrichtung von" in page and english_in(page) == []


def test_an_english_page_is_noticed():
    assert english_in("<p>Nothing conspicuous in colours, detail, position and band order.</p>")
    assert english_in("<td>Departure</td>") == ["Departure"]
    assert english_in("<p>Nichts Auffälliges.</p>") == []


def test_progress_of_the_comparison_of_scenes_is_german(in_german, tmp_path):
    write_pair(tmp_path, size=(160, 160))
    _, feedback = run(
        "bench", {"DATA": str(tmp_path), "METHODS": ["exp", "gsa", "bdsd-pc", "scene-fit"]}
    )
    said = "\n".join(text for _, text in feedback.said)
    assert re.search(r", (verringerte|volle) Auflösung.*, scene: ", said)
    assert "reduced resolution" not in said and " tile " not in said
