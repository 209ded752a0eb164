# SPDX-License-Identifier: GPL-2.0-or-later
"""As in QGIS 4, which keeps here what Qt 6 moved to QtGui."""

from PyQt6.QtGui import QAction, QActionGroup, QShortcut  # noqa: F401
from PyQt6.QtWidgets import *  # noqa: F403
