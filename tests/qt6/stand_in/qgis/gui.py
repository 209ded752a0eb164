# SPDX-License-Identifier: GPL-2.0-or-later
"""The widgets of qgis.gui as plain ones of Qt 6 with the same signals."""

from __future__ import annotations

import enum
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QGroupBox, QWidget

from .anything import named


class QgsMessageBar(QWidget):
    def pushMessage(self, *_: Any) -> None:
        pass

    def clearWidgets(self) -> None:
        pass


class QgsCollapsibleGroupBox(QGroupBox):
    def setCollapsed(self, _on: bool) -> None:
        pass


class QgsFileWidget(QWidget):
    fileChanged = pyqtSignal(str)
    StorageMode = enum.Enum("StorageMode", "GetFile GetDirectory GetMultipleFiles SaveFile")

    def setStorageMode(self, _mode: StorageMode) -> None:
        pass

    def setFilePath(self, path: str) -> None:
        self._path = path

    def filePath(self) -> str:
        return getattr(self, "_path", "")

    def setFilter(self, _filter: str) -> None:
        pass

    def setDialogTitle(self, _title: str) -> None:
        pass


class QgsProcessingAlgorithmDialogBase(QDialog):
    pass


def __getattr__(name: str) -> type:
    return named(name)
