# SPDX-License-Identifier: GPL-2.0-or-later
"""Window for the documentation shipped with the plugin."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QImage
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from .. import paths
from ..language import tr

_START = "index.md"
_IMAGE = 2  # QTextDocument.ImageResource, passed as a number
_MARGIN = 24  # px, around an image


class Pages(QTextBrowser):
    """Shows Markdown pages with links and images."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.anchorClicked.connect(self.follow)

    def follow(self, link: QUrl) -> None:
        """Open a local page here, any other link in the browser."""
        url = self.source().resolved(link)
        if url.isLocalFile():
            self.setSource(url)
        else:
            QDesktopServices.openUrl(url)

    def loadResource(self, kind: int, url: QUrl) -> object:
        """Return a resource; an image is scaled down to the width of the window."""
        if kind != _IMAGE:
            return super().loadResource(kind, url)
        image = QImage(self.source().resolved(url).toLocalFile())
        width = self.viewport().width() - _MARGIN
        if image.isNull() or image.width() <= width:
            return image
        return image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)


class HelpWindow(QDialog):
    """A reader for the pages under `docs/`."""

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
