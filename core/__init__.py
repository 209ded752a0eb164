# SPDX-License-Identifier: GPL-2.0-or-later
"""The fusion core: pansharpening without QGIS."""

from pathlib import Path

__version__ = "0.1.0"

#: Data files, beside `core/` in a checkout and installed.
RESOURCES = Path(__file__).resolve().parents[1] / "resources"
