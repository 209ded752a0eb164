# SPDX-License-Identifier: GPL-2.0-or-later
"""Two-stage training of KSDiff and SRINO, resumable, by one process or several.

KSDiff, stage 1: PLFE1, kernel generators and network, L1 of the image; stage 2: PLFE1 frozen;
PLFE2, denoiser, kernel generators and network jointly, L1 of the latent plus L1 of the image that
the sampled prior gives. SRINO, stage I: operator and models of the sensor; stage II: these frozen;
auxiliary predictor and adapters. What is minimised is in `training.objectives`. A checkpoint after
every `save_every` steps holds all that is needed to go on elsewhere; batches and noise are
functions of the step, so a resumed run repeats an uninterrupted one, and several processes repeat
one that computes their batches alone.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import InputError, ModelError
from core.networks.batch import Batch
from core.networks.ksdiff import KSDiff
from core.networks.srino import SRINO
from core.progress import duration
from training.batches import Batches, Layout
from training.checks import check, check_share
from training.curves import LOSSES, Curves
from training.objectives import OBJECTIVES, Draws
from training.patches import TRAIN, Source
from training.processes import Processes
from training.recipe import Recipe, Stage
from training.start import MODELS, begin_with
from training.validation import NAMES, Case, cases, validate

log = logging.getLogger(__name__)

LOG_EVERY = 10.0
"""Seconds between lines of progress."""

Told = Callable[[dict[str, float]], None]
"""Called with the losses of a step."""


class OtherRecipeError(InputError):
    """A run cannot go on: `field` of its recipe was another one."""

    def __init__(self, checkpoint: Path, field: str) -> None:
        super().__init__("recipe-differs", checkpoint=checkpoint, field=field)
        self.field = field


class Trainer:
    """One run in `folder`: checkpoint.pt and what `training.curves` writes.

    Parameters
    ----------
    recipe : what to train.
    sources : on what, and what is held out for validation.
    folder : created when missing; an earlier checkpoint of the same recipe in it is continued.
    build : makes the network of a configuration; the method's own by default.

    Attributes
    ----------
    validated : what the latest validation found, see `training.validation.validate`.
    """

    def __init__(
        self,
        recipe: Recipe,
        sources: list[Source],
        folder: Path,
        device: str = "cpu",
        build: Callable[[Any], KSDiff | SRINO] | None = None,
    ) -> None:
        check(recipe, sources)
        self.recipe = recipe
        self.sources = [s for s in sources if s.part == TRAIN]
        self.held_out = [s for s in sources if s.part != TRAIN]
        self.folder, self.curves = folder, Curves(folder)
        self.device = torch.device(device)
        self.processes = Processes.join(self.device)
        check_share(recipe.batch, self.processes)
        self._cases: list[Case] | None = None
        self.validated: dict[str, dict[str, float]] = {}
        self._trained, self._began, self._said = 0, 0.0, 0.0
        torch.manual_seed(recipe.seed)
        self._build = build or MODELS[recipe.method]
        self.model = self._build(recipe.network)
        # Without a first stage what it would train stays as it is given.
        self.stage, self.step, self.seconds = (1 if recipe.stage1.steps else 2), 0, 0.0
        if recipe.start and not self.checkpoint.exists():
            begin_with(self.model, recipe.start, self._batches())
        self.model.to(self.device)
        # Depth-wise convolutions are much faster so, on CPU and GPU.
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        self.optimiser = self._begin_stage(self.stage)
        folder.mkdir(parents=True, exist_ok=True)
        if self.checkpoint.exists():
            self._load()
        elif self.processes.first:
            self.curves.clear()

    @property
    def checkpoint(self) -> Path:
        """Where the state of the run is kept."""
        return self.folder / "checkpoint.pt"

    def run(
        self,
        save_every: int = 200,
        stop_after: int | None = None,
        validate_every: int = 0,
        told: Told | None = None,
    ) -> None:
        """Train to the end, or for `stop_after` more steps; saves on the way and at the end.

        Validates every `validate_every` steps and at the end of a stage; 0 is never. After every
        step `told` is called, instead of a line of progress now and then; where it raises, what
        was done can still be saved.
        """
        left = math.inf if stop_after is None else stop_after
        while left > 0:
            stage = self._settings()
            last = int(min(stage.steps, self.step + left))
            first, self._trained = self.step, 0
            self._said = self._began = time.monotonic()
            batches = self._batches()
            for step, batch in batches.run(first, last):
                started = time.monotonic()
                losses = self._train_step(step, batches.layout(step), batch.to(self.device))
                self.step = step + 1
                self.seconds += time.monotonic() - started
                self._report(losses, stage.steps, quietly=told is not None)
                if validate_every and (self.step % validate_every == 0 or step + 1 == stage.steps):
                    self._validate()
                if told is not None:
                    told(losses)
                if self.step % save_every == 0:
                    self.save()
            left -= self.step - first
            if self.step < stage.steps or self.stage == 2:
                break
            self._end_stage1()
        self.save()
        if self.processes.first:
            self.curves.draw()
        if not self.finished:
            of = self._settings().steps
            log.info("stopped in stage %d after %d of %d steps", self.stage, self.step, of)

    @property
    def finished(self) -> bool:
        """Both stages are done."""
        return self.stage == 2 and self.step >= self.recipe.stage2.steps

    def averaged(self) -> KSDiff | SRINO:
        """The network with its averaged weights, in eval mode, on the CPU."""
        model = self._build(self.recipe.network)
        model.load_state_dict(self.average)
        return model.eval()

    def save(self) -> None:
        """Write the checkpoint; a kill at any moment leaves the old one or the new one."""
        if not self.processes.first:
            return
        state = {
            "recipe": self.recipe.to_json(),
            "stage": self.stage,
            "step": self.step,
            "seconds": self.seconds,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "curves": self.curves.texts(),
        }
        temporary = self.checkpoint.with_suffix(".part")
        torch.save(state, temporary)
        temporary.replace(self.checkpoint)

    def _load(self) -> None:
        try:
            state: dict[str, Any] = torch.load(
                self.checkpoint, map_location=self.device, weights_only=True
            )
            # Compared as recipes: what an older one does not name has its default.
            begun = Recipe.from_json(state["recipe"])
            other = begun.differs(self.recipe)
        except (OSError, ModelError):
            raise
        except Exception as error:  # torch has many, for files that are something else
            log.debug("%s", self.checkpoint, exc_info=True)
            raise InputError("checkpoint-damaged", checkpoint=self.checkpoint) from error
        if other:
            raise OtherRecipeError(self.checkpoint, other)
        # Cards tell what weights a run began with, not what it would begin with today.
        self.recipe = replace(self.recipe, start=begun.start)
        self.stage, self.step = state["stage"], state["step"]
        self.seconds = state["seconds"]
        self.optimiser = self._begin_stage(self.stage)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimiser.load_state_dict(state["optimiser"])
        if self.processes.first:
            self.curves.restore(state.get("curves", {}))
            self.curves.forget_after(self.stage, self.step)
            log.info("continuing stage %d after %d steps", self.stage, self.step)

    def _batches(self) -> Batches:
        recipe = self.recipe
        bands = self.model.config.bands
        return Batches(
            self.sources, recipe.batch, recipe.patch, recipe.seed, self.stage, bands, recipe.scale,
            self.processes,
        )  # fmt: skip

    def _settings(self) -> Stage:
        return self.recipe.stage1 if self.stage == 1 else self.recipe.stage2

    def _begin_stage(self, stage: int) -> torch.optim.AdamW:
        model = self.model
        parts = model.trainable_modules(stage)
        model.requires_grad_(False)
        for part in parts:
            part.requires_grad_(True)
        return torch.optim.AdamW(
            [p for part in parts for p in part.parameters()],
            lr=(self.recipe.stage1 if stage == 1 else self.recipe.stage2).lr,
            betas=(0.9, 0.999),
            weight_decay=self.recipe.weight_decay,
        )

    def _end_stage1(self) -> None:
        # Stage 2 starts from the averaged weights, PLFE2 from PLFE1's matching branch; that of a
        # model to start with already knows what it is for.
        self.model.load_state_dict(self.average)
        if not self.recipe.start:
            self.model.begin_stage2()
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        self.stage, self.step = 2, 0
        self.optimiser = self._begin_stage(2)

    def _train_step(self, step: int, layout: Layout, batch: Batch) -> dict[str, float]:
        stage = self._settings()
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(stage, step)
        self.model.train()
        self.optimiser.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, torch.bfloat16):
            objective = OBJECTIVES[self.recipe.method]
            draws = self._draws(step, layout)
            hrms, others = objective(self.model, self.stage, batch, draws, self.recipe)
            losses = {"image": self._image_loss(hrms, batch.gt), **others}
        loss = torch.stack([*losses.values()]).sum()
        loss.backward()
        values = {name: value.detach() for name, value in losses.items()}
        trained = [p for group in self.optimiser.param_groups for p in group["params"]]
        self.processes.average([p.grad for p in trained if p.grad is not None] + [*values.values()])
        nn.utils.clip_grad_norm_(trained, self.recipe.clip)
        self.optimiser.step()
        # The average starts short and lengthens: early weights are soon forgotten.
        keep = min(self.recipe.ema, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                self.average[name].lerp_(value, 1 - keep)
        return {name: float(value) for name, value in values.items()}

    def _draws(self, step: int, layout: Layout) -> Draws:
        share = self.processes.share(layout.scenes)
        generator = torch.Generator().manual_seed(self.recipe.seed * 1_000_003 + step)
        return Draws(generator, layout, slice(share.start, share.stop), self.device)

    def _image_loss(self, hrms: Tensor, gt: Tensor) -> Tensor:
        """L1, in which pixels with much error weigh more, see `Recipe.hard`."""
        error = (hrms - gt).abs()
        if not self.recipe.hard:
            return error.mean()
        mean = error.detach().mean()
        self.processes.average([mean])
        weight = error.detach() / mean.clamp(min=1e-6)
        return (error * (1 - self.recipe.hard + self.recipe.hard * weight)).mean()

    def _report(self, losses: dict[str, float], steps: int, quietly: bool) -> None:
        if not self.processes.first:
            return
        row = [self.stage, self.step, *(losses.get(name, "") for name in LOSSES)]
        self.curves.loss([*row, round(self.seconds, 2)])
        self._trained += 1
        now = time.monotonic()
        if quietly or now - self._said < LOG_EVERY:
            return
        pace, self._said = (now - self._began) / self._trained, now
        # How long a step of stage 2 takes, nobody knows before.
        later = self.recipe.stage2.steps if self.stage == 1 else 0
        log.info(
            "stage %d step %d/%d %s, %s left in this stage%s", self.stage, self.step, steps,
            " ".join(f"{k} {v:.4f}" for k, v in losses.items()),
            duration(pace * (steps - self.step)), f", then {later} steps of stage 2" * (later > 0),
        )  # fmt: skip

    def cases(self) -> list[Case]:
        """What is held out, as it is sharpened."""
        if self._cases is None:
            self._cases = cases(self.held_out, self.model.config.bands, self.recipe.scale)
        return self._cases

    def _validate(self) -> None:
        """The averaged weights on what is held out; the others wait at the next exchange."""
        if not self.processes.first or not self.held_out:
            return
        model = self.averaged().to(self.device)
        self.validated = validate(model, self.cases(), self.stage)
        for method, row in self.validated.items():
            values = [round(row[name], 5) for name in NAMES]
            self.curves.validation([self.stage, self.step, method, *values])
            told = " ".join(f"{name} {value:.4f}" for name, value in row.items())
            seen = ", seeing the truth" if self.stage == 1 and method == model.title else ""
            log.info(
                "stage %d step %d, held out: %s%s %s", self.stage, self.step, method, seen, told
            )
        self.curves.draw()


def learning_rate(stage: Stage, step: int) -> float:
    """Linear warm-up, then cosine decay to a hundredth."""
    if step < stage.warmup:
        return stage.lr * (step + 1) / stage.warmup
    done = (step - stage.warmup) / max(stage.steps - stage.warmup, 1)
    return stage.lr * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))
