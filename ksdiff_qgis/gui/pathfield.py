# SPDX-License-Identifier: GPL-2.0-or-later
"""A field for a file or folder that waits for the end of typing."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QTimer, pyqtSignal

_PAUSE_MS = 500  # of no input, after which typing has ended


class PathField(QgsFileWidget):
    """A field for a file or folder; emits `settled` once the path exists or is empty.

    While the user is typing, the path is incomplete.
    """

    settled = pyqtSignal()

    def __init__(self, mode: QgsFileWidget.StorageMode) -> None:
        super().__init__()
        self.setStorageMode(mode)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_PAUSE_MS)
        self._wait.timeout.connect(self._settle)
        self.fileChanged.connect(lambda _path: self._wait.start())

    def _settle(self) -> None:
        path = self.filePath().strip()
        folder = self.storageMode() == QgsFileWidget.StorageMode.GetDirectory
        if not path or (Path(path).is_dir() if folder else Path(path).is_file()):
            self.settled.emit()
