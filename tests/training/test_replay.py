# SPDX-License-Identifier: GPL-2.0-or-later
"""Recorded training steps. There is no GPU here: a graph calls again what it has recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import torch
from small import recipe, scenes
from torch import Tensor

from core.networks.batch import Batch
from training import replay
from training.objectives.objective import StepRandom
from training.trainer import Trainer


class Tape:
    """A graph that computes again, on the memory that it has recorded."""

    recorded: ClassVar[list[Tape]] = []

    def __init__(self) -> None:
        self.replay: Callable[[], None] = lambda: None


class TapedReplay(replay.Replay):
    """Records the call of `backward` in place of the kernels that it starts."""

    def record_step(self, batch: Batch, random: StepRandom) -> replay.Recorded:
        recorded = super().record_step(batch, random)

        def again() -> None:
            self._forget_gradients()
            found = self.backward(recorded.batch, random)
            for name, value in found.items():
                recorded.losses[name].copy_(value)
            for mine, weight in zip(recorded.gradients, self.trained, strict=True):
                if mine is not None and weight.grad is not None:
                    mine.copy_(weight.grad)

        recorded.graph.replay = again  # type: ignore[method-assign]
        Tape.recorded.append(recorded.graph)  # type: ignore[arg-type]
        return recorded


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    @contextmanager
    def capture(graph: Tape, pool: Any, capture_error_mode: str) -> Iterator[None]:
        assert capture_error_mode == "thread_local"  # batches arrive meanwhile
        yield

    stream = SimpleNamespace(wait_stream=lambda other: None)
    for name, value in {
        "graph_pool_handle": object,
        "CUDAGraph": Tape,
        "graph": capture,
        "Stream": lambda: stream,
        "stream": lambda of: nullcontext(),
        "current_stream": lambda: stream,
        "synchronize": lambda: None,
    }.items():
        monkeypatch.setattr(torch.cuda, name, value)
    Tape.recorded.clear()
    yield


def trained(run: Trainer, steps: int = 8) -> dict[str, Tensor]:
    batches = run.batches
    for step in range(steps):
        run.train_step(step, batches.make(step), batches)
    return run.model.state_dict()


def test_replayed_steps_train_as_others_do(gpu: None, tmp_path: Path) -> None:
    plain = Trainer(recipe(batch=16), scenes(), tmp_path / "plain")
    taped = Trainer(recipe(batch=16), scenes(), tmp_path / "taped")
    taped.replay = TapedReplay(taped.backward, taped.trained)
    shapes = {plain.batches.shape(step) for step in range(8)}
    expected, found = trained(plain), trained(taped)
    assert 1 < len(shapes) == len(Tape.recorded) < 8
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, msg=name)


def test_what_cannot_be_recorded_is_computed(
    gpu: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: Any, **more: Any) -> None:
        raise RuntimeError("operation not permitted when stream is capturing")

    monkeypatch.setattr(torch.cuda, "graph", fails)
    plain = Trainer(recipe(), scenes(), tmp_path / "plain")
    eager = Trainer(recipe(), scenes(), tmp_path / "eager")
    eager.replay = replay.Replay(eager.backward, eager.trained)
    expected, found = trained(plain, 3), trained(eager, 3)
    assert all(found[name].equal(value) for name, value in expected.items())
    assert len([record for record in caplog.records if record.levelname == "WARNING"]) == 1
