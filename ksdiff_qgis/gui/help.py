# SPDX-License-Identifier: GPL-2.0-or-later
"""Window for the documentation shipped with the plugin."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, Qt, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QDesktopServices, QImage
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from .. import paths
from ..language import tr

_SCHEME = "ksdiff-help"  # of the addresses of algorithms' helps
_MARKDOWN = 4  # QTextDocument.MarkdownResource, passed as a number
_IMAGE = 2  # QTextDocument.ImageResource, passed as a number
_MARGIN = 24  # px, around an image


class HelpAddresses(QObject):
    """Opens the help addresses of algorithms in the plugin's window, until `remove`.

    Parameters
    ----------
    show : shows the help of an algorithm, by its key.
    """

    START = f"{_SCHEME}:"  # of an address; the key follows

    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self._show = show
        QDesktopServices.setUrlHandler(_SCHEME, self, "open_address")

    def remove(self) -> None:
        """Stop opening the addresses."""
        QDesktopServices.unsetUrlHandler(_SCHEME)

    @pyqtSlot(QUrl)
    def open_address(self, url: QUrl) -> None:
        """Open an address. Qt calls this."""
        self._show(url.path())


class Pages(QTextBrowser):
    """Shows Markdown pages with links and images."""

    def __init__(self) -> None:
        super().__init__()
        self._helps: dict[str, str] = {}
        self.setOpenLinks(False)
        self.anchorClicked.connect(self.follow)

    def follow(self, link: QUrl) -> None:
        """Open a local page here, any other link in the browser."""
        url = self.source().resolved(link)
        if url.isLocalFile():
            self.setSource(url)
        else:
            QDesktopServices.openUrl(url)

    def open_text(self, name: str, text: str) -> None:
        """Show a text as a page among the others, under a name that no file has."""
        self._helps[name] = text
        self.setSource(QUrl.fromLocalFile(str(paths.DOCS / name)))

    def loadResource(self, kind: int, url: QUrl) -> object:
        """Return a resource; an image is scaled down to the width of the window."""
        if kind == _MARKDOWN and url.fileName() in self._helps:
            return self._helps[url.fileName()]
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
        """Show the first page in the user's language, which leads to all others."""
        self.pages.setSource(QUrl.fromLocalFile(str(paths.DOCS / _first_page())))

    def open_algorithm(self, key: str) -> None:
        """Show the help of an algorithm, and links to the pages."""
        algorithm = QgsApplication.processingRegistry().algorithmById(f"ksdiff:{key}")
        if algorithm is None:
            self.open_start()
            return
        text = algorithm.whole_help().replace("\n\n---\n\n", "\n\n")
        links = tr("[Choosing a method]({}) · [Every parameter]({}) · [Contents]({})")
        links = links.format("methods.md", "parameters.md", _first_page())
        page = f"# {algorithm.displayName()}\n\n{text}\n\n{links}\n"
        self.pages.open_text(f"{key}.help.md", page)


def _first_page() -> str:
    return tr("index.md")  # translated: the page of that language
