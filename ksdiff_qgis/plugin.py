# SPDX-License-Identifier: GPL-2.0-or-later

"""The plugin: a provider, a menu, an action for raster layers. `unload` mirrors `initGui`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.PyQt import sip

from .algorithms.worker import WorkerAlgorithm
from .gui.result import ResultLayer
from .language import Language
from .provider import Provider
from .runtime.errors import RunError

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .gui.announce import Announcer
    from .gui.layermenu import LayerMenu
    from .gui.mainmenu import MainMenu


class Plugin:
    """What QGIS loads and unloads.

    Parameters
    ----------
    iface : QGIS' interface to its windows, None in `qgis_process`.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._language = Language()
        self._provider: Provider | None = None
        self._menu: LayerMenu | None = None
        self._main_menu: MainMenu | None = None
        self._announcer: Announcer | None = None

    def initProcessing(self) -> None:
        """Register the provider; all that `qgis_process` calls, so no window is touched."""
        self._language.install()
        self._provider = Provider()
        QgsApplication.processingRegistry().addProvider(self._provider)
        # Models find their steps among the algorithms that are registered by now.
        self._provider.refreshAlgorithms()

    def initGui(self) -> None:
        # Windows: not for `qgis_process`.
        from .gui.announce import Announcer
        from .gui.layermenu import LayerMenu
        from .gui.mainmenu import MainMenu

        self.initProcessing()
        if self._iface is not None:
            self._menu = LayerMenu(self._iface)
            self._main_menu = MainMenu(self._iface)
            self._announcer = Announcer(self._iface)
            WorkerAlgorithm.announce = self._announcer.tell
            self._look_for_runtime()

    def _look_for_runtime(self) -> None:
        """Offer to install what is not there, so that nobody has to fail first."""
        from .gui.runtime import in_use

        try:
            in_use()
        except RunError as error:
            self._announcer.miss_runtime(error.message, self._open_runtime)

    def _open_runtime(self) -> None:
        """Open the window of the runtime; what was missed is not any more when it is done."""
        window = self._main_menu.runtime()
        window.changed.connect(self._announcer.remove)

    def unload(self) -> None:
        if self._menu is not None:
            self._close()
        if self._provider is not None:
            # QGIS deletes the providers before the plugins when it quits.
            if not sip.isdeleted(self._provider):
                QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        ResultLayer.forget()
        self._language.remove()

    def _close(self) -> None:
        """Take away what there is to see."""
        from .gui import curve, dialogs
        from .gui.compare import BeforeView

        WorkerAlgorithm.announce = None
        BeforeView.forget()
        for shown in (self._announcer, self._main_menu, self._menu):
            shown.remove()
        self._announcer = self._main_menu = self._menu = None
        curve.remove_all()
        dialogs.delete_all()
