# SPDX-License-Identifier: GPL-2.0-or-later
"""Processing's dialog of an algorithm."""

from qgis.anything import named

AlgorithmDialog = named("AlgorithmDialog")
