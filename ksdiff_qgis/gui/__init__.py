# SPDX-License-Identifier: GPL-2.0-or-later
"""Windows, menus and messages of the plugin in QGIS."""
