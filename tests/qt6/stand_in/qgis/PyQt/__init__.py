# SPDX-License-Identifier: GPL-2.0-or-later
"""Qt 6 under the name by which QGIS 4 offers it."""

from PyQt6 import sip

__all__ = ["sip"]
