# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``blur``: does f_KE, SRINO's model of the blur of MS, tell sensors apart?

    .venv/bin/python -m experiments blur --data ../shared/data/train/landsat7

Each pair is reduced with its MS under MTFs of several gains at Nyquist, decimated and interpolated
as for sharpening; f_KE is not told the gain. Printed are the gains of its kernels.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from core.cli.options import add_options, request_of
from core.imaging.arrays import FloatArray
from core.methods.interface import Settings
from core.methods.network_inputs import NetworkInputs
from core.methods.scene_fit import unfitted
from core.methods.srino import SRINOMethod
from core.models.onnx_session import Graph
from core.networks.guidance import gain_at
from core.pair.reduced import ReducedScene
from core.pair.scene import Scene
from core.progress import silent
from core.requests.scenes import option
from core.sensors import GENERIC_GAIN
from core.worker.protocol import EXIT_OK

GAINS = 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45
WINDOWS = 16


@dataclass(frozen=True)
class Request:
    """The options."""

    data: tuple[str, ...] = option((), "folders of pairs", "A,B")
    model: str = option("srino-scene", "name or path of the model ({default})", "MODEL")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_options(parser, Request)


def run(args: argparse.Namespace) -> int:
    """Print the gains that f_KE gives for each pair, and their mean error."""
    request, errors = request_of(Request, args), []
    print("scene, ratio: gains for true ones of", *GAINS, "and their mean error")
    for pan in [path for folder in request.data for path in sorted(Path(folder).glob("*pan.tif"))]:
        with Scene.open(pan, pan.with_name(pan.name.replace("pan.tif", "ms.tif"))) as scene:
            found = [_estimated(scene, gain, request.model) for gain in GAINS]
            errors.append(np.mean(np.abs(np.array(found) - np.array(GAINS)[:, None])))
            means = " ".join(f"{each.mean():.3f}" for each in found)
            print(f"{pan.parent.name} {pan.stem}, {scene.ratio:.2f}: {means}, {errors[-1]:.3f}")
    print(f"mean error of a gain over the scenes: {np.mean(errors):.3f}")
    return EXIT_OK


def _estimated(scene: Scene, gain: float, model: str) -> FloatArray:
    """Return the gain at Nyquist of the kernel of each band, (C,), mean of rows and columns."""
    reduced = ReducedScene(scene, [gain] * scene.bands, "product")
    told = (GENERIC_GAIN,) * scene.bands
    method = SRINOMethod(Settings(reduced.ratio, told, model=model))
    fit = unfitted(reduced, reduced.ratio, told, 0, silent)
    windows = reduced.scattered(method.card.window, WINDOWS, 0, method.align)
    inputs, _ = NetworkInputs.estimate(reduced, windows, reduced.ratio, told, 0, fit, silent)
    given = method.window_inputs(reduced, windows, inputs)
    graph = Graph(method.model.graph("blur"), "cpu", alone=True)
    (kernels,) = graph.run(**{name: given[name] for name in graph.inputs})
    frequency = torch.full((1, scene.bands), 0.5 / reduced.ratio)
    gains: FloatArray = gain_at(torch.from_numpy(kernels), frequency)[0].numpy()
    return gains
