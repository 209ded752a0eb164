# SPDX-License-Identifier: GPL-2.0-or-later
"""Classes of qgis.core with Qt signals; everything else answers anything."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QIcon

from .anything import Anything, named


class Qgis(Anything):
    QGIS_VERSION_INT = 40000


class QgsApplication(Anything):
    @staticmethod
    def getThemeIcon(_name: str) -> QIcon:
        return QIcon()

    @staticmethod
    def locale() -> str:
        return "de"

    @staticmethod
    def clipboard() -> Any:
        return QGuiApplication.clipboard()


class QgsProcessingFeedback(QObject):
    progressChanged = pyqtSignal(float)


class QgsTask(QObject):
    taskCompleted = pyqtSignal()

    @staticmethod
    def fromFunction(*_: Any, **__: Any) -> QgsTask:
        return QgsTask()


def __getattr__(name: str) -> type:
    return named(name)
