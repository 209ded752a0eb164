# SPDX-License-Identifier: GPL-2.0-or-later
"""The interface of an objective, and the random numbers of a training step."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

import torch
from torch import Tensor, nn

from core.networks.batch import Batch
from core.networks.config import NetworkConfig
from core.networks.trainable import TrainableNetwork
from training.batches import Batches, BatchShape
from training.distributed import Processes

Network = TypeVar("Network", bound=TrainableNetwork)
Config = TypeVar("Config", bound=NetworkConfig)
Weights = dict[str, Tensor]


class StepResult(NamedTuple):
    """The sharpened image (K*S, C, H, W), losses besides its own by name, and SRINO's H^."""

    image: Tensor
    losses: dict[str, Tensor]
    pseudo: Tensor | None = None


@dataclass(frozen=True)
class StepRandom:
    """Random numbers of a step, drawn for the whole batch, of which this process has `own` scenes.

    Several processes so train on the numbers that a single one would. They are drawn on the device
    of the training; `chance`, between 0 and 1, decides what is computed and is on the CPU, so that
    nothing waits for a GPU.
    """

    generator: torch.Generator
    device: torch.device
    shape: BatchShape
    own: range
    chance: float

    @classmethod
    def of(
        cls, seed: int, step: int, shape: BatchShape, processes: Processes, device: torch.device
    ) -> StepRandom:
        """Return the random numbers of a step. On a GPU its own generator is seeded for them."""
        seed = seed * 1_000_003 + step
        host = torch.Generator().manual_seed(seed)
        chance = float(torch.rand((), generator=host))
        generator = torch.Generator(device).manual_seed(seed)
        if device.type == "cuda":
            # The generator of the GPU itself is the one that a captured graph may use.
            index = torch.cuda.current_device() if device.index is None else device.index
            generator = torch.cuda.default_generators[index].manual_seed(seed)
        return cls(generator, device, shape, processes.shard(shape.scenes), chance)

    def normal(self, *shape: int) -> Tensor:
        """Return normal numbers for every window, (K*S, *shape)."""
        size = (self.shape.windows, self.shape.scenes, *shape)
        return self._own(torch.randn(size, **self._how), dim=1).flatten(0, 1)

    def steps(self, high: int) -> Tensor:
        """Return whole numbers below `high`, one a window, (K*S,)."""
        size = (self.shape.windows, self.shape.scenes)
        return self._own(torch.randint(high, size, **self._how), dim=1).flatten()

    def per_scene(self, *shape: int) -> Tensor:
        """Return numbers between 0 and 1 for every scene, (S, *shape)."""
        return self._own(torch.rand(self.shape.scenes, *shape, **self._how), dim=0)

    @property
    def _how(self) -> dict[str, Any]:
        return {"generator": self.generator, "device": self.device}

    def _own(self, drawn: Tensor, dim: int) -> Tensor:
        return drawn.narrow(dim, self.own.start, len(self.own))


class StepSettings(Protocol):
    """The fields of `training.recipe.Recipe` that objectives use."""

    @property
    def ddim_train_steps(self) -> int: ...
    @property
    def latent_weight(self) -> float: ...
    @property
    def self_conditioning(self) -> float: ...
    @property
    def first_share(self) -> float: ...


class Objective(ABC, Generic[Network, Config]):
    """How a method's network is trained and exported.

    Attributes
    ----------
    network, config : classes of the network and of its sizes.
    stage2_cost : time of a step of stage 2 relative to one of stage 1, for the progress.
    """

    network: type[Network]
    config: type[Config]
    stage2_cost: ClassVar[float]

    @abstractmethod
    def step(
        self, model: Network, stage: int, batch: Batch, random: StepRandom, settings: StepSettings
    ) -> StepResult:
        """Return image and losses of a training step; the image's own loss is not among them."""

    def is_variant(self, random: StepRandom, settings: StepSettings) -> bool:
        """Return whether `step` takes another branch by `random.chance`: it is recorded apart."""
        return False

    @abstractmethod
    def fusion_part(self, model: Network) -> nn.Module:
        """Return the fusion network in a network, which other methods have, too."""

    def fusion_weights(self, model: Network, batches: Batches) -> Weights:
        """Return the weights of the fusion network, for one with plain kernels."""
        return self.fusion_part(model).state_dict()

    @abstractmethod
    def card_fields(self, model: Network) -> dict[str, Any]:
        """Return the fields of the model card that only this method has."""

    @abstractmethod
    def receptive_field(self, config: Config) -> int:
        """Return the distance (PAN px) of the farthest input that one evaluation depends on."""

    @abstractmethod
    def graphs(self, model: Network, window: int) -> dict[str, bytes]:
        """Return the ONNX graphs by role, see `core.models.modelfile.ROLES`.

        Parameters
        ----------
        model : in evaluation mode.
        window : side of the example that is traced (PAN px).
        """


def on_grid(distance: int, config: NetworkConfig) -> int:
    """Return a distance (PAN px), rounded up to the grid on which windows lie."""
    return math.ceil(distance / config.multiple) * config.multiple
