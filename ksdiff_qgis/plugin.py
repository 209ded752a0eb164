# SPDX-License-Identifier: GPL-2.0-or-later

"""The plugin: a provider, and an action for raster layers. `unload` mirrors `initGui`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.PyQt import sip

from .gui.result import ResultLayer
from .provider import Provider

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .gui.layermenu import LayerMenu


class Plugin:
    """What QGIS loads and unloads.

    Parameters
    ----------
    iface : QGIS' interface to its windows, None in `qgis_process`.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._provider: Provider | None = None
        self._menu: LayerMenu | None = None

    def initProcessing(self) -> None:
        """Register the provider; all that `qgis_process` calls, so no window is touched."""
        self._provider = Provider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        from .gui.layermenu import LayerMenu  # windows: not for `qgis_process`

        self.initProcessing()
        if self._iface is not None:
            self._menu = LayerMenu(self._iface)

    def unload(self) -> None:
        if self._menu is not None:
            self._menu.remove()
            self._menu = None
        if self._provider is not None:
            # QGIS deletes the providers before the plugins when it quits.
            if not sip.isdeleted(self._provider):
                QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        ResultLayer.forget()
