# SPDX-License-Identifier: GPL-2.0-or-later
"""A field for a file or a folder that waits until one has done typing."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QTimer, pyqtSignal

_TYPING_MS = 500  # a pause that ends typing


class PathField(QgsFileWidget):
    """Asks for a file or a folder; `settled` when it is there, or when there is none any more.

    While one types, the path names other things or nothing.
    """

    settled = pyqtSignal()

    def __init__(self, mode: QgsFileWidget.StorageMode) -> None:
        super().__init__()
        self.setStorageMode(mode)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_TYPING_MS)
        self._wait.timeout.connect(self._settle)
        self.fileChanged.connect(lambda _path: self._wait.start())

    def _settle(self) -> None:
        path = self.filePath().strip()
        folder = self.storageMode() == QgsFileWidget.StorageMode.GetDirectory
        if not path or (Path(path).is_dir() if folder else Path(path).is_file()):
            self.settled.emit()
