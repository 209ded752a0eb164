# SPDX-License-Identifier: GPL-2.0-or-later
"""Export of a module to an ONNX graph, and the receptive field of the U-Net."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from core.networks.config import NetworkConfig

OPSET = 17
Axes = dict[str, dict[int, str]]
"""Name of an input or output -> axis -> name of its variable size."""


def unet_receptive_field(config: NetworkConfig) -> int:
    """Return the distance (PAN px) of the farthest input that changes an output pixel of the U-Net.

    Followed from each place a pixel can have in the coarsest grid: halving rounds.
    """
    *depths, bottom = config.unet_depths
    ends = 2 if config.bands is None else 1  # 3x3 convolutions before and after the U-Net
    stride = config.unet_stride
    before = ends if stride == 1 else ends - 1  # of the pixels of the body
    farthest = 0
    for place in range(stride * 2 ** len(depths)):
        pixel = place // stride
        low, high = pixel - ends, pixel + ends
        for blocks in depths:
            low, high = (low - 3 * blocks) // 2, (high + 3 * blocks) // 2
        low, high = low - 3 * bottom, high + 3 * bottom
        for blocks in reversed(depths):
            low, high = 2 * low - 3 * blocks, 2 * high + 1 + 3 * blocks
        low, high = low - before, high + before
        if stride > 1:  # the first convolution reaches half a stride beyond its pixels
            low, high = stride * low - stride // 2, stride * (high + 1) - 1 + stride // 2
        farthest = max(farthest, place - low, high - place)
    return farthest


def export_named(
    module: nn.Module, inputs: Sequence[Tensor], names: list[str], outputs: list[str], axes: Axes
) -> bytes:
    """Export as `export_graph`, every parameter under its own name; the module's values are lost.

    The exporter makes one weight of parameters with equal values, such as biases of zeros; so
    it gets different ones, and the values come after.
    """
    import onnx  # which training does without

    values = {name: p.detach().cpu().numpy().copy() for name, p in module.named_parameters()}
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(0.5, 1)
    graph = onnx.load_model_from_string(export_graph(module, inputs, names, outputs, axes))
    for weight in graph.graph.initializer:
        if weight.name in values:
            weight.CopyFrom(onnx.numpy_helper.from_array(values[weight.name], weight.name))
    return bytes(graph.SerializeToString())


def export_graph(
    module: nn.Module, inputs: Sequence[Tensor], names: list[str], outputs: list[str], axes: Axes
) -> bytes:
    """Return the ONNX graph of a module, with named inputs and outputs of variable size."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The tracing exporter keeps the parameters' names. Unfolded, each parameter stays what it
        # is: kernels are replaced in the graph, and so are all weights after fine-tuning.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            tuple(inputs),
            buffer,  # type: ignore[arg-type]
            input_names=names,
            output_names=outputs,
            dynamic_axes={k: v for k, v in axes.items() if k in (*names, *outputs)},
            opset_version=OPSET,
            do_constant_folding=False,
            dynamo=False,
        )
    return buffer.getvalue()
