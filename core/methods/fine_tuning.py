# SPDX-License-Identifier: GPL-2.0-or-later
"""Fine-tuning of a network to the scene, at reduced and at full resolution.

At reduced resolution the scene's MS is the reference, and the error is known. What is learnt there
need not hold at full resolution, where the network is used. So the steps of training alternate
at random between the two; at full resolution the loss needs no reference
(`core.methods.full_resolution_loss`). The alternation is that of arXiv 2505.06576.

`core.fusion.reduced_test` judges the fine-tuned network too. It does so where the network was
trained: only a part of the gain that it finds there counts (`core.fusion.selection_rule`).
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.errors import ModelError, out_of_memory
from core.imaging.arrays import Image
from core.methods.full_resolution_loss import FullResolution
from core.methods.full_resolution_windows import FullWindows
from core.methods.network_inputs import ReducedPairs, starting_image
from core.progress import Progress

log = logging.getLogger(__name__)

STEPS = 60
TIMED_STEPS = 4
"""Steps after which the time of all steps can be told, without that of the first.

On a GPU the first one also starts CUDA and loads its kernels, which takes seconds.
"""
BATCH = 4
RATE = 3e-4
ERROR_WEIGHTED = 0.5
"""Share of the loss in which a pixel weighs by its own error."""
FULL_STEPS = 0.5
"""Probability that a step is one at full resolution."""


@dataclass(frozen=True)
class TrainingSet:
    """`ReducedPairs` as tensors.

    inputs (K, ...) by name, reference (K, C, P, P), and valid (K, 1, P, P), 1 or 0.
    """

    inputs: dict[str, Tensor]
    reference: Tensor
    valid: Tensor

    @classmethod
    def of(cls, pairs: ReducedPairs, device: torch.device) -> TrainingSet:
        """Copy the pairs to a device."""
        inputs = {name: torch.from_numpy(value).to(device) for name, value in pairs.inputs.items()}
        valid = torch.from_numpy(pairs.valid[:, None]).to(device).float()
        return cls(inputs, torch.from_numpy(pairs.reference).to(device), valid)

    def draw(self, count: int, generator: torch.Generator) -> TrainingSet:
        """Return `count` windows, turned and mirrored together."""
        which = torch.randint(len(self.reference), (count,), generator=generator)
        which = which.to(self.reference.device)
        turn = int(torch.randint(8, (), generator=generator))

        def seen(values: Tensor) -> Tensor:
            chosen = values[which]
            if chosen.dim() > 2:
                chosen = chosen.rot90(turn % 4, (-2, -1))
                chosen = chosen.flip(-1) if turn >= 4 else chosen
            return chosen.contiguous()

        inputs = {name: seen(values) for name, values in self.inputs.items()}
        return TrainingSet(inputs, seen(self.reference), seen(self.valid))

    def loss(self, image: Tensor) -> Tensor:
        """Return the mean absolute error of the sharpened windows, half of it weighted by itself.

        Pixels with much error weigh more, since ERGAS is a root of squares.
        """
        error = (image - self.reference).abs() * self.valid
        mean = error.detach().mean().clamp(min=1e-6)
        return (error * (1 - ERROR_WEIGHTED + ERROR_WEIGHTED * error.detach() / mean)).mean()


def fine_tune(
    net: nn.Module,
    pairs: ReducedPairs,
    windows: FullWindows,
    detail_gain: Image,
    *,
    device: str,
    seed: int,
    seconds: float,
    progress: Progress,
) -> dict[str, Image]:
    """Train `net`, of whose detail `detail_gain` (C,) is added; return all its weights by name.

    With the time limit `seconds`, the result depends on the machine.

    Raises ModelError when time or memory are too short.
    """
    where = torch_device(device)
    try:
        data = TrainingSet.of(pairs, where), FullResolution.of(windows, where)
        gain = torch.from_numpy(detail_gain)[:, None, None].to(where)
        train(net.to(where), *data, gain, seed, seconds, progress)
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        raise ModelError("fine-tuning-failed", reason=error) from error
    return {k: v.detach().cpu().numpy() for k, v in net.state_dict().items()}


def torch_device(name: str) -> torch.device:
    """Return the device that the network runs on, or the CPU where torch has no CUDA."""
    if name.startswith("cuda") and not torch.cuda.is_available():
        log.warning("torch finds no working CUDA: the network is fine-tuned on the CPU.")
        return torch.device("cpu")
    return torch.device(name)


def train(
    net: nn.Module,
    data: TrainingSet,
    full: FullResolution,
    detail_gain: Tensor,
    seed: int,
    seconds: float,
    progress: Progress,
) -> None:
    """Train `net` in place; its weights become their average (EMA) over the last steps.

    `seed` decides what each step learns from, too.

    Raises ModelError when less than half of the steps can be done within `seconds`.
    """
    generator = torch.Generator().manual_seed(seed)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    weights: list[Tensor] = [p for p in net.parameters() if p.requires_grad]
    average = [value.detach().clone() for value in weights]
    optimiser = torch.optim.Adam(weights, lr=RATE)
    started, first = time.monotonic(), 0.0
    for step in range(STEPS):
        progress(step / STEPS, "Adapting the network to the scene")
        spent = time.monotonic() - started
        first = spent if step == 1 else first
        if _out_of_time(step, spent, first, seconds):
            break
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / 10) * (1 - 0.9 * step / STEPS)
        at_full = float(torch.rand((), generator=generator)) < FULL_STEPS
        batch = (full if at_full else data).draw(BATCH, generator)
        start = starting_image(batch.inputs)
        loss = batch.loss(start + detail_gain * (net(**batch.inputs) - start))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        decay = min(0.95, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(average, weights, 1 - decay)
    with torch.no_grad():
        torch._foreach_copy_(weights, average)


def _out_of_time(step: int, spent: float, first: float, seconds: float) -> bool:
    """Tell whether to end before `step`; raises ModelError if half of the steps cannot be done.

    `first` is what the first step took of the seconds `spent`.
    """
    half = STEPS // 2
    # A machine too slow for half of the steps is found out early.
    slow = step >= TIMED_STEPS and spent + (half - step) * (spent - first) / (step - 1) > seconds
    if step < half and (slow or spent > seconds):
        raise ModelError(
            "fine-tuning-too-slow", spent=spent, budget=seconds, step=step, steps=STEPS
        )
    if spent > seconds:
        log.warning(
            "After %g seconds, %d of %d steps to adapt to the scene were done: with more time "
            "the result does not depend on this machine.", seconds, step, STEPS,
        )  # fmt: skip
    return spent > seconds
