# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin: provider, menus, messages. `unload` mirrors `initGui`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QTimer

from .algorithms.folder import FolderAlgorithm
from .algorithms.toolbox_entry import ToolboxEntry
from .algorithms.train import TrainAlgorithm, TrainingMonitor
from .algorithms.worker_algorithm import WorkerAlgorithm
from .language import Language
from .layers.result import ResultLayer
from .provider import Provider
from .runtime.errors import RunError

if TYPE_CHECKING:
    from qgis.core import QgsProcessingAlgorithm
    from qgis.gui import QgisInterface
    from qgis.PyQt.QtWidgets import QDialog, QWidget

    from .gui.editmodel import ToolboxActions
    from .gui.folder_results import Arrivals
    from .gui.help import HelpAddresses
    from .gui.mainmenu import MainMenu
    from .gui.message_bar import Announcer


class Plugin:
    """The object that QGIS loads and unloads.

    Parameters
    ----------
    iface : QGIS' interface to its windows, None in `qgis_process`.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._language = Language()
        self._provider: Provider | None = None
        self._announcer: Announcer | None = None
        self._arrivals: Arrivals | None = None
        self._help: HelpAddresses | None = None
        self._toolbox: ToolboxActions | None = None
        self.main_menu: MainMenu | None = None

    def initProcessing(self) -> None:
        """Register the provider, without any window, since `qgis_process` calls only this."""
        self._language.install()
        self._provider = Provider()
        QgsApplication.processingRegistry().addProvider(self._provider)
        # Models find their steps only among algorithms that are already registered.
        self._provider.refreshAlgorithms()

    def initGui(self) -> None:
        # Not imported in `qgis_process`.
        from .gui import stylebuttons
        from .gui.editmodel import ToolboxActions
        from .gui.folder_results import Arrivals
        from .gui.help import HelpAddresses
        from .gui.mainmenu import MainMenu
        from .gui.message_bar import Announcer

        self.initProcessing()
        if self._iface is not None:
            self.main_menu = MainMenu(self._iface)
            ToolboxEntry.make_dialog = self._make_dialog
            stylebuttons.install()
            self._toolbox = ToolboxActions()
            self._help = HelpAddresses(self.main_menu.help)
            ToolboxEntry.help_window = self._help.START
            self._announcer = Announcer(self._iface)
            WorkerAlgorithm.announce = self._announcer.show_summary
            TrainAlgorithm.open_monitor = self._open_curve
            self._arrivals = Arrivals()
            FolderAlgorithm.arrived = self._arrivals.add
            self._check_runtime()

    def _make_dialog(
        self, algorithm: QgsProcessingAlgorithm, parent: QWidget | None = None
    ) -> QDialog:
        """Return the dialog of an algorithm; it warns if the runtime that it needs is missing."""
        from .gui.pairdialog import make_dialog

        dialog = make_dialog(algorithm, parent)
        if algorithm.runtime_size:
            # Once it is shown: before, a dark theme gives the message the colours of the form.
            QTimer.singleShot(0, lambda: self._warn(dialog, algorithm.runtime_size))
        return dialog

    def _warn(self, dialog: QDialog, size: str) -> None:
        from .gui.message_bar import warn_in_dialog

        if self.main_menu is not None and not sip.isdeleted(dialog):
            warn_in_dialog(dialog, self.main_menu.runtime, size)

    def _open_curve(self, name: str) -> TrainingMonitor:
        from .gui.curve import open_curve

        return open_curve(name, self._iface.mainWindow())

    def _check_runtime(self) -> None:
        """Offer the Runtime window if there is no usable Python, before a run fails."""
        from .gui.runtime import in_use

        try:
            in_use()
        except RunError as error:
            self._announcer.show_missing_runtime(error.message, self._open_runtime)

    def _open_runtime(self) -> None:
        """Open the Runtime window; an installation there removes the message."""
        window = self.main_menu.runtime()
        window.changed.connect(self._announcer.remove)

    def unload(self) -> None:
        if self.main_menu is not None:
            self._remove_gui()
        if self._provider is not None:
            # QGIS deletes the providers before the plugins when it quits.
            if not sip.isdeleted(self._provider):
                QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        ResultLayer.release()
        self._language.remove()

    def _remove_gui(self) -> None:
        from .gui import background, curve, dialogs, preview, stylebuttons
        from .gui.compare import BeforeView

        self._help.remove()
        preview.remove()
        background.end_detached()
        stylebuttons.remove()
        if self._toolbox is not None:
            self._toolbox.remove()
        ToolboxEntry.make_dialog, ToolboxEntry.help_window = None, ""
        WorkerAlgorithm.announce = TrainAlgorithm.open_monitor = FolderAlgorithm.arrived = None
        self._arrivals = None
        BeforeView.release_all()
        for part in (self._announcer, self.main_menu):
            part.remove()
        self._announcer = self.main_menu = None
        curve.remove_all()
        dialogs.delete_all()
