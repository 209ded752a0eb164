# SPDX-License-Identifier: GPL-2.0-or-later
"""Two-stage training of KSDiff and SRINO, resumable, by one process or several.

KSDiff, stage 1: PLFE1, kernel generators and network, L1 of the image; stage 2: PLFE1 frozen;
PLFE2, denoiser, kernel generators and network jointly, L1 of the latent plus L1 of the image that
the sampled prior gives. SRINO, stage I: operator and models of the sensor; stage II: these frozen;
auxiliary predictor and adapters. The losses are in `training.objectives`. A checkpoint after every
`save_every` steps holds all that is needed to go on elsewhere; batches and noise are functions of
the step, so a resumed run repeats an uninterrupted one, and several processes repeat one that
computes their batches alone.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import InputError, ModelError
from core.networks.batch import Batch
from core.networks.trainable import TrainableNetwork
from core.progress import duration
from training.batches import Batches
from training.curves import CHECKPOINT, LOSS_COLUMNS, Curves
from training.distributed import Processes
from training.initialise import load_start, validate_config
from training.losses import image_loss, scene_weights
from training.objectives.objective import StepRandom
from training.recipe import Recipe, Stage
from training.replay import Replay
from training.scenes import TRAIN, TrainingScene
from training.validation import INDICES, Case, Scores, cases, validate

log = logging.getLogger(__name__)

#: Seconds between lines of progress.
LOG_EVERY = 10.0
#: Seconds between readings of the losses: a GPU is waited for then.
READ_EVERY = 0.5

OnStep = Callable[[dict[str, float]], None]
"""Called with the losses that were read last."""


class OtherRecipeError(InputError):
    """A run cannot go on: `field` of its recipe was another one."""

    def __init__(self, checkpoint: Path, field: str) -> None:
        super().__init__("recipe-differs", checkpoint=checkpoint, field=field)
        self.field = field


class Trainer:
    """One run in `folder`: checkpoint.pt, and the tables of `training.curves`.

    Parameters
    ----------
    recipe : what to train.
    scenes : to train on, and held out for validation.
    folder : created when missing; an earlier checkpoint of the same recipe in it is continued.
    build : makes the network of a configuration; the method's own by default.

    Attributes
    ----------
    ema : exponential moving average of the weights, by name.
    losses : those that were read last, by name.
    validated : scores of the latest validation.
    """

    def __init__(
        self,
        recipe: Recipe,
        scenes: list[TrainingScene],
        folder: Path,
        device: str = "cpu",
        build: Callable[[Any], TrainableNetwork] | None = None,
    ) -> None:
        self.device = torch.device(device)
        if self.device.type == "cuda":
            # What is not computed in bf16; and the fastest convolutions of each shape.
            torch.set_float32_matmul_precision("high")
            torch.backends.cudnn.benchmark = True
        self.processes = Processes.join(self.device)
        validate_config(recipe, scenes, self.processes)
        self.recipe = recipe
        self.scenes = [s for s in scenes if s.part == TRAIN]
        self.held_out = [s for s in scenes if s.part != TRAIN]
        self.folder, self.curves = folder, Curves(folder)
        self.losses: dict[str, float] = {}
        self.validated: Scores = {}
        self._unread: list[tuple[tuple[int, int, float], dict[str, Tensor]]] = []
        self._read = self._logged = -math.inf
        torch.manual_seed(recipe.seed)
        self._build = build or recipe.objective.network
        self.model = self._build(recipe.network)
        # Without a first stage, the weights that it would train stay as they were loaded.
        self.stage, self.step, self.seconds = (1 if recipe.stage1.steps else 2), 0, 0.0
        self._start_method: str | None = None
        if recipe.start and not self.checkpoint.exists():
            self._start_method = load_start(self.model, recipe.start, self.batches)
        self.model.to(self.device)
        # Depth-wise convolutions are much faster so, on CPU and GPU.
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.ema = self._copy_of_weights()
        self._begin_stage()
        folder.mkdir(parents=True, exist_ok=True)
        if self.checkpoint.exists():
            self._load()
        elif self.processes.is_main:
            self.curves.clear()

    @property
    def checkpoint(self) -> Path:
        """The file with the state of the run."""
        return self.folder / CHECKPOINT

    @property
    def settings(self) -> Stage:
        """Length and learning rate of the current stage."""
        return self.recipe.stage1 if self.stage == 1 else self.recipe.stage2

    @property
    def batches(self) -> Batches:
        """The batches of the current stage."""
        recipe, bands = self.recipe, self.model.config.bands
        return Batches(
            self.scenes, recipe.batch, recipe.patch, recipe.seed, self.stage, bands, recipe.scale,
            self.model.config.details, self.processes,
        )  # fmt: skip

    @property
    def finished(self) -> bool:
        """Both stages are done."""
        return self.stage == 2 and self.step >= self.recipe.stage2.steps

    def run(
        self,
        save_every: int = 200,
        stop_after: int | None = None,
        validate_every: int = 0,
        on_step: OnStep | None = None,
    ) -> None:
        """Train to the end, or for `stop_after` more steps; save on the way and at the end.

        Validates every `validate_every` steps and at the end of a stage; 0 is never. `on_step` is
        called after every step, and replaces the lines of progress; where it raises, the steps
        done can still be saved.
        """
        left = math.inf if stop_after is None else stop_after
        while left > 0:
            first, steps = self.step, self.settings.steps
            began = self._logged = time.monotonic()
            batches, last = self.batches, int(min(steps, first + left))
            for step, batch in batches.run(first, last, self.device):
                started = time.monotonic()
                losses = self.train_step(step, batch, batches)
                self.step = step + 1
                row = (self.stage, self.step, self.seconds + time.monotonic() - started)
                self._unread.append((row, losses))
                if self.step == last or started - self._read >= READ_EVERY:
                    self._read_losses()
                self.seconds += time.monotonic() - started
                if on_step is None:
                    self._log((time.monotonic() - began) / (self.step - first))
                if validate_every and (self.step % validate_every == 0 or self.step == steps):
                    self._validate()
                if on_step is not None:
                    on_step(self.losses)
                if self.step % save_every == 0:
                    self.save()
            left -= self.step - first
            if self.step < steps or self.stage == 2:
                break
            self._begin_stage2()
        self.save()
        if self.processes.is_main:
            self.curves.draw()
        if not self.finished:
            steps = self.settings.steps
            log.info("stopped in stage %d after %d of %d steps", self.stage, self.step, steps)

    def averaged(self) -> TrainableNetwork:
        """Return the network with its averaged weights, in eval mode, on the CPU."""
        model = self._build(self.recipe.network)
        model.load_state_dict(self.ema)
        return model.eval()

    @cached_property
    def cases(self) -> list[Case]:
        """The regions of the held-out scenes that are validated."""
        config = self.model.config
        return cases(self.held_out, config.bands, self.recipe.scale, config.details)

    def save(self) -> None:
        """Write the checkpoint, see `write_checkpoint`."""
        self._read_losses()
        if not self.processes.is_main:
            return
        state = {
            "recipe": self.recipe.to_json(),
            "stage": self.stage,
            "step": self.step,
            "seconds": self.seconds,
            "start_method": self._start_method,
            "model": self.model.state_dict(),
            "average": self.ema,
            "optimiser": self.optimiser.state_dict(),
            "curves": self.curves.texts(),
        }
        write_checkpoint(self.checkpoint, state)

    def _load(self) -> None:
        try:
            # To the CPU: the optimiser's counts of steps stay there, since reading them from a GPU
            # would wait for it. Weights and moments go to the device as they are loaded.
            state: dict[str, Any] = torch.load(
                self.checkpoint, map_location="cpu", weights_only=True
            )
            # Compared as recipes: a field that an older one lacks has its default.
            begun = Recipe.from_json(state["recipe"])
            other = begun.differs(self.recipe)
        except (OSError, ModelError):
            raise
        except Exception as error:  # torch has many, for files that are something else
            log.debug("%s", self.checkpoint, exc_info=True)
            raise InputError("checkpoint-damaged", checkpoint=self.checkpoint) from error
        if other:
            raise OtherRecipeError(self.checkpoint, other)
        # Cards name the weights that a run began with, not those it would begin with today.
        self.recipe = replace(self.recipe, start=begun.start)
        self.stage, self.step = state["stage"], state["step"]
        self.seconds = state["seconds"]
        # Older checkpoints began with a model of the same method, or with none.
        known = self.recipe.method if begun.start else None
        self._start_method = state.get("start_method", known)
        try:
            self.model.load_state_dict(state["model"])
        except RuntimeError as error:  # f_KE was another network once
            raise OtherRecipeError(self.checkpoint, "network") from error
        self.ema = {name: value.to(self.device) for name, value in state["average"].items()}
        self._begin_stage()
        self.optimiser.load_state_dict(state["optimiser"])
        if self.processes.is_main:
            self.curves.restore(state.get("curves", {}))
            self.curves.forget_after(self.stage, self.step)
            log.info("continuing stage %d after %d steps", self.stage, self.step)

    def _copy_of_weights(self) -> dict[str, torch.Tensor]:
        return {k: v.detach().clone() for k, v in self.model.state_dict().items()}

    def _begin_stage(self) -> None:
        """Make an optimiser of what the current stage trains, and freeze the rest."""
        modules = self.model.trainable_modules(self.stage)
        self.model.train().requires_grad_(False)
        for module in modules:
            module.requires_grad_(True)
        self.trained: list[Tensor] = [p for module in modules for p in module.parameters()]
        # What is not trained is its own average.
        names: dict[Tensor, str] = {p: name for name, p in self.model.named_parameters()}
        self._averages = [self.ema[names[p]] for p in self.trained]
        self.optimiser = torch.optim.AdamW(
            self.trained,
            lr=self.settings.lr,
            betas=(0.9, 0.999),
            weight_decay=self.recipe.weight_decay,
            fused=self.device.type == "cuda" or None,
        )
        alone = self.device.type == "cuda" and self.processes.world_size == 1
        self.replay = Replay(self.backward, self.trained) if alone else None

    def _begin_stage2(self) -> None:
        # Stage 2 starts from the averaged weights. Those of a model of this method to start with
        # already know their task.
        self.model.load_state_dict(self.ema)
        if self._start_method != self.recipe.method:
            self.model.begin_stage2()
        self.ema = self._copy_of_weights()
        self.stage, self.step = 2, 0
        self._begin_stage()

    def train_step(self, step: int, batch: Batch, batches: Batches) -> dict[str, Tensor]:
        """Train on a batch; return its losses (scalars on the device), which are not read here."""
        recipe = self.recipe
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.settings, step)
        random = StepRandom.of(recipe.seed, step, batches.shape(step), self.processes, self.device)
        values = self._gradients(batch, random)
        grads = [p.grad for p in self.trained if p.grad is not None]
        self.processes.average([*grads, *values.values()])
        nn.utils.clip_grad_norm_(self.trained, recipe.clip)
        self.optimiser.step()
        # The average starts short and lengthens: early weights are soon forgotten.
        keep = min(recipe.ema, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(self._averages, self.trained, 1 - keep)
        return values

    def _gradients(self, batch: Batch, random: StepRandom) -> dict[str, Tensor]:
        """Compute the losses of a batch and their gradients; return the losses."""
        if self.replay is not None:
            variant = self.recipe.objective.is_variant(random, self.recipe)
            return self.replay(batch, random, variant)
        self.optimiser.zero_grad(set_to_none=True)
        return self.backward(batch, random)

    def backward(self, batch: Batch, random: StepRandom) -> dict[str, Tensor]:
        """Add the gradients of a batch's losses to the weights; return the losses (scalars)."""
        recipe = self.recipe
        with torch.autocast(self.device.type, torch.bfloat16):
            result = recipe.objective.step(self.model, self.stage, batch, random, recipe)
        how = scene_weights(batch), recipe.hard, self.processes
        losses = {"image": image_loss(result.image, batch, *how), **result.losses}
        if result.pseudo is not None:
            losses["pseudo"] = recipe.pseudo_weight * image_loss(result.pseudo, batch, *how)
        torch.stack([*losses.values()]).sum().backward()
        return {name: value.detach() for name, value in losses.items()}

    def _read_losses(self) -> None:
        """Read the losses of all steps since the last time, and write them to the table."""
        rows, losses = [row for row, _ in self._unread], [each for _, each in self._unread]
        self._unread, self._read = [], time.monotonic()
        if not rows:
            return
        numbers = iter(torch.stack([value for each in losses for value in each.values()]).tolist())
        for (stage, step, seconds), each in zip(rows, losses, strict=True):
            self.losses = {name: next(numbers) for name in each}
            if self.processes.is_main:
                told = [self.losses.get(name, "") for name in LOSS_COLUMNS]
                self.curves.add("loss.csv", [stage, step, *told, round(seconds, 2)])

    def _log(self, pace: float) -> None:
        """Write a line of progress now and then; `pace` is in seconds per step."""
        if not self.processes.is_main or time.monotonic() - self._logged < LOG_EVERY:
            return
        self._logged = time.monotonic()
        steps = self.settings.steps
        later = self.recipe.stage2.steps if self.stage == 1 else 0
        log.info(
            "stage %d step %d/%d %s, %s left in this stage%s", self.stage, self.step, steps,
            " ".join(f"{k} {v:.4f}" for k, v in self.losses.items()),
            duration(pace * (steps - self.step)), f", then {later} steps of stage 2" * (later > 0),
        )  # fmt: skip

    def _validate(self) -> None:
        """Score the averaged weights; other processes wait at the next exchange."""
        self._read_losses()
        if not self.processes.is_main or not self.held_out:
            return
        model = self.averaged().to(self.device)
        self.validated = validate(model, self.cases, self.stage)
        for method, row in self.validated.items():
            values = [round(row[index], 5) for index in INDICES]
            self.curves.add("validation.csv", [self.stage, self.step, method, *values])
            scores = " ".join(f"{name} {value:.4f}" for name, value in row.items())
            note = ", given the reference" if self.stage == 1 and method == model.title else ""
            log.info(
                "stage %d step %d, held out: %s%s %s", self.stage, self.step, method, note, scores
            )
        self.curves.draw()


def write_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write the state of a run; a kill at any moment leaves the old one or the new one."""
    temporary = path.with_suffix(".part")
    torch.save(state, temporary)
    temporary.replace(path)


def learning_rate(stage: Stage, step: int) -> float:
    """Return the rate of a step: linear warm-up, then cosine decay to a hundredth."""
    if step < stage.warmup:
        return stage.lr * (step + 1) / stage.warmup
    done = (step - stage.warmup) / max(stage.steps - stage.warmup, 1)
    return stage.lr * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))
