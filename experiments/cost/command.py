# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``cost``: parameters and multiply-accumulates (MACs), part by part.

    .venv/bin/python -m experiments cost ksdiff-scene ksdiff

Matrix products and convolutions are counted, element-wise operations are not. With a device, models
also sharpen a scene on it, and on the CPU to compare with; then their methods are trained on it:

    .venv/bin/python -m experiments cost ksdiff-scene srino-scene --device cuda
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from core.models import modelfile
from core.networks.batch import Batch
from core.networks.ksdiff import KSDiff, KSDiffConfig, fusion_network
from core.networks.srino import SRINO, SRINOConfig
from core.pair.scene import Scene
from experiments.cost.inference import speeds
from experiments.cost.training import step_speeds
from experiments.speed.scenes import large_pair
from training.objectives.table import OBJECTIVES

TILES, SCENE = (512, 1024, 2048), 4096
BATCH, STEPS = 128, 300


class Cost(NamedTuple):
    """Number of parameters, and of MACs for one image."""

    parameters: int
    macs: int


def cost(config: KSDiffConfig | SRINOConfig, height: int, width: int) -> dict[str, Cost]:
    """Return the cost of each part for one image.

    The image of `height` x `width` PAN px is one window; a network for any number of bands gets
    four. Parts of KSDiff are `PLFE2`, `denoiser`, `generators` and `network`; those of SRINO
    `predictor` (with f_M2P), `blur`, `operator` and `adapters`, with the residuals. What runs in
    every step of a sampling counts as often. Networks run once, so this takes as long and as much
    memory as sharpening such an image does, or a step of it.
    """
    bands = config.bands or 4
    details = config.details if config.bands is None else 0
    image, values = torch.zeros(1, bands, height, width), torch.zeros(1, bands)
    pan = torch.zeros(1, config.pan_channels, height, width)
    batch = Batch(pan, image, values, values, torch.zeros(1, bands, details, height, width), image)
    if isinstance(config, SRINOConfig):
        return _of_srino(config, batch)
    return _of_ksdiff(config, batch)


def _of_ksdiff(config: KSDiffConfig, batch: Batch) -> dict[str, Cost]:
    inputs = (batch.pan, batch.lms, batch.gain, batch.details)
    model, plain = KSDiff(config), fusion_network(config, plain=True)
    network = Cost(_parameters(plain), _macs(lambda: plain(*inputs)))
    z, t = torch.zeros(1, config.tokens, config.c_z), torch.zeros(1, dtype=torch.long)
    runs = min(config.ddim_steps, config.steps)
    modulated = _macs(lambda: model.net(*inputs, model.prior(z, 1)))
    return {
        "PLFE2": Cost(_parameters(model.plfe2), _macs(lambda: model.plfe2(*inputs[:2]))),
        "denoiser": Cost(
            _parameters(model.denoiser), runs * _macs(lambda: model.denoiser(z, t, z))
        ),
        "generators": Cost(_parameters(model.net) - network.parameters, modulated - network.macs),
        "network": network,
    }


def _of_srino(config: SRINOConfig, batch: Batch) -> dict[str, Cost]:
    model, image = SRINO(config), batch.lms
    t, abar = torch.zeros(1, dtype=torch.long), torch.ones(1)
    stage = model.predictor_stage
    with torch.no_grad():
        prediction, kernels = model.predict(batch), model.ke(batch.pan, image, 1)
    alone = _macs(lambda: model.operator(image, t, abar, image, image, 1))

    def step() -> Any:
        spectral = model.spectral_residual(image, kernels, image)
        return model.denoise(image, t, image, prediction, batch, spectral)

    guided, runs = _macs(step), config.sampling
    return {
        "predictor": Cost(_parameters(stage), _macs(lambda: model.predict(batch))),
        "blur": Cost(_parameters(model.ke), _macs(lambda: model.ke(batch.pan, image, 1))),
        "operator": Cost(_parameters(model.operator), runs * alone),
        "adapters": Cost(_parameters(model.adapters), runs * (guided - alone)),
    }


def _parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def _macs(run: Callable[[], Any]) -> int:
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops() // 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the experiment."""
    text = "name or path of a model, or a method for its full size"
    parser.add_argument("models", nargs="+", metavar="MODEL", help=text)
    parser.add_argument("--size", type=int, default=256, help="side of the image, PAN px (256)")
    parser.add_argument("--device", choices=("cpu", "cuda"), help="measure models on it, too")
    text = "PAN px along the tiles that are measured ({})".format(", ".join(map(str, TILES)))
    parser.add_argument("--tiles", type=int, nargs="+", default=TILES, metavar="N", help=text)
    text = f"PAN px along the scene that is measured ({SCENE})"
    parser.add_argument("--scene", type=int, default=SCENE, metavar="N", help=text)
    text = f"windows of a training step that is measured ({BATCH})"
    parser.add_argument("--batch", type=int, default=BATCH, metavar="N", help=text)
    text = f"training steps that are measured ({STEPS}; 0: none)"
    parser.add_argument("--steps", type=int, default=STEPS, metavar="N", help=text)


def run(args: argparse.Namespace) -> int:
    """Print a table of each model."""
    methods = []
    for name in args.models:
        if name in OBJECTIVES:
            method, config = name, OBJECTIVES[name].config()
        else:
            card = modelfile.read_card(modelfile.find(name))
            method, config = card.method, OBJECTIVES[card.method].config.from_json(card.network)
        methods.append(method)
        print(f"\n| {name} | parameters | MACs |\n|---|---:|---:|")
        parts = cost(config, args.size, args.size)
        for part, (parameters, macs) in parts.items():
            print(f"| {part} | {parameters:,} | {macs / 1e9:.3g} G |")
        print(f"| all | {sum(part.parameters for part in parts.values()):,} | |")
    if args.device:
        _print_speeds(args)
    if args.device and args.steps:
        _print_training(args, [*dict.fromkeys(methods)])
    return 0


def _print_speeds(args: argparse.Namespace) -> None:
    """Print how fast the models sharpen a scene, and how far that is from the CPU's result."""
    name = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU that torch knows"
    print(f"\n{args.scene} x {args.scene} px, 4 bands; {os.cpu_count()} CPU cores, {name}\n")
    print("| model | device | tile | Mpix/s | largest difference to the CPU, DN | mean, DN |")
    print("|---|---|---:|---:|---:|---:|")
    with (
        tempfile.TemporaryDirectory(prefix="ksdiff-cost-") as folder,
        Scene.open(*large_pair(Path(folder), args.scene, 4)) as scene,
    ):
        for model in (each for each in args.models if each not in OBJECTIVES):
            for of in speeds(model, scene, args.device, args.tiles):
                figures = f"{of.speed:.3g} | {of.largest:.3g} | {of.mean:.3g}"
                print(f"| {model} | {of.device} | {of.tile} | {figures} |", flush=True)


def _print_training(args: argparse.Namespace, methods: list[str]) -> None:
    """Print how fast methods are trained."""
    print(f"\nTraining, {args.batch} windows a step\n")
    print("| method | device | stage | ms a step | of it waiting for windows | windows/s |")
    print("|---|---|---:|---:|---:|---:|")
    for method in methods:
        for of in step_speeds(method, args.device, args.batch, args.steps):
            figures = f"{1000 * of.seconds:.1f} | {1000 * of.waiting:.1f}"
            print(
                f"| {method} | {args.device} | {of.stage} | {figures} "
                f"| {args.batch / of.seconds:.0f} |",
                flush=True,
            )
