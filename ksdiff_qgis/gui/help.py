# SPDX-License-Identifier: GPL-2.0-or-later
"""The documentation that comes with the plugin, to be read without a network."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QImage
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from .. import paths
from ..language import tr

_START = "index.md"
_PICTURE = 2  # QTextDocument.ImageResource, which is passed as a number
_MARGIN = 24  # px, around a picture


class Pages(QTextBrowser):
    """Pages written in Markdown, with their links and pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.anchorClicked.connect(self.follow)

    def follow(self, link: QUrl) -> None:
        """Open a page here, and what is elsewhere in the browser."""
        url = self.source().resolved(link)
        if url.isLocalFile():
            self.setSource(url)
        else:
            QDesktopServices.openUrl(url)

    def loadResource(self, kind: int, url: QUrl) -> object:
        """A picture no wider than the window; everything else as it is."""
        found = super().loadResource(kind, url)
        if kind != _PICTURE:
            return found
        picture = QImage(self.source().resolved(url).toLocalFile())
        width = self.viewport().width() - _MARGIN
        if picture.isNull() or picture.width() <= width:
            return picture
        return picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)


class HelpWindow(QDialog):
    """A reader for the pages under `docs/`.

    Parameters
    ----------
    parent : the window it belongs to.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("KSDiff: help"))
        self.resize(860, 720)
        self.pages = Pages()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        back = buttons.addButton(tr("&Back"), QDialogButtonBox.ButtonRole.ActionRole)
        start = buttons.addButton(tr("&Contents"), QDialogButtonBox.ButtonRole.ActionRole)
        back.setEnabled(False)
        back.clicked.connect(self.pages.backward)
        start.clicked.connect(self.open_start)
        self.pages.backwardAvailable.connect(back.setEnabled)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.pages)
        layout.addWidget(buttons)
        self.open_start()

    def open_start(self) -> None:
        """Show the first page."""
        self.pages.setSource(QUrl.fromLocalFile(str(paths.DOCS / _START)))
