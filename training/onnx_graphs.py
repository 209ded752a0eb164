# SPDX-License-Identifier: GPL-2.0-or-later
"""The ONNX graphs of trained networks, by role, and their receptive fields.

KSDiff: ``context``, windows of a scene to its kernels (PLFE2, the whole DDIM chain, the
generators), and ``fuse``, the fusion network as a plain convolutional network whose depth-wise
weights carry the names under which the context graph returns the scene's kernels.

SRINO: ``begin``, a window to V and the pseudo-HRMS; ``blur``, windows to the scene's blur kernels;
one step of the sampling as ``context``, which sees windows of the scene and returns its contexts
and gates, too, and as ``fuse``, which is given them.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Sequence
from copy import deepcopy

import onnx
import torch
from torch import Tensor, nn

from core.networks.batch import Batch
from core.networks.denoiser import SceneContext
from core.networks.ksdiff import KSDiff, KSDiffConfig, fusion_network
from core.networks.srino import SRINO, Prediction, PredictorStage, SRINOConfig

OPSET = 17
Axes = dict[str, dict[int, str]]
"""Name of an input or output -> axis -> name of its variable size."""


def unet_receptive_field(config: KSDiffConfig | SRINOConfig) -> int:
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


def receptive_field(config: KSDiffConfig | SRINOConfig) -> int:
    """Return the distance (PAN px) that one evaluation looks, as a multiple of the windows' grid.

    Of SRINO it is that of V: the U-Net and the convolution to the operator's pixels, or for a
    fixed number of bands ten 3x3 convolutions.
    """
    if isinstance(config, KSDiffConfig):
        far = unet_receptive_field(config)
    else:
        far = unet_receptive_field(config) + config.stride if config.bands is None else 10
    return math.ceil(far / config.multiple) * config.multiple


def step_receptive_field(config: SRINOConfig) -> int:
    """Return the distance (PAN px) that a sampling step looks, as a multiple of the windows' grid.

    Two 3x3 convolutions before each layer, those of the stem, and at the finest resolution one
    more, whose pixels are then grouped.
    """
    far = config.stride * (2 * config.layers + (2 if config.bands is None else 5))
    far += 1 + 2 * (config.stride - 1)
    return math.ceil(far / config.multiple) * config.multiple


def plain_network(model: KSDiff) -> nn.Module:
    """Return the fusion network without generators: its base kernels under the kernels' names."""
    plain = fusion_network(model.config, plain=True)
    weights = {k: v for k, v in model.net.state_dict().items() if ".generator." not in k}
    plain.load_state_dict(weights)
    return plain.eval()


def graphs(model: KSDiff | SRINO, window: int) -> dict[str, bytes]:
    """Return the ONNX graphs, by role; `window` is the side of an example (PAN px)."""
    model.eval()
    return _of_ksdiff(model, window) if isinstance(model, KSDiff) else _of_srino(model, window)


class _Context(nn.Module):
    """KSDiff's ``context``: windows, LMS `(K, C, H, W)`, PAN `(K, 1, H, W)`, to kernels."""

    def __init__(self, model: KSDiff) -> None:
        super().__init__()
        self.plfe2, self.denoiser, self.net = model.plfe2, model.denoiser, model.net
        self._kernels = model.scene_kernels

    def forward(
        self,
        pan: Tensor,
        lms: Tensor,
        noise: Tensor,
        gain: Tensor | None = None,
        details: Tensor | None = None,
    ) -> tuple[Tensor, ...]:
        if gain is None or details is None:  # not used by a network for a fixed number of bands
            gain, details = lms.new_zeros(lms.shape[:2]), lms.new_zeros(0)
        return tuple(self._kernels(pan, lms, gain, details, noise))


def _of_ksdiff(model: KSDiff, window: int) -> dict[str, bytes]:
    config = model.config
    bands = config.bands or 4
    pan = torch.randn(2, config.pan_channels, window, window)
    lms = torch.randn(2, bands, window, window)
    noise = torch.randn(1, config.tokens, config.c_z)
    windows = {name: {0: "windows"} for name in ("pan", "lms", "gain", "details")}
    image: Axes = {
        "pan": {2: "height", 3: "width"},
        "lms": {2: "height", 3: "width"},
        "gain": {},
        "details": {3: "height", 4: "width"},
    }
    names = ["pan", "lms", "noise"]
    inputs = [pan, lms, noise]
    if config.bands is None:
        names += ["gain", "details"]
        inputs += [torch.rand(2, bands), torch.randn(2, bands, config.details, window, window)]
        for axes in (windows, image):
            for name in ("lms", "gain", "details"):
                axes[name][1] = "bands"
    context = export_graph(_Context(model), inputs, names, model.net.kernel_names(), windows)
    del names[2], inputs[2]
    one = [x[:1] for x in inputs]
    fuse = _export_named(plain_network(model), one, names, ["hrms"], image)
    return {"context": context, "fuse": fuse}


