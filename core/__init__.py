# SPDX-License-Identifier: GPL-2.0-or-later
"""The fusion core: pansharpening without QGIS."""

__version__ = "0.1.0"
