# SPDX-License-Identifier: GPL-2.0-or-later
"""The progress bar, at a terminal and in a file."""

from __future__ import annotations

import io
import time

import pytest

from core.cli import console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_bar_is_redrawn_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    stream = Terminal()
    with console.ProgressBar(stream) as bar:
        for step in range(1000):
            now[0] += 0.01
            bar.show(step / 1000, "Tile 1 of 9", 61.0)
    lines = stream.getvalue().split("\r")
    assert 90 < len(lines) < 110
    assert stream.getvalue().count("\n") == 1
    assert "1 min 01 s left" in lines[-2]
    assert lines[-1].rstrip() == f"[{'#' * 30}] 100 %  Done"
    assert len(lines[-1].rstrip("\n")) == len(lines[-2])  # covers what it is drawn over


def test_new_stage_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1.0)
    stream = io.StringIO()
    with console.ProgressBar(stream) as bar:
        for fraction, message in ((0.0, "Preparing"), (0.01, "Tile 1 of 9"), (0.02, "Tile 2 of 9")):
            bar.show(fraction, message, None)
    assert [line.split("%  ")[1] for line in stream.getvalue().splitlines()] == [
        "Preparing",
        "Tile 1 of 9",
        "Done",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "go"),
        (0.2, "go, 0 s left"),
        (59.6, "go, 1 min 00 s left"),
        (7322, "go, 2 h 02 min left"),
    ],
)
def test_remaining_time_is_readable(seconds: float | None, text: str) -> None:
    assert console.bar_line(0.5, "go", seconds) == f"[{'#' * 15}{'.' * 15}]  50 %  {text}"
