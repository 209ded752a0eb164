# SPDX-License-Identifier: GPL-2.0-or-later
"""The progress bar of a command, and its cancellation by a signal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, TextIO, TypeVar

from core.progress import Pace, Progress
from core.worker.cancellation import Stop, end_now
from core.worker.protocol import EXIT_CANCELLED

BAR_WIDTH = 30

R = TypeVar("R")


def carry_out(perform: Callable[[R, Progress, Pace], dict[str, Any]], request: R) -> dict[str, Any]:
    """Perform a request with a progress bar; an interruption leaves no file behind."""
    stop = Stop(force=lambda: end_now(EXIT_CANCELLED))
    pace = Pace()
    with stop.on_signals(), ProgressBar(sys.stderr) as bar:

        def progress(fraction: float, message: str) -> None:
            stop.check()
            bar.show(fraction, message, pace.remaining())

        return perform(request, progress, pace)


class ProgressBar:
    """A line that is redrawn in a terminal; elsewhere, a new line for each tenth."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._shown = -1.0
        self._drawn_at = 0.0
        self._stage: list[str] = []
        self._length = 0

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.show(1.0, "Done", None)
        if self._live and self._length:
            self._stream.write("\n")

    def show(self, fraction: float, message: str, remaining: float | None) -> None:
        """Draw the bar if it has changed enough."""
        now = time.monotonic()
        step = 0.001 if self._live else 0.1
        stage = message.split()[:1]  # a new stage is shown at once: its first tile may take long
        due = fraction >= 1.0 or stage != self._stage
        due = due or (fraction >= self._shown + step and now > self._drawn_at + 0.1)
        if not due or fraction <= self._shown:
            return
        self._shown, self._drawn_at, self._stage = fraction, now, stage
        line = bar_line(fraction, message, remaining)
        if self._live:
            self._stream.write("\r" + line.ljust(self._length))
            self._length = len(line)
        else:
            self._stream.write(line + "\n")
        self._stream.flush()


def bar_line(fraction: float, message: str, remaining: float | None) -> str:
    """Return for example ``[#######..............]  33 %  Tile 3 of 9, 12 s left``."""
    full = int(BAR_WIDTH * fraction)
    bar = "#" * full + "." * (BAR_WIDTH - full)
    left = "" if remaining is None else f", {_duration(remaining)} left"
    return f"[{bar}] {100 * fraction:3.0f} %  {message}{left}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
