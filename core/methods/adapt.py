# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff adapted to the scene: a short fine-tuning on the scene's own reduced-resolution pair.

One ratio coarser, the scene's MS is the truth. The plain network that `prepare` makes of the model
and the scene's kernels is trained there for some steps, and then used at the scale above. A network
that has become better at one scale need not be better at the next, so `core.scenetest` runs this
method too: one ratio coarser it adapts one ratio coarser still, and only if it wins there is it to
be used.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor, nn

from core import modelfile
from core.backends import Array, Graph
from core.errors import ModelError
from core.methods.ksdiff import KSDiffContext, KSDiffMethod
from core.methods.pairs import Pairs
from core.networks.ksdiff import KSDiffConfig
from core.networks.pannext import PanNeXtU
from core.progress import Progress
from core.reduced import AnyScene

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

    pan (K, 2, P, P), lms and truth (K, C, P, P), gain (K, C), details (K, C, D, P, P), and known
    (K, 1, P, P), which is 1 where there is a truth and 0 elsewhere.
    """

    pan: Tensor
    lms: Tensor
    gain: Tensor
    details: Tensor
    truth: Tensor
    known: Tensor

    @classmethod
    def of(cls, pairs: Pairs, device: torch.device) -> Lessons:
        """On a device."""
        values = {**pairs.inputs, "truth": pairs.truth}
        tensors = {name: torch.from_numpy(value).to(device) for name, value in values.items()}
        return cls(**tensors, known=torch.from_numpy(pairs.known[:, None]).to(device).float())

    def draw(self, count: int, generator: torch.Generator) -> Lessons:
        """`count` windows, turned and mirrored together."""
        which = torch.randint(len(self.pan), (count,), generator=generator)
        turn = int(torch.randint(8, (), generator=generator))

        def seen(values: Tensor) -> Tensor:
            chosen = values[which]
            if chosen.dim() > 2:
                chosen = chosen.rot90(turn % 4, (-2, -1))
                chosen = chosen.flip(-1) if turn >= 4 else chosen
            return chosen.contiguous()

        return Lessons(*(seen(getattr(self, f.name)) for f in fields(self)))


class AdaptedKSDiff(KSDiffMethod):
    """KSDiff, and `prepare` fine-tunes its network on the scene; see `KSDiffMethod` for the rest.

    Parameters
    ----------
    budget : seconds that the steps may take; with the time, the result depends on the machine.
    """

    name = "ksdiff-adapted"

    def __init__(self, *args: object, budget: float = BUDGET, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.budget = budget
        if self.card.profile != "scene":
            raise ModelError(
                f"{self.card.name} is bound to its sensor and is not adapted to scenes.",
                "Use ksdiff, or a model for any number of bands.",
            )

    def prepare(self, scene: AnyScene, progress: Progress) -> KSDiffContext:
        """As KSDiff's, and the network adapted.

        Raises ModelError when the scene is too small to learn from, or time or memory too short.
        """
        context, pairs = self._learnt(scene, lambda f, text: progress(0.4 * f, text))
        if not pairs:
            raise ModelError(
                f"This scene is too small to adapt to: {scene.coarse.height} x "
                f"{scene.coarse.width} MS pixels, or most of them without data.",
                "Sharpen it with the network as it is.",
            )
        net = self._network(context)

        def told(fraction: float) -> None:
            progress(0.4 + 0.6 * fraction, "Adapting the network to the scene")

        device = torch.device("cuda" if self.used_device == "cuda" else "cpu")
        strength = torch.from_numpy(context.strength)[:, None, None].to(device)
        try:
            lessons = Lessons.of(pairs, device)
            tune(net.to(device), lessons, strength, self.seed, self.budget, told)
        except (MemoryError, RuntimeError) as error:
            # On the CPU torch has no class of its own for a lack of memory.
            if not isinstance(error, MemoryError | torch.OutOfMemoryError) and (
                "allocate" not in str(error)
            ):
                raise
            raise ModelError(
                f"Adapting to the scene failed: {error}", "Go on without adaptation."
            ) from error
        weights = {k: v.detach().cpu().numpy() for k, v in net.state_dict().items()}
        network = Graph(self.model.graph("fuse"), self.device, weights)
        return replace(context, network=network, weights=weights)

    def _network(self, context: KSDiffContext) -> PanNeXtU:
        """The fusion network with the scene's kernels, to be trained."""
        config = KSDiffConfig.from_json(self.card.network)
        net = PanNeXtU(config.bands, config.unet_dims, config.unet_depths, None, config.c_z)
        stored: dict[str, Array] = {
            name.removeprefix("net."): value
            for name, value in modelfile.read_weights(self.model.path).items()
            if name.startswith("net.") and ".generator." not in name
        }
        stored.update(context.weights)
        net.load_state_dict({name: torch.tensor(value) for name, value in stored.items()})
        return net


def tune(
    net: nn.Module,
    lessons: Lessons,
    strength: Tensor,
    seed: int,
    budget: float,
    told: Callable[[float], None],
) -> None:
    """Train `net`, of whose detail `strength` (C, 1, 1) is added.

    Its weights become their average over the last steps. Pixels with much error weigh more, since
    ERGAS is a root of squares.

    Raises ModelError when less than half of the steps can be done within `budget` seconds.
    """
    generator = torch.Generator().manual_seed(seed)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    weights = dict(net.named_parameters())
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
                f"After {spent:.0f} of {budget:g} seconds, {step} of {STEPS} steps to adapt to the "
                "scene were done: too slow.",
                "Allow more time for it, or take KSDiff as it is.",
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
        hrms = net(batch.pan, batch.lms, batch.gain, batch.details)
        hrms = batch.lms + strength * (hrms - batch.lms)
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
