# SPDX-License-Identifier: GPL-2.0-or-later
"""Several processes that train one network together, started by torchrun.

Each takes its share of the scenes of the same batch, gradients are averaged, and all of them keep
the same weights. Scenes cannot be divided (their windows share kernels): a batch whose scenes do
not divide into the processes is computed whole by each of them, with the same result.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch
from torch import Tensor, distributed


@dataclass(frozen=True)
class Processes:
    """Rank of this process, and how many there are; one unless torchrun started more."""

    rank: int = 0
    world_size: int = 1

    @classmethod
    def join(cls, device: torch.device) -> Processes:
        """Join the processes that torchrun started: by nccl on GPUs, by gloo on CPUs."""
        if int(os.environ.get("WORLD_SIZE", "1")) == 1:
            return cls()
        if not distributed.is_initialized():
            distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
        return cls(distributed.get_rank(), distributed.get_world_size())

    @property
    def is_main(self) -> bool:
        """This process writes files and logs."""
        return self.rank == 0

    def shard(self, scenes: int) -> range:
        """Return which of a batch's scenes this process computes."""
        if scenes % self.world_size:
            return range(scenes)
        each = scenes // self.world_size
        return range(self.rank * each, (self.rank + 1) * each)

    def average(self, tensors: list[Tensor]) -> None:
        """Replace tensors, of any shapes, by their means over all processes, in one exchange."""
        if self.world_size == 1:
            return
        flat = torch.cat([t.flatten() for t in tensors])
        distributed.all_reduce(flat)
        parts = (flat / self.world_size).split([t.numel() for t in tensors])
        for tensor, mean in zip(tensors, parts, strict=True):
            tensor.copy_(mean.view_as(tensor))


#: One process that does everything.
ALONE = Processes()


def device_of(name: str) -> torch.device:
    """Return the device of this process; with ``cuda`` each process has a GPU of its own."""
    if name == "cuda" and "LOCAL_RANK" in os.environ:
        name = f"cuda:{os.environ['LOCAL_RANK']}"
    device = torch.device(name)
    if device.type == "cuda":
        torch.cuda.set_device(device)
    return device
