# SPDX-License-Identifier: GPL-2.0-or-later
"""All that the runtime says is translated where it is shown: here into a language without Latin."""

from __future__ import annotations

import json
import re

import pytest
from qgis.PyQt.QtWidgets import QAbstractButton, QDialogButtonBox, QLabel
from qgis_helpers import until
from test_runtime_words import GOOD, SAID

from ksdiff_qgis import language, paths
from ksdiff_qgis.gui.runtime import RuntimeDialog
from ksdiff_qgis.runtime import environment, envs, exits, managed, process, pythons
from ksdiff_qgis.runtime.diagnostics import diagnose
from ksdiff_qgis.runtime.errors import RunError
from ksdiff_qgis.runtime.signs import SIGNS
from tools import translations


class Foreign:
    """Translates every letter but those of commands and of places for values."""

    @staticmethod
    def translate(context: str, text: str) -> str:
        parts = re.split(r"(`[^`]*`|\{[^}]*\})", text)
        return "".join(p if p[:1] in ("`", "{") else re.sub("[A-Za-z]", "ж", p) for p in parts)


@pytest.fixture
def foreign(monkeypatch):
    monkeypatch.setattr(language, "QCoreApplication", Foreign)


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A machine on which nothing is installed."""
    monkeypatch.setattr(paths, "ROOT", tmp_path / "checkout")
    monkeypatch.setenv("KSDIFF_QGIS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def english(text: str, *values: str) -> list[str]:
    """Words that were not translated, but for commands, paths and other values."""
    for value in values:
        text = text.replace(value, "")
    return re.findall(r"[A-Za-z]{3,}", re.sub(r"`[^`]*`|\S*/\S*", "", text))


@pytest.mark.parametrize(("said", "kind"), [each[:2] for each in SAID])
def test_what_programs_say_is_told_in_the_users_language(foreign, said, kind):
    found = diagnose(said)
    assert found.kind == kind
    assert [word for word in english(found.message) if word not in said] == []
    assert english(found.remedy) == []


def test_every_text_of_the_table_is_known_to_the_translators():
    known = {text for _, text in translations.said(paths.HERE / "runtime" / "signs.py")}
    texts = {text for row in SIGNS for text in row[2:]} - {"{repair}"}
    assert len(texts) > 40
    assert texts - known == set()


def test_where_no_runtime_is_all_of_it_is_told_in_the_users_language(foreign, empty):
    with pytest.raises(RunError) as caught:
        environment.find(None, paths.ROOT, {})
    named = ("KSDIFF_PYTHON",)
    assert english(str(caught.value), *named) == []
    for variable, setting in (("/no/python", None), ("/usr", None), ("", "/no/python")):
        with pytest.raises(RunError) as caught:
            environment.find(setting, paths.ROOT, {"KSDIFF_PYTHON": variable})
        assert english(str(caught.value), *named) == []
    assert english(environment.find("/bin/sh", paths.ROOT, {}).origin) == []


@pytest.mark.parametrize("left", ["", envs.INCOMPLETE, envs.FACTS])
def test_the_state_is_told_in_the_users_language(foreign, empty, left):
    if left:
        folder = empty / "envs" / "light"
        folder.mkdir(parents=True)
        (folder / left).write_text('{"size": "light", "base": "/no/python"}')
    now = managed.status()
    assert now.message and english(now.message) == []


@pytest.mark.parametrize(
    ("code", "tail", "greeted"),
    [(-9, [], True), (-7, [], True), (0, [], False), (None, [], True), (2, [], True)],
)
def test_how_a_worker_ended_is_told_in_the_users_language(foreign, code, tail, greeted):
    assert english(str(exits.explain(code, tail, "/a/python", greeted)), "SIGBUS") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"version": [3, 9, 18]},
        {"cpython": False},
        {"venv": False},
        {"libc": ["", ""]},
        {"lacks": ["ssl: "]},
        {"system": "darwin", "machine": "arm64", "macos": "12.1"},
    ],
)
def test_why_a_python_will_not_do_is_told_in_the_users_language(foreign, tmp_path, changes):
    told = {**GOOD, **changes}
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\ncat <<'END'\n" + json.dumps(told) + "\nEND\n")
    python.chmod(0o755)
    with pytest.raises(RunError) as caught:
        pythons.find(str(python))
    assert english(str(caught.value), "ssl") == []


def test_the_time_that_is_left_is_told_in_the_users_language(foreign):
    for seconds in (5.0, 300.0, 9000.0):
        text = process._ProgressText().next("1 / 9", seconds, 0.0)
        assert text and english(text) == []


def test_the_window_is_in_the_users_language(plugin, foreign, empty, monkeypatch):
    monkeypatch.setenv("KSDIFF_PYTHON", "/no/python")
    dialog = RuntimeDialog()
    dialog.show()
    try:
        until(lambda: not dialog._tasks)
        close = dialog.buttons.button(QDialogButtonBox.StandardButton.Close)  # of Qt
        widgets = dialog.findChildren(QLabel) + dialog.findChildren(QAbstractButton)
        texts = [widget.text() for widget in widgets if widget is not close]
        assert len([text for text in texts if "ж" in text]) > 10
        assert [text for text in texts if english(text, "KSDIFF_PYTHON")] == []
    finally:
        dialog.close()
        dialog.deleteLater()
