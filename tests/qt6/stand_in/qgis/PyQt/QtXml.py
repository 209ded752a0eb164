# SPDX-License-Identifier: GPL-2.0-or-later
"""As in QGIS 4."""

from PyQt6.QtXml import *  # noqa: F403
