# SPDX-License-Identifier: GPL-2.0-or-later
"""Translation of the plugin's texts into the language of QGIS."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from . import paths


def tr(text: str) -> str:
    """Translate a text of the plugin."""
    return QCoreApplication.translate("KSDiff", text)


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
