# SPDX-License-Identifier: GPL-2.0-or-later
"""A trained network to a model file: weights, card, and the two ONNX graphs.

``context``: windows of a scene to its kernels (PLFE2, the whole DDIM chain, the generators).
``fuse``: the fusion network as a plain convolutional network whose depth-wise weights carry the
names under which the context graph returns the scene's kernels.
"""

from __future__ import annotations

import io
import logging
import math
import warnings
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

from core import __version__, modelfile
from core.errors import InputError
from core.networks.bands import DETAILS
from core.networks.ksdiff import KSDiff, KSDiffConfig, fusion_network
from core.networks.pannext import STRIDE
from training.recipe import Recipe
from training.variation import RATIOS

log = logging.getLogger(__name__)

OPSET = 17


class _Context(nn.Module):
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
        if gain is None or details is None:  # a network bound to its bands has no use for them
            gain, details = lms.new_zeros(lms.shape[:2]), lms.new_zeros(0)
        return tuple(self._kernels(pan, lms, gain, details, noise))


def reach(config: KSDiffConfig) -> int:
    """How far (PAN px) the farthest input lies that changes an output pixel of the network.

    Followed from each place a pixel can have in the coarsest grid: halving rounds.
    """
    *depths, bottom = config.unet_depths
    ends = 2 if config.bands is None else 1  # 3x3 convolutions before and after the U-Net
    farthest = 0
    for pixel in range(2 ** len(depths)):
        low, high = pixel - ends, pixel + ends
        for blocks in depths:
            low, high = (low - 3 * blocks) // 2, (high + 3 * blocks) // 2
        low, high = low - 3 * bottom, high + 3 * bottom
        for blocks in reversed(depths):
            low, high = 2 * low - 3 * blocks, 2 * high + 1 + 3 * blocks
        farthest = max(farthest, pixel - low + ends, high + ends - pixel)
    return farthest


def receptive(config: KSDiffConfig) -> int:
    """`reach`, as the multiple of the stride that tiles need around them (PAN px)."""
    return math.ceil(reach(config) / STRIDE) * STRIDE


def plain_network(model: KSDiff) -> nn.Module:
    """The fusion network without generators: its base kernels under the kernels' names."""
    plain = fusion_network(model.config, plain=True)
    weights = {k: v for k, v in model.net.state_dict().items() if ".generator." not in k}
    plain.load_state_dict(weights)
    return plain.eval()


def graphs(model: KSDiff, window: int) -> dict[str, bytes]:
    """The ONNX graphs, by role."""
    config = model.config
    bands = config.bands or 4
    pan = torch.randn(2, config.pan_channels, window, window)
    lms = torch.randn(2, bands, window, window)
    noise = torch.randn(1, config.tokens, config.c_z)
    windows = {name: {0: "windows"} for name in ("pan", "lms", "gain", "details")}
    image: dict[str, dict[int, str]] = {
        "pan": {2: "height", 3: "width"},
        "lms": {2: "height", 3: "width"},
        "gain": {},
        "details": {3: "height", 4: "width"},
    }
    names = ["pan", "lms", "noise"]
    inputs = [pan, lms, noise]
    if config.bands is None:
        names += ["gain", "details"]
        inputs += [torch.rand(2, bands), torch.randn(2, bands, DETAILS, window, window)]
        for axes in (windows, image):
            for name in ("lms", "gain", "details"):
                axes[name][1] = "bands"
    context = _export(_Context(model.eval()), inputs, names, model.net.kernel_names(), windows)
    del names[2], inputs[2]
    fuse = _named(plain_network(model), [x[:1] for x in inputs], names, ["hrms"], image)
    return {"context": context, "fuse": fuse}


def _named(module: nn.Module, *how: Any) -> bytes:
    """`_export` with every parameter under its own name.

    The exporter makes one weight of parameters with equal values, such as biases of zeros; so
    it gets different ones, and the values come after.
    """
    values = {name: p.detach().cpu().numpy().copy() for name, p in module.named_parameters()}
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(0.5, 1)
    graph = onnx.load_model_from_string(_export(module, *how))
    for weight in graph.graph.initializer:
        if weight.name in values:
            weight.CopyFrom(onnx.numpy_helper.from_array(values[weight.name], weight.name))
    return bytes(graph.SerializeToString())


def _export(
    module: nn.Module,
    inputs: list[Tensor],
    names: list[str],
    outputs: list[str],
    axes: dict[str, dict[int, str]],
) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The tracing exporter keeps the parameters' names. Unfolded, each parameter stays what it
        # is: kernels are replaced in the graph, and so are all weights after adaptation.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            tuple(inputs),
            buffer,  # type: ignore[arg-type]
            input_names=names,
            output_names=outputs,
            dynamic_axes={k: v for k, v in axes.items() if k in names},
            opset_version=OPSET,
            do_constant_folding=False,
            dynamo=False,
        )
    return buffer.getvalue()


def write_model(
    model: KSDiff,
    folder: Path,
    name: str,
    *,
    window: int,
    training: dict[str, Any],
    scores: dict[str, Any] | None = None,
    scale: float | None = None,
) -> modelfile.ModelFile:
    """Write the model file and its graphs to ``<folder>/<name>/``."""
    config = model.config
    card = modelfile.ModelCard(
        name=name,
        method="ksdiff",
        network=config.to_json(),
        bands=config.bands,
        profile="scene" if config.bands is None else "paper",
        scale=scale,
        receptive=receptive(config),
        stride=STRIDE,
        window=window,
        latent=(config.tokens, config.c_z),
        kernels=tuple(model.net.kernel_names()),
        ratios=RATIOS if config.bands is None else (4, 4),
        version=__version__,
        training=training,
        scores=scores or {},
    )
    # PLFE1 needs the reference and is of no use once training is over, but training may go on.
    weights = {k: v.detach().cpu().numpy() for k, v in model.state_dict().items()}
    return modelfile.write(folder, card, weights, graphs(model, window))


def export_run(
    run: Path, folder: Path, scores: dict[str, Any] | None = None
) -> modelfile.ModelFile:
    """The averaged weights of a run, finished or not, as ``<folder>/<recipe name>/``.

    Raises InputError when `run` holds no checkpoint, or an experiment that no method can use.
    """
    checkpoint = run / "checkpoint.pt"
    if not checkpoint.is_file():
        raise InputError(f"There is no checkpoint in {run}.", "Train first, or name its folder.")
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    recipe = Recipe.from_json(state["recipe"])
    if not recipe.usable:
        raise InputError(
            f"{recipe.name} is an experiment: no method can sharpen scenes with it.",
            "Models have a prior and the network pannext; those bound to their bands have a scale.",
        )
    model = KSDiff(recipe.network)
    model.load_state_dict(state["average"])
    done = state["step"]
    if state["stage"] == 1 or done < recipe.stage2.steps:
        log.warning(
            "The run in %s is not finished (stage %d, step %d): the model will be worse than it "
            "could be.", run, state["stage"], done,
        )  # fmt: skip
    training = {
        "sources": recipe.sources,
        "steps": [done, 0] if state["stage"] == 1 else [recipe.stage1.steps, done],
        "batch": recipe.batch,
        "patch": recipe.patch,
        "seconds": round(state["seconds"]),
        **recipe.notes,
    }
    return write_model(
        model,
        folder,
        recipe.name,
        window=recipe.patch,
        training=training,
        scores=scores,
        scale=recipe.scale,
    )
