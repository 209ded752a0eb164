# SPDX-License-Identifier: GPL-2.0-or-later
"""Batches drawn by several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path

import pytest
import torch
from small import scenes

from core.networks.batch import Batch
from training import batches, patches
from training.batch_processes import made_by_processes, process_count
from training.batches import Batches
from training.scenes import TRAIN

ROOT = Path(__file__).parents[2]


@pytest.fixture
def stored(tmp_path: Path) -> Batches:
    """Return batches of a patch file's scenes."""
    patches.write(tmp_path / "data", scenes(), [])
    of = [scene for scene in patches.open(tmp_path / "data") if scene.part == TRAIN]
    return Batches(of, 8, 32, seed=1, stage=1)


def same(a: Batch, b: Batch) -> bool:
    pairs = [(getattr(a, field.name), getattr(b, field.name)) for field in fields(a)]
    return all(x.equal(y) if isinstance(x, torch.Tensor) else x == y for x, y in pairs)


def test_batches_are_the_same_however_many_processes_draw_them(stored: Batches) -> None:
    """And wherever a run goes on."""
    one, two = ([*stored.made(3, 7, count)] for count in (1, 2))
    assert len(one) == len(two) == 4
    assert all(map(same, one, two))
    # Here sums of matrix products may be taken by several threads, and round in another way.
    for step, batch in enumerate(one, start=3):
        torch.testing.assert_close(batch.lms, stored.make(step).lms, rtol=1e-4, atol=1e-4)


def test_scenes_in_memory_are_not_copied_to_processes(
    stored: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(batches, "made_by_processes", lambda make, steps, n: asked.append(n) or [])
    of = Batches([scene for scene in scenes() if scene.part == TRAIN], 4, 32, seed=1, stage=1)
    assert [same(a, of.make(n)) for n, a in enumerate(of.made(0, 2, 3))] == [True, True]
    assert not [*stored.made(0, 2, 3)] and asked == [3]


def test_processes_draw_for_a_gpu_only(stored: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(Batches, "made", lambda self, a, b, n: (asked.append(n) for _ in "x"))
    for device in ("cpu", "meta"):
        assert not [*stored.run(0, 1, torch.device(device))]
    assert asked == [0, process_count(1)] and process_count(1000) == 1


def test_what_goes_wrong_in_a_process_is_raised_here() -> None:
    made = made_by_processes(divided, [1, 0, 2], 2)
    assert next(made) == 1
    with pytest.raises(ZeroDivisionError):
        next(made)


def divided(step: int) -> float:
    return 1 / step


SCRIPT = """
import os, sys
from training.batch_processes import made_by_processes
def pid(step): return os.getpid()
if __name__ == "__main__":
    for number in made_by_processes(pid, range(100), 1):
        print(number, flush=True)
        sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_processes_end_with_the_one_that_began_them(tmp_path: Path) -> None:
    """Even where it is killed, as a cancelled training is."""
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "script.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert running(child)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        end = time.monotonic() + 20
        while running(child) and time.monotonic() < end:
            time.sleep(0.05)
        assert not running(child)


def running(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
