# SPDX-License-Identifier: GPL-2.0-or-later

"""What is told of all algorithms: their groups in the toolbox, and where they live."""

from __future__ import annotations

# Id and name of a group of the toolbox.
PANSHARPENING = ("pansharpening", "Pansharpening")
PREPARATION = ("preparation", "Preparation")
EVALUATION = ("evaluation", "Evaluation")
TRAINING = ("training", "Training")
RUNTIME = ("runtime", "Runtime")
HOMEPAGE = "https://github.com/ksdiff/ksdiff_qgis"