class _Begin(nn.Module):
    """SRINO's ``begin``: a window, LMS `(1, C, H, W)`, to V and the pseudo-HRMS `(1, C, H, W)`."""

    def __init__(self, stage: PredictorStage) -> None:
        super().__init__()
        self.m2p, self.phi = stage.m2p, stage.phi
        self._predict = stage.predict

    def forward(
        self,
        pan: Tensor,
        lms: Tensor,
        gain: Tensor | None = None,
        weight: Tensor | None = None,
        details: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        none = lms.new_zeros(0)  # not used by a network for a fixed number of bands
        scene = [none if value is None else value for value in (gain, weight, details)]
        return self._predict(pan, lms, *scene)


class _Blur(nn.Module):
    """SRINO's ``blur``: windows `(K, C, H, W)` to the blur kernels of their scene."""

    def __init__(self, model: SRINO) -> None:
        super().__init__()
        self.ke = model.ke

    def forward(self, pan: Tensor, lms: Tensor) -> Tensor:
        result: Tensor = self.ke(pan, lms, 1)
        return result


class _Step(nn.Module):
    """SRINO's ``context`` and ``fuse``: one step of the sampling.

    Windows are `(K, C, H, W)`, PAN `(K, 1, H, W)`; last come R_spe, or contexts and gates.
    """

    def __init__(self, model: SRINO) -> None:
        super().__init__()
        self.operator, self.adapters, self.m2p = model.operator, model.adapters, model.m2p
        self._denoise, self._bands = model.denoise, model.config.bands

    def forward(
        self, pan: Tensor, lms: Tensor, x_t: Tensor, t: Tensor, y: Tensor, features: Tensor,
        pseudo: Tensor, *rest: Tensor,
    ) -> tuple[Tensor, ...]:  # fmt: skip
        weight, rest = (rest[0], rest[1:]) if self._bands is None else (lms, rest)
        batch = Batch(pan, lms, lms, weight, lms, lms, scenes=1)
        known = spectral = None
        if len(rest) == 2:
            known = SceneContext(*([*value.unsqueeze(1).unbind(0)] for value in rest))
        else:
            spectral = rest[0]
        prediction = Prediction(features, pseudo)
        x0, used = self._denoise(x_t, t.long(), y, prediction, batch, spectral, known)
        return (x0,) if known else (x0, torch.cat(used.contexts), torch.cat(used.gates))


def _of_srino(model: SRINO, window: int) -> dict[str, bytes]:
    config = model.config
    bands, size = config.bands or 4, (window, window)
    small = [window // config.stride] * 2
    band = torch.randn(2, bands, *size)
    example = {
        "pan": torch.randn(2, config.pan_channels, *size),
        "lms": band, "gain": torch.rand(2, bands), "weight": torch.rand(2, bands),
        "details": torch.randn(2, bands, config.details, *size), "x_t": band, "t": torch.zeros(1),
        "y": band, "features": torch.randn(2, config.features, *small), "pseudo": band,
        "spectral": band,
        "contexts": torch.randn(config.layers, config.heads, *[config.width // config.heads] * 2),
        "gates": torch.rand(config.layers, config.width),
    }  # fmt: skip
    axes: Axes = {name: {0: "windows", 2: "height", 3: "width"} for name in example}
    axes["features"] = {0: "windows", 2: "rows", 3: "cols"}
    axes["details"] = {0: "windows", 3: "height", 4: "width"}
    axes |= {"gain": {0: "windows"}, "weight": {0: "windows"}, "t": {}, "contexts": {}, "gates": {}}
    any_bands = ["gain", "weight", "details"] if config.bands is None else []
    if any_bands:
        for name in ("lms", "gain", "weight", "details", "x_t", "y", "pseudo", "spectral"):
            axes[name][1] = "bands"
    axes |= {"x0": axes["x_t"], "kernels": {1: "bands"} if any_bands else {}}
    step = ["pan", "lms", "x_t", "t", "y", "features", "pseudo", *any_bands[1:2]]

    def export(
        make: Callable[..., bytes], module: nn.Module, names: list[str], outputs: list[str]
    ) -> bytes:
        return make(module, [example[name] for name in names], names, outputs, axes)

    begin = _Begin(deepcopy(model.predictor_stage))
    results = ["x0", "contexts", "gates"]
    return {
        "begin": export(_export_named, begin, ["pan", "lms", *any_bands], ["features", "pseudo"]),
        "blur": export(export_graph, _Blur(model), ["pan", "lms"], ["kernels"]),
        "context": export(export_graph, _Step(model), [*step, "spectral"], results),
        "fuse": export(export_graph, _Step(model), [*step, "contexts", "gates"], ["x0"]),
    }


def _export_named(
    module: nn.Module, inputs: Sequence[Tensor], names: list[str], outputs: list[str], axes: Axes
) -> bytes:
    """`export_graph` with every parameter under its own name; the module's values are lost.

    The exporter makes one weight of parameters with equal values, such as biases of zeros; so
    it gets different ones, and the values come after.
    """
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
