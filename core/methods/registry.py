# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of methods. A new network is one entry here, and one module each in
`core.networks` and `core.methods`; a new classical method is one entry and one class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from core.errors import InputError
from core.methods.back_projected import BackProjected
from core.methods.classical import BdsdPc, Brovey, BtH, ClassicalMethod, Exp, Gsa, MtfGlpFs
from core.methods.high_pass import AwlpH, HpmH, HpmR
from core.methods.interface import Method, Settings
from core.methods.ksdiff import KSDiffMethod
from core.methods.network_method import NetworkMethod, fine_tuned_name
from core.methods.scene_fit import SceneFit
from core.methods.srino import SRINOMethod


@dataclass(frozen=True)
class MethodInfo:
    """Facts about a method that hold before it is created.

    Attributes
    ----------
    name : as requests and results have it.
    title : as the literature writes it.
    make : the method with given settings.
    model : name of the default model file; None: a classical method.
    fine_tunes : name of the method that this one fine-tunes to the scene; it needs torch.
    fine_tuned : name of the method that fine-tunes this one.
    samples : whether the result is sampled in steps from noise, and differs by the seed.
    fine_tuning_seconds : time for fine-tuning, where nothing else is asked for.
    test_cost : seconds of a reduced-resolution test on a CPU, relative to a classical method.
    compared : whether `auto` and `classical` choose among it, and a bench runs it unasked.
    """

    name: str
    title: str
    make: Callable[[Settings], Method]
    model: str | None = None
    fine_tunes: str | None = None
    fine_tuned: str | None = None
    samples: bool = False
    fine_tuning_seconds: float = 60.0
    test_cost: int = 1
    compared: bool = True


def _network(
    kind: type[NetworkMethod[Any]],
    title: str,
    model: str,
    test_cost: int,
    samples: bool = False,
    fine_tuning_seconds: float = 60.0,
) -> tuple[MethodInfo, MethodInfo]:
    """Return the entries of a network method and of its fine-tuned form."""
    name, fine_tuned = kind.method, fine_tuned_name(kind.method)
    plain = MethodInfo(
        name, title, kind, model, None, fine_tuned, samples, fine_tuning_seconds, test_cost
    )
    tuned = replace(
        plain,
        name=fine_tuned,
        title=f"Adapted {title}",
        make=partial(kind, fine_tuned=True),
        fine_tunes=name,
        fine_tuned=None,
        fine_tuning_seconds=60.0,
        test_cost=200,
    )
    return plain, tuned


METHODS = {
    info.name: info
    for info in (
        *_network(KSDiffMethod, "KSDiff", "ksdiff-scene", 20),
        *_network(SRINOMethod, "SRINO", "srino-scene", 30, True, fine_tuning_seconds=0.0),
        MethodInfo(Exp.name, "Interpolation", Exp),
        MethodInfo(Brovey.name, "Brovey", Brovey),
        MethodInfo(Gsa.name, "GSA", Gsa),
        MethodInfo(BtH.name, "BT-H", BtH),
        MethodInfo(MtfGlpFs.name, "MTF-GLP-FS", MtfGlpFs),
        MethodInfo(BdsdPc.name, "BDSD-PC", BdsdPc),
        MethodInfo(HpmH.name, "MTF-GLP-HPM-H", HpmH, compared=False),
        MethodInfo(HpmR.name, "MTF-GLP-HPM-R", HpmR, compared=False),
        MethodInfo(AwlpH.name, "AWLP-H", AwlpH, compared=False),
        MethodInfo(SceneFit.name, "Scene fit", SceneFit, compared=False),
    )
}
#: Methods without a network that are compared, and those that are used where they are named.
CLASSICAL = tuple(name for name, info in METHODS.items() if info.model is None and info.compared)
ON_REQUEST = tuple(name for name, info in METHODS.items() if not info.compared)
#: Methods with a network, and those of them that fine-tune it to the scene.
NETWORKS = tuple(name for name, info in METHODS.items() if info.fine_tuned)
FINE_TUNED = tuple(name for name, info in METHODS.items() if info.fine_tunes)


def create(name: str, settings: Settings) -> Method:
    """Return a method by name.

    A classical method is followed by the passes of back-projection that the settings name.

    Raises InputError for an unknown name, ModelError for a model that cannot be used.
    """
    info = METHODS.get(name)
    if info is None:
        raise InputError("unknown-method", method=name, known=", ".join(METHODS))
    method = info.make(replace(settings, model=settings.model or info.model))
    if settings.back_projection and isinstance(method, ClassicalMethod):
        return BackProjected(method, settings)
    return method
