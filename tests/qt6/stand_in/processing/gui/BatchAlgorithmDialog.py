# SPDX-License-Identifier: GPL-2.0-or-later
"""Processing's dialog of a batch."""

from qgis.anything import named

BatchAlgorithmDialog = named("BatchAlgorithmDialog")
