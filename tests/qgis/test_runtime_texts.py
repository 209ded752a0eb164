# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts of the runtime: all are translated, and all name one command for an offline machine."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from qgis.PyQt.QtWidgets import QAbstractButton, QDialogButtonBox, QLabel
from qgis_helpers import ROOT, until
from test_runtime_diagnosis import OUTPUT

from ksdiff_qgis import language, paths
from ksdiff_qgis.gui.runtime import RuntimeDialog
from ksdiff_qgis.runtime import diagnosis, sizes
from ksdiff_qgis.runtime.environments import State, Status
from tools import translations

NAMES = ("KSDIFF_PYTHON", "KSDIFF_QGIS_HOME", "CPython", "SIGBUS")


@pytest.fixture
def foreign(monkeypatch):
    """A language without Latin letters; every text must be known to the translators."""
    known = translations.translated(translations.FOLDER / "ksdiff_de.ts")
    spoken = set()

    class Foreign:
        @staticmethod
        def translate(context: str, text: str) -> str:
            spoken.add(text)
            parts = re.split(r"(`[^`]*`|\{[^}]*\})", text)
            return "".join(
                part if part[:1] in ("`", "{") else re.sub("[A-Za-z]", "ж", part) for part in parts
            )

    monkeypatch.setattr(language, "QCoreApplication", Foreign)
    yield
    assert spoken - set(known) == set(), "make translations"


def english(text: str, *values: str) -> list[str]:
    """Words that were not translated; commands, paths and values are none."""
    for value in (*NAMES, urlsplit(paths.torch_cpu_page()).hostname, *values):
        text = text.replace(value, "")
    return re.findall(r"[A-Za-z]{3,}", re.sub(r"`[^`]*`|\S*/\S*", "", text))


@pytest.mark.parametrize("output", [output for kind, output in OUTPUT if kind])
def test_diagnosis_is_translated(foreign, output):
    found = diagnosis.diagnose(output)
    assert [word for word in english(found.message) if word not in output] == []
    assert english(found.remedy) == []


@pytest.mark.parametrize("state", list(State))
def test_status_is_translated(foreign, state):
    now = Status(state, "light")
    assert now.summary and english(f"{now.summary} {now.remedy}", "light") == []


def test_dialog_is_translated(plugin, foreign, home, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", "/no/python")
    monkeypatch.setattr(sizes, "find_gpus", lambda: [sizes.Gpu("NVIDIA", "590.1", (9, 0))])
    dialog = RuntimeDialog()
    dialog.show()
    try:
        until(lambda: not dialog.loading)
        close = dialog.buttons.button(QDialogButtonBox.StandardButton.Close)  # of Qt
        widgets = dialog.findChildren(QLabel) + dialog.findChildren(QAbstractButton)
        texts = [widget.text() for widget in widgets if widget is not close]
        assert len([text for text in texts if "ж" in text]) > 10
        assert [text for text in texts if english(text)] == []
    finally:
        dialog.close()
        dialog.deleteLater()


@pytest.mark.parametrize("size", ["light", "full"])
def test_offline_command_is_the_same_everywhere(size):
    for kind, output in OUTPUT:
        if kind in ("Network", "Wheel", "Proxy", "Certificate"):
            remedy = diagnosis.diagnose(output, size).remedy
            assert remedy.count(diagnosis.offline_command(size)) == 1
    for path in ("docs/offline.md", "resources/help/runtime.txt", "resources/help/de/runtime.txt"):
        assert diagnosis.offline_command("light") in (ROOT / path).read_text(encoding="utf-8")
