# SPDX-License-Identifier: GPL-2.0-or-later

"""What every module of the algorithms needs: words, and what is told of them all."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

# Id and name of a group of the toolbox.
PANSHARPENING = ("pansharpening", "Pansharpening")
PREPARATION = ("preparation", "Preparation")
EVALUATION = ("evaluation", "Evaluation")
TRAINING = ("training", "Training")
RUNTIME = ("runtime", "Runtime")
HOMEPAGE = "https://github.com/ksdiff/ksdiff_qgis"


def tr(text: str) -> str:
    """Translate a text of the plugin."""
    return QCoreApplication.translate("KSDiff", text)
