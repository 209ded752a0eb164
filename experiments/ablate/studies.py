# SPDX-License-Identifier: GPL-2.0-or-later
"""The rows of the ablations: KSDiff's (arXiv 2505.18991, Tables 4 to 6) and SRINO's (CVPR 2026,
Table 3, Figures 7 and 8).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.networks.ksdiff import KSDiff
from core.networks.srino import SRINO
from core.networks.trainable import TrainableNetwork
from experiments.ablate.backbones import BACKBONES
from experiments.ablate.ksdiff_variants import (
    ConcatenatedEncoder,
    MLPKernels,
    PlainBackbone,
    PlugIn,
    SeparateTraining,
    WithoutPrior,
)
from experiments.ablate.srino_variants import (
    Convolutions,
    FourierKernel,
    GradientGuidance,
    OtherOperator,
    SomeResiduals,
)


@dataclass(frozen=True)
class Row:
    """A row of a table.

    build : the network of a configuration.
    network : sizes other than the full method's.
    weights : row whose weights it takes; nothing is trained then.
    """

    title: str
    build: Callable[[Any], TrainableNetwork]
    network: dict[str, Any] = field(default_factory=dict)
    weights: str = ""


@dataclass(frozen=True)
class Study:
    """The rows of a method, the tables they are in, and sizes for a comparison in little time.

    With these sizes a row of 600 steps takes about a minute or two on two cores.
    """

    rows: dict[str, Row]
    tables: dict[str, tuple[str, ...]]
    network: dict[str, Any]
    training: dict[str, Any]


PLUG_INS = {}
for title, backbone in BACKBONES.items():
    PLUG_INS[title.lower()] = Row(title, partial(PlainBackbone, backbone=backbone))
    PLUG_INS[f"{title.lower()}-ksdiff"] = Row(
        f"{title} + KSDiff", partial(PlugIn, backbone=backbone)
    )
CORES = {f"core-{r}-{s}": (r, r, s, s) for r in (4, 8, 16) for s in (1, 2) if (r, s) != (4, 2)}
SHAPES: dict[str, dict[str, Any]] = {
    "shape-1-32-64-128": {"unet_dims": (32, 64, 128), "unet_depths": (2, 2, 2)},
    "shape-1-16-48-96": {"unet_dims": (16, 48, 96), "unet_depths": (1, 2, 3)},
    "shape-2-32-64-128": {"unet_dims": (32, 64, 128), "unet_depths": (2, 2, 2), "unet_stride": 2},
    "shape-2-24-48-96": {"unet_dims": (24, 48, 96), "unet_depths": (2, 2, 2), "unet_stride": 2},
    "shape-2-32-64": {"unet_dims": (32, 64), "unet_depths": (2, 2), "unet_stride": 2},
}
"""Of the fusion network: its stride, and the channels of its resolutions."""
KSDIFF = Study(
    rows={
        "full": Row("KSDiff, core tensor 4 x 4 x 2 x 2", KSDiff),
        "no-prior": Row("no prior", WithoutPrior),
        "concatenated": Row("concatenation instead of PLFE", ConcatenatedEncoder),
        "mlp": Row("MLP instead of Tucker product", MLPKernels),
        "separate": Row("separate training", SeparateTraining),
        **{
            name: Row(f"core tensor {' x '.join(map(str, ranks))}", KSDiff, {"ranks": ranks})
            for name, ranks in CORES.items()
        },
        **PLUG_INS,
        **{
            name: Row(f"plain kernels, {name.removeprefix('shape-')}", WithoutPrior, sizes)
            for name, sizes in SHAPES.items()
        },
    },
    tables={
        "Parts of the method (Table 4)": ("no-prior", "concatenated", "mlp", "separate", "full"),
        "Other networks (Table 5)": tuple(PLUG_INS),
        "Size of the core tensor (Table 6)": ("core-4-1", "full", *list(CORES)[1:]),
        "Shapes of the fusion network: stride and channels": tuple(SHAPES),
    },
    network={
        "unet_dims": (16, 24, 32),
        "unet_depths": (1, 1, 1),
        "plfe_dims": (8, 16, 32),
        "c_z": 32,
        "denoiser_dim": 64,
    },
    training={"batch": 8, "patch": 32, "ddim_train_steps": 3},
)
GUIDED = {
    f"guidance-{alpha}": Row(
        f"with gradient guidance, strength {alpha}",
        partial(GradientGuidance, alpha=float(alpha)),
        weights="full",
    )
    for alpha in (1, 10, 100)
}
# Softmax attention is no row: a held-out scene of 256 px would take tens of gigabytes, see
# `experiments.growth`.
SRINO_STUDY = Study(
    rows={
        "full": Row("SRINO: Galerkin operator, both residuals", SRINO),
        "no-residuals": Row("no residual", partial(SomeResiduals, spatial=False, spectral=False)),
        "spatial": Row(
            "spatial residual alone", partial(SomeResiduals, spatial=True, spectral=False)
        ),
        "spectral": Row(
            "spectral residual alone", partial(SomeResiduals, spatial=False, spectral=True)
        ),
        "cnn": Row("convolutions", partial(OtherOperator, kernel=Convolutions)),
        "fourier": Row("Fourier operator", partial(OtherOperator, kernel=FourierKernel)),
        **GUIDED,
    },
    tables={
        "Residuals (Table 3)": ("no-residuals", "spatial", "spectral", "full"),
        "Gradient guidance (Figure 7)": ("full", *GUIDED),
        "Operator (Figure 8)": ("cnn", "fourier", "full"),
    },
    network={
        "layers": 3,
        "width": 24,
        "heads": 3,
        "features": 16,
        "residual": 8,
        "unet_dims": (16, 24, 32),
        "unet_depths": (1, 1, 1),
        "blur_hidden": (16,),
    },
    training={"batch": 8, "patch": 32},
)
STUDIES = {"ksdiff": KSDIFF, "srino": SRINO_STUDY}
