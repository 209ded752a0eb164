# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures of the plugin's windows for docs/images: in QGIS, on a screen in memory."""
