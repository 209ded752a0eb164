# SPDX-License-Identifier: GPL-2.0-or-later
"""A GPU that is only pretended: tensors without values, which may not meet those of the CPU."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

aten = torch.ops.aten
#: Operations whose purpose is to bring a tensor to another device.
MOVES = (aten._to_copy.default, aten.copy_.default)


class PretendedGpu(TorchDispatchMode):
    """Torch's device ``meta`` as a GPU would behave.

    An operation on tensors of both devices fails, whether torch notices it on ``meta`` or not.
    What is read back is zero, and counted: a real GPU is waited for then. So it is where something
    is brought to it that the CPU may change; and `calls` counts operations.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reads = self.waits = self.calls = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        tensors = [x for x in tree_leaves((args, kwargs)) if isinstance(x, Tensor)]
        devices = {tensor.device.type for tensor in tensors}
        if func not in MOVES and len(devices) > 1:
            shapes = [(tensor.device.type, tuple(tensor.shape)) for tensor in tensors]
            raise AssertionError(f"{func} of tensors on several devices: {shapes}")
        self.calls += any(tensor.is_meta for tensor in tensors)
        if func is aten._to_copy.default and not args[0].is_meta and not kwargs.get("non_blocking"):
            self.waits += "meta" in str(kwargs.get("device"))
        if func is aten._local_scalar_dense.default and args[0].is_meta:
            self.reads += 1
            return 0.0
        if func is aten._to_copy.default and args[0].is_meta and "cpu" in str(kwargs.get("device")):
            self.reads += 1
            return torch.zeros(args[0].shape, dtype=kwargs.get("dtype") or args[0].dtype)
        if func is aten.copy_.default and args[1].is_meta and not args[0].is_meta:
            self.reads += 1
            return args[0].zero_()
        return func(*args, **kwargs)
