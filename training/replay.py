# SPDX-License-Identifier: GPL-2.0-or-later
"""Training steps on a GPU as CUDA graphs: one launch for the thousands of kernels of a step.

A step of small networks takes the CPU longer to launch than the GPU to compute. Batches come in few
shapes; the first of each shape is recorded, those after it are replayed on its memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from core.networks.batch import Batch
from training.objectives.objective import StepRandom

log = logging.getLogger(__name__)

#: Steps before the recording: libraries choose and load their kernels in them.
WARM_UP = 2

Backward = Callable[[Batch, StepRandom], dict[str, Tensor]]
"""Computes losses and adds their gradients to those of the weights."""


@dataclass(frozen=True)
class Recorded:
    """A step: its graph, the batch that it reads, its losses, and gradients weight by weight."""

    graph: torch.cuda.CUDAGraph
    batch: Batch
    losses: dict[str, Tensor]
    gradients: list[Tensor | None]


class Replay:
    """Computes losses and gradients of batches on a GPU, each shape by a graph of its own.

    Parameters
    ----------
    backward : what is recorded; nothing in it may wait for the GPU or bring data to it.
    trained : the weights that get gradients.

    Where a step cannot be recorded, all are computed as they come, with a warning.
    """

    def __init__(self, backward: Backward, trained: list[Tensor]) -> None:
        self.backward, self.trained = backward, trained
        self._steps: dict[tuple[object, ...], Recorded] = {}
        self._pool = torch.cuda.graph_pool_handle()
        self._recording = True

    def __call__(self, batch: Batch, random: StepRandom, variant: bool) -> dict[str, Tensor]:
        """Set the gradients of the weights; return the losses.

        `random` is that of the GPU's generator, `variant` what `backward` decides by `random`.
        """
        key = (batch.lms.shape, batch.scenes, variant)
        if self._recording and key not in self._steps:
            try:
                self._steps[key] = self.record_step(batch, random)
            except RuntimeError:
                log.warning("Steps are not recorded: slower.", exc_info=True)
                self._recording = False
                torch.cuda.synchronize()
                self._steps.clear()  # their memory may be what was missing
        if not self._recording:
            self._forget_gradients()
            return self.backward(batch, random)
        step = self._steps[key]
        for mine, theirs in zip(_tensors(step.batch), _tensors(batch), strict=True):
            mine.copy_(theirs)
        step.graph.replay()
        for weight, gradient in zip(self.trained, step.gradients, strict=True):
            weight.grad = gradient
        return {name: value.clone() for name, value in step.losses.items()}

    def record_step(self, batch: Batch, random: StepRandom) -> Recorded:
        batch = batch.copy()
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UP):
                self._forget_gradients()
                self.backward(batch, random)
        torch.cuda.current_stream().wait_stream(side)
        self._forget_gradients()
        graph = torch.cuda.CUDAGraph()
        # Other threads bring batches to the GPU meanwhile.
        with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
            losses = self.backward(batch, random)
        return Recorded(graph, batch, losses, [weight.grad for weight in self.trained])

    def _forget_gradients(self) -> None:
        for weight in self.trained:
            weight.grad = None


def _tensors(batch: Batch) -> list[Tensor]:
    values = [getattr(batch, field.name) for field in fields(batch)]
    return [value for value in values if isinstance(value, Tensor)]
