# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff pansharpening: the side that QGIS loads (standard library and PyQGIS only)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .plugin import Plugin


def classFactory(iface: QgisInterface | None) -> Plugin:
    """Make the plugin; QGIS calls this once.

    Parameters
    ----------
    iface : QGIS' interface to its windows, None in `qgis_process`.
    """
    from .plugin import Plugin

    return Plugin(iface)
