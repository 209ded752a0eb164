# SPDX-License-Identifier: GPL-2.0-or-later
"""A learned method adapted to the scene: a fine-tuning on its own reduced-resolution pair.

One ratio coarser, the scene's MS is the truth. The network that knows the scene is trained there
for some steps, and then used at the scale above. A network that has become better at one scale need
not be better at the next, so `core.fusion.reduced_test` runs this method too: one ratio coarser it
adapts one ratio coarser still, and only if it wins there is it to be used.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import ModelError
from core.imaging.arrays import Image
from core.methods.network_inputs import Pairs
from core.methods.network_method import LearnedContext, LearnedMethod
from core.pair.reduced import AnyScene
from core.pair.scene import Patch
from core.progress import Progress, scaled

log = logging.getLogger(__name__)

BUDGET = 60.0
"""Seconds that the steps may take."""
STEPS = 60
TRIED = 4
"""Steps after which it is known how long all take."""
BATCH = 4
RATE = 3e-4
HARD = 0.5
"""Share of the loss in which a pixel weighs by its own error."""


@dataclass(frozen=True)
class Lessons:
    """`Pairs` to learn from.

    inputs (K, ...) by name, truth (K, C, P, P), and known (K, 1, P, P), which is 1 where there is a
    truth and 0 elsewhere.
    """

    inputs: dict[str, Tensor]
    truth: Tensor
    known: Tensor

    @classmethod
    def of(cls, pairs: Pairs, device: torch.device) -> Lessons:
        """On a device."""
        inputs = {name: torch.from_numpy(value).to(device) for name, value in pairs.inputs.items()}
        known = torch.from_numpy(pairs.known[:, None]).to(device).float()
        return cls(inputs, torch.from_numpy(pairs.truth).to(device), known)

    def draw(self, count: int, generator: torch.Generator) -> Lessons:
        """`count` windows, turned and mirrored together."""
        which = torch.randint(len(self.truth), (count,), generator=generator)
        turn = int(torch.randint(8, (), generator=generator))

        def seen(values: Tensor) -> Tensor:
            chosen = values[which]
            if chosen.dim() > 2:
                chosen = chosen.rot90(turn % 4, (-2, -1))
                chosen = chosen.flip(-1) if turn >= 4 else chosen
            return chosen.contiguous()

        inputs = {name: seen(values) for name, values in self.inputs.items()}
        return Lessons(inputs, seen(self.truth), seen(self.known))


class Adapted:
    """A learned method whose network learns on the scene in `prepare`.

    Parameters
    ----------
    method : the method, with a model for any number of bands.
    budget : seconds that the steps may take; with the time, the result depends on the machine.

    Raises
    ------
    ModelError : the model is bound to its sensor.
    """

    def __init__(self, method: LearnedMethod, budget: float = BUDGET) -> None:
        if method.card.profile != "scene":
            raise ModelError("model-not-fine-tunable", model=method.card.name, method=method.name)
        self.name = f"{method.name}-adapted"
        self.halo, self.align = method.halo, method.align
        self.method, self.budget = method, budget

    @property
    def rounds(self) -> int:
        """How often a window is gone through."""
        return self.method.rounds

    def sampling(self, context: LearnedContext, progress: Progress) -> Any:
        """What the method does where seeds are to matter, see `core.methods.uncertainty`."""
        return self.method.sampling(context, progress)  # type: ignore[attr-defined]

    def describe(self) -> dict[str, object]:
        """Method, model, and the device that was really used."""
        return {**self.method.describe(), "method": self.name}

    def fuse(self, patch: Patch, context: LearnedContext, **how: Any) -> Image:
        """Sharpen a window as the method does; `how` is what else it can be told."""
        return self.method.fuse(patch, context, **how)

    def prepare(self, scene: AnyScene, progress: Progress) -> LearnedContext:
        """As the method's, and the network adapted.

        Raises ModelError when the scene is too small to learn from, or time or memory too short.
        """
        method = self.method
        context, pairs = method.learnt(scene, scaled(progress, 0.0, 0.4))
        if not pairs:
            raise ModelError(
                "scene-too-small-to-fine-tune",
                height=scene.coarse.height,
                width=scene.coarse.width,
            )
        net = method.trainable(context)

        def told(fraction: float) -> None:
            progress(0.4 + 0.6 * fraction, "Adapting the network to the scene")

        device = torch.device("cuda" if method.used_device == "cuda" else "cpu")
        strength = torch.from_numpy(context.strength)[:, None, None].to(device)
        try:
            lessons = Lessons.of(pairs, device)
            tune(net.to(device), lessons, strength, method.seed, self.budget, told)
        except (MemoryError, RuntimeError) as error:
            # On the CPU torch has no class of its own for a lack of memory.
            if not isinstance(error, MemoryError | torch.OutOfMemoryError) and (
                "allocate" not in str(error)
            ):
                raise
            raise ModelError("fine-tuning-failed", reason=error) from error
        weights = {k: v.detach().cpu().numpy() for k, v in net.state_dict().items()}
        return method.adopted(context, weights)


def tune(
    net: nn.Module,
    lessons: Lessons,
    strength: Tensor,
    seed: int,
    budget: float,
    told: Callable[[float], None],
) -> None:
    """Train `net`, of whose detail `strength` (C, 1, 1) is added, on inputs by name.

    Its weights become their average over the last steps. Pixels with much error weigh more, since
    ERGAS is a root of squares.

    Raises ModelError when less than half of the steps can be done within `budget` seconds.
    """
    generator = torch.Generator().manual_seed(seed)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    weights = {name: p for name, p in net.named_parameters() if p.requires_grad}
    average = {name: value.detach().clone() for name, value in weights.items()}
    optimiser = torch.optim.Adam(weights.values(), lr=RATE)
    started = time.monotonic()
    for step in range(STEPS):
        told(step / STEPS)
        spent = time.monotonic() - started
        # Who will not do half of the steps in time need not use up the time to find that out.
        slow = step >= TRIED and spent * (STEPS // 2) > budget * step
        if step < STEPS // 2 and (slow or spent > budget):
            raise ModelError(
                "fine-tuning-too-slow", spent=spent, budget=budget, step=step, steps=STEPS
            )
        if spent > budget:
            log.warning(
                "After %g seconds, %d of %d steps to adapt to the scene were done: with more time "
                "the result does not depend on this machine.", budget, step, STEPS,
            )  # fmt: skip
            break
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / 10) * (1 - 0.9 * step / STEPS)
        batch = lessons.draw(BATCH, generator)
        lms = batch.inputs["lms"]
        hrms = lms + strength * (net(**batch.inputs) - lms)
        error = (hrms - batch.truth).abs() * batch.known
        mean = error.detach().mean().clamp(min=1e-6)
        loss = (error * (1 - HARD + HARD * error.detach() / mean)).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(weights.values(), 1.0)
        optimiser.step()
        keep = min(0.95, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, value in weights.items():
                average[name].lerp_(value, 1 - keep)
    with torch.no_grad():
        for name, value in weights.items():
            value.copy_(average[name])
