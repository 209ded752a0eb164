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
from core.language import later, say
from core.methods.classical import BdsdPc, Brovey, BtH, ClassicalMethod, Exp, Gsa, MtfGlpFs
from core.methods.high_pass import AwlpH, HpmH, HpmR
from core.methods.interface import Method, Settings
from core.methods.ksdiff import KSDiffMethod
from core.methods.network_method import NetworkMethod, fine_tuned_name
from core.methods.scene_fit import SceneFit
from core.methods.separable_backprojection import PASSES
from core.methods.srino import SRINOMethod
from core.methods.with_back_projection import BackProjected

_SUFFIX = "-bp"


@dataclass(frozen=True)
class MethodInfo:
    """Facts about a method that hold before it is created.

    Attributes
    ----------
    name : as requests and results have it.
    title : as the literature writes it.
    make : creates the method with settings.
    model : name of the default model file; None: a classical method.
    fine_tunes : name of the method that this one fine-tunes to the scene; it needs torch.
    fine_tuned : name of the method that fine-tunes this one.
    samples : whether the result is sampled in steps from noise, and differs by the seed.
    test_cost : seconds of a reduced-resolution test on a CPU, relative to a classical method.
    """

    name: str
    title: str
    make: Callable[[Settings], Method]
    model: str | None = None
    fine_tunes: str | None = None
    fine_tuned: str | None = None
    samples: bool = False
    test_cost: int = 1


def _network(
    kind: type[NetworkMethod[Any]],
    title: str,
    model: str,
    test_cost: int,
    samples: bool = False,
) -> tuple[MethodInfo, MethodInfo]:
    """Return the entries of a network method and of its fine-tuned form."""
    name, fine_tuned = kind.method, fine_tuned_name(kind.method)
    plain = MethodInfo(name, title, kind, model, None, fine_tuned, samples, test_cost)
    tuned = replace(
        plain,
        name=fine_tuned,
        title=f"Adapted {title}",
        make=partial(kind, fine_tuned=True),
        fine_tunes=name,
        fine_tuned=None,
        test_cost=200,
    )
    return plain, tuned


def _plain(kind: type[ClassicalMethod], title: str) -> MethodInfo:
    """Return the entry of a method as published; the settings may add back-projection."""

    def make(settings: Settings) -> Method:
        passes = settings.back_projection
        method = kind(settings)
        return BackProjected(kind.name, method, settings, passes) if passes else method

    return MethodInfo(kind.name, title, make)


def _classical(kind: type[ClassicalMethod], title: str) -> tuple[MethodInfo, MethodInfo]:
    """Return the entries of a method as published, and of the same followed by back-projection."""
    name = kind.name + _SUFFIX

    def make(settings: Settings) -> Method:
        passes = PASSES if settings.back_projection is None else settings.back_projection
        return BackProjected(name, kind(settings), settings, passes)

    return _plain(kind, title), MethodInfo(name, f"{title} with back-projection", make)


METHODS = {
    info.name: info
    for info in (
        *_network(KSDiffMethod, "KSDiff", "ksdiff-scene", 20),
        *_network(SRINOMethod, "SRINO", "srino-scene", 30, True),
        MethodInfo(SceneFit.name, later("Scene fit"), SceneFit),
        MethodInfo(Exp.name, later("Interpolation"), Exp),
        *_classical(Brovey, "Brovey"),
        *_classical(Gsa, "GSA"),
        *_classical(BtH, "BT-H"),
        *_classical(MtfGlpFs, "MTF-GLP-FS"),
        *_classical(BdsdPc, "BDSD-PC"),
        *_classical(HpmH, "MTF-GLP-HPM-H"),
        *_classical(HpmR, "MTF-GLP-HPM-R"),
        *_classical(AwlpH, "AWLP-H"),
    )
}
#: Methods with a network, and methods that fine-tune one to the scene.
NETWORKS = tuple(name for name, info in METHODS.items() if info.fine_tuned)
FINE_TUNED = tuple(name for name, info in METHODS.items() if info.fine_tunes)
#: Methods that start from a scene fit, which may be that of other scenes.
WITH_FIT = (SceneFit.name, *NETWORKS, *FINE_TUNED)
#: Methods without a network.
CLASSICAL = tuple(name for name, info in METHODS.items() if info.model is None)
#: Those of the literature, as published and followed by back-projection; and the latter alone.
PUBLISHED = tuple(name for name in CLASSICAL if name not in (SceneFit.name, Exp.name))
BACK_PROJECTED = tuple(name for name in PUBLISHED if name.endswith(_SUFFIX))


def title_of(name: str) -> str:
    """Return a method's name as the literature writes it."""
    if name not in METHODS:
        return name.upper()
    plain, text = name, "{}"
    if tuned := METHODS[name].fine_tunes:
        plain, text = tuned, later("Adapted {}")
    elif name in BACK_PROJECTED:
        plain, text = name.removesuffix(_SUFFIX), later("{} with back-projection")
    return say(text, say(METHODS[plain].title))


def create(name: str, settings: Settings) -> Method:
    """Return a method by name.

    Raises InputError for an unknown name, ModelError for a model that cannot be used.
    """
    info = METHODS.get(name)
    if info is None:
        raise InputError("unknown-method", method=name, known=", ".join(METHODS))
    return info.make(replace(settings, model=settings.model or info.model))
