# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures of experiments, drawn by matplotlib without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def blank_figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches, to be drawn on and saved."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
