# SPDX-License-Identifier: GPL-2.0-or-later
"""The interface of all methods, classical and deep.

context = method.prepare(scene, progress)    # everything global, once
hrms = method.fuse(patch, context)           # purely local
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from core.imaging.arrays import Image
from core.methods.scene_fit_weights import SceneFitWeights
from core.methods.statistics import SceneStatistics
from core.pair.reduced import AnyScene, ReducedScene
from core.pair.scene import Patch
from core.progress import Progress
from core.requests.scenes import Bench, Sharpening

if TYPE_CHECKING:
    from core.models.onnx_session import Graph

OnStep = Callable[[int], None]
"""Called with the number, from 1, of each network evaluation that is done."""


@dataclass(frozen=True)
class Settings:
    """Parameters of methods; each ignores those that it does not use.

    Attributes
    ----------
    ratio : MS pixel size / PAN pixel size.
    gains : MTF gain of each MS band at its Nyquist frequency; None: the generic gain.
    model : name or path of the model file; None: the method's default model.
    device : ``auto``, ``cpu`` or ``cuda``.
    seed : of the noise, and of where windows are sampled.
    steps : sampling steps; None: as many as the model's card says.
    fine_tuning_seconds : time limit of fine-tuning to the scene.
    back_projection : passes of back-projection after a classical method or the scene fit, 0 to 10;
        None: none after a classical method, 3 after the scene fit. Networks end with their own.
    fit : a scene fit to use instead of a new one.
    save_fit : the file that a new scene fit is written to.
    statistics : to normalise the inputs of a network; None: those of the scene.
    """

    ratio: float
    gains: Sequence[float] | None = None
    model: str | None = None
    device: str = "auto"
    seed: int = 0
    steps: int | None = None
    fine_tuning_seconds: float = 60.0
    back_projection: int | None = None
    fit: SceneFitWeights | None = None
    save_fit: str | None = None
    statistics: SceneStatistics | None = None

    @classmethod
    def of(
        cls, request: Sharpening | Bench, ratio: float, gains: Sequence[float], **more: Any
    ) -> Settings:
        """Return the settings of a request; `more` are fields that it does not have."""
        return cls(
            ratio,
            gains,
            model=request.model,
            device=request.device,
            seed=request.seed,
            steps=request.steps,
            fine_tuning_seconds=request.adapt,
            back_projection=request.back_projection,
            **more,
        )


class Method(Protocol):
    """A pansharpening method.

    Attributes
    ----------
    name : as in `core.methods.registry.METHODS`.
    halo : PAN px around a pixel that its result depends on.
    align : PAN px; windows start at multiples of it.
    tile_multiple : edge of its tiles over the tile size.
    evaluations : network evaluations for one window.
    model_hash : SHA-256 of the weights of its model; empty for a method without one.
    """

    name: str
    halo: int = 0
    align: int = 1
    tile_multiple: int = 1
    evaluations: int = 1
    model_hash: str = ""

    def prepare(self, scene: AnyScene, progress: Progress) -> Any:
        """Return the context of a scene: everything that `fuse` needs beyond its window."""

    def at_reduced_resolution(self, context: Any, reduced: ReducedScene, progress: Progress) -> Any:
        """Return the context of a scene adapted to the scene at reduced resolution.

        For methods that are fine-tuned to the scene; others are prepared for the reduced scene.
        """
        return context

    def fuse(self, patch: Patch, context: Any, *, on_step: OnStep | None = None) -> Image:
        """Sharpen one window: `(C, H, W)` in DN, on the patch's pixels."""

    def graph(self, role: str, weights: Mapping[str, Image] | None = None) -> Graph:
        """Open a graph of the method's model by its role, with these weights in place of its own.

        Raises ValueError: a method without a network has none.
        """
        raise ValueError(f"{self.name} has no graph {role}")

    def seconds_per_pixel(self, context: Any) -> float | None:
        """Return the measured time of one evaluation of a PAN pixel; None: not measured."""
        return None

    def describe(self, context: Any) -> dict[str, object]:
        """Return what the result reports: method, model, device."""
        return {"method": self.name, "model": "", "device": "cpu"}
