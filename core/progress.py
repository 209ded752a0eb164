# SPDX-License-Identifier: GPL-2.0-or-later
"""Progress of a step, and an estimate of the remaining time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock

Progress = Callable[[float, str], None]
"""Called with the fraction done (0..1) of a step and what is being done; may raise Cancelled."""


def silent(fraction: float, message: str) -> None:
    """Report nothing."""


class Pace:
    """Estimate the remaining time, and the progress within a tile, from the speed of recent tiles.

    The first tile includes the warm-up: its speed is used until others took ``enough`` seconds.
    Before it is done, a speed that was measured earlier is used, if there is one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, enough: float = 1.0) -> None:
        self._clock = clock
        self._enough = enough
        self._pixels_left: int | None = None
        self._piece = 0
        self._given: float | None = None
        self._begun = (0.0, 0)
        self._marks: deque[tuple[float, int]] = deque(maxlen=32)

    def start(self, pixels: int, piece: int = 0, seconds_per_pixel: float | None = None) -> None:
        """Start timing: `pixels` are to be computed, about `piece` at a time."""
        self._marks.clear()
        self._pixels_left, self._piece, self._given = pixels, piece, seconds_per_pixel
        self._begun = (self._clock(), pixels)

    def done(self, pixels: int) -> None:
        """Count a tile of `pixels` that was computed."""
        if self._pixels_left is not None:
            self._pixels_left -= pixels
            self._marks.append((self._clock(), self._pixels_left))

    def stop(self) -> None:
        """Stop timing: the tiles are done, and what follows has no estimate."""
        self._pixels_left = None

    def remaining(self) -> float | None:
        """Return the seconds until the last tile is done; None if there is no estimate."""
        left, speed = self._pixels_left, self._seconds_per_pixel()
        if left is None or speed is None:
            return None
        return max(0.0, speed * left - self._since())

    def under_way(self) -> float:
        """Return the estimated share of the remaining work that is done since the last tile."""
        left, speed = self._pixels_left, self._seconds_per_pixel()
        if not left or not speed:
            return 0.0
        # At most nine tenths: only `done` reports the end of a tile.
        return min(self._since() / speed, 0.9 * min(self._piece, left)) / left

    def _since(self) -> float:
        """Return the seconds since the last tile, or the start."""
        return self._clock() - (self._marks[-1] if self._marks else self._begun)[0]

    def _seconds_per_pixel(self) -> float | None:
        if self._marks:
            end, after = self._marks[-1]
            for begin, before in (self._marks[0], self._begun):
                if end - begin >= self._enough and before > after:
                    return (end - begin) / (before - after)
        return self._given


def duration(seconds: float) -> str:
    """Return a time as text: 90 s, 12 min, 3 h 5 min."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def scaled(progress: Progress, start: float, end: float) -> Progress:
    """Return the progress of a step that takes the bar from `start` to `end`."""
    return lambda fraction, message: progress(start + (end - start) * fraction, message)


def shared_progress(progress: Progress, costs: Sequence[float]) -> list[Progress]:
    """Return the progress of each of several steps that run at the same time, or one by one.

    A step has a share of the bar in proportion to its cost.
    """
    done, lock = [0.0] * len(costs), Lock()

    def of(number: int) -> Progress:
        def step(fraction: float, message: str) -> None:
            with lock:
                done[number] = max(done[number], fraction * costs[number] / sum(costs))
                progress(min(sum(done), 1.0), message)

        return step

    return [of(number) for number in range(len(costs))]


def labelled(progress: Progress, label: str) -> Progress:
    """Return the progress of a step whose messages begin with a label."""
    return lambda fraction, message: progress(fraction, f"{label}: {message}")
