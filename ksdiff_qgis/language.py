# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts of the plugin in the language of QGIS, and numbers as its locale writes them."""

from __future__ import annotations

import string
from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from . import paths


class Text(str):
    """A text whose `format` writes floats with the decimal point of the locale."""

    def format(self, *in_turn: object, **named: object) -> str:
        return _Formatter().format(str(self), *in_turn, **named)


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, float):
            return formatted(value, format_spec)
        return super().format_field(value, format_spec)


def formatted(value: float, form: str) -> str:
    """Return a number in a form of `format`, e.g. ``.2f``, with the decimal point of the locale."""
    return with_local_point(format(value, form))


def with_local_point(number: str) -> str:
    """Return a number that is written with a point, with the decimal point of the locale."""
    return number.replace(".", QLocale().decimalPoint())


def tr(text: str) -> Text:
    """Translate a text of the plugin."""
    return Text(QCoreApplication.translate("KSDiff", text))


def later(text: str) -> str:
    """Mark a text for translation; `tr` translates it when it is shown."""
    return text


def name() -> str:
    """Return the language of the texts, as the worker knows it."""
    return tr("en")


class Language:
    """A translation, from `install` until `remove`."""

    def __init__(self) -> None:
        self._translator: QTranslator | None = None

    def install(self) -> None:
        """Install the translation into the language of QGIS, if there is one."""
        translator = QTranslator()
        locale = QLocale(QgsApplication.locale())
        if translator.load(locale, "ksdiff", "_", str(paths.RESOURCES / "i18n")):
            QCoreApplication.installTranslator(translator)
            self._translator = translator

    def remove(self) -> None:
        """Remove the translation."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
