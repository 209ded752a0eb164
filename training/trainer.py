# SPDX-License-Identifier: GPL-2.0-or-later
"""Two-stage training of KSDiff (arXiv 2505.18991), resumable.

Stage 1: PLFE1, kernel generators and network, L1 of the image. Stage 2: PLFE1 frozen; PLFE2,
denoiser, kernel generators and network jointly, L1 of the latent plus L1 of the image that the
sampled prior gives. A checkpoint after every `save_every` steps holds all that is needed to go on
elsewhere; batches and noise are functions of the step, so a resumed run repeats an
uninterrupted one.
"""

from __future__ import annotations

import csv
import logging
import math
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core import modelfile
from core.errors import InputError
from core.networks.ksdiff import Batch, KSDiff
from training.batches import Batches
from training.recipe import Recipe, Stage
from training.sources import Source

log = logging.getLogger(__name__)


class Trainer:
    """One run in `folder`: checkpoint.pt and loss.csv.

    Parameters
    ----------
    recipe : what to train.
    sources : on what.
    folder : created when missing; an earlier checkpoint of the same recipe in it is continued.
    """

    def __init__(
        self, recipe: Recipe, sources: list[Source], folder: Path, device: str = "cpu"
    ) -> None:
        self.recipe = recipe
        self.sources = sources
        self.folder = folder
        self.device = torch.device(device)
        torch.manual_seed(recipe.seed)
        self.model = KSDiff(recipe.network)
        if recipe.start:
            begin_with(self.model, recipe.start)
        self.model.to(self.device)
        # Depth-wise convolutions are much faster so, on CPU and GPU.
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        # Without a first stage the encoders stay as they are given.
        self.stage, self.step, self.seconds = (1 if recipe.stage1.steps else 2), 0, 0.0
        self.optimiser = self._begin_stage(self.stage)
        folder.mkdir(parents=True, exist_ok=True)
        bands = recipe.network.bands
        for source in sources:
            if min(source.pan.shape) < recipe.patch + 4:
                raise InputError(
                    f"{source.name} is too small for patches of {recipe.patch} pixels.",
                    "Leave it out, or train on smaller patches.",
                )
            if bands is not None and source.ms.shape[0] != bands:
                raise InputError(
                    f"{source.name} has {source.ms.shape[0]} bands, the network is for {bands}.",
                    "Give only scenes with that many bands, or a network for any number.",
                )
        if self.checkpoint.exists():
            self._load()
        else:
            (folder / "loss.csv").unlink(missing_ok=True)

    @property
    def checkpoint(self) -> Path:
        """Where the state of the run is kept."""
        return self.folder / "checkpoint.pt"

    def run(self, save_every: int = 200, stop_after: int | None = None) -> None:
        """Train to the end, or for `stop_after` more steps; saves on the way and at the end."""
        left = math.inf if stop_after is None else stop_after
        while left > 0:
            stage = self._settings()
            last = min(stage.steps, self.step + left)
            batches = self._batches()
            first = self.step
            for step, batch in batches.run(first, int(last)):
                started = time.monotonic()
                losses = self._train_step(step, batch.to(self.device))
                self.step = step + 1
                self.seconds += time.monotonic() - started
                self._report(losses)
                if self.step % save_every == 0:
                    self.save()
            left -= self.step - first
            if self.step < stage.steps or self.stage == 2:
                break
            self._end_stage1()
        self.save()

    @property
    def finished(self) -> bool:
        """Both stages are done."""
        return self.stage == 2 and self.step >= self.recipe.stage2.steps

    def averaged(self) -> KSDiff:
        """The network with its averaged weights, in eval mode, on the CPU."""
        model = KSDiff(self.recipe.network)
        model.load_state_dict(self.average)
        return model.eval()

    def save(self) -> None:
        """Write the checkpoint; a kill at any moment leaves the old one or the new one."""
        state = {
            "recipe": self.recipe.to_json(),
            "stage": self.stage,
            "step": self.step,
            "seconds": self.seconds,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
        }
        temporary = self.checkpoint.with_suffix(".part")
        torch.save(state, temporary)
        temporary.replace(self.checkpoint)

    def _load(self) -> None:
        state: dict[str, Any] = torch.load(
            self.checkpoint, map_location=self.device, weights_only=True
        )
        recipe = self.recipe.to_json()
        for name in ("network", "sources", "batch", "patch", "seed", "scale"):
            if state["recipe"].get(name) != recipe[name]:
                raise InputError(
                    f"{self.checkpoint} was made with another {name}.",
                    "Give another output folder or the same recipe; only the length and the "
                    "learning rates may change.",
                )
        self.stage, self.step = state["stage"], state["step"]
        self.seconds = state["seconds"]
        self.optimiser = self._begin_stage(self.stage)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimiser.load_state_dict(state["optimiser"])
        self._forget_later_losses()
        log.info("continuing stage %d after %d steps", self.stage, self.step)

    def _forget_later_losses(self) -> None:
        # A killed run got further than its last checkpoint; those steps come again.
        path = self.folder / "loss.csv"
        if not path.exists():
            return
        with path.open(newline="", encoding="utf-8") as file:
            head, *rows = list(csv.reader(file))
        kept = [r for r in rows if (int(r[0]), int(r[1])) <= (self.stage, self.step)]
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *kept])

    def _batches(self) -> Batches:
        recipe = self.recipe
        bands = recipe.network.bands
        return Batches(
            self.sources, recipe.batch, recipe.patch, recipe.seed, self.stage, bands, recipe.scale
        )

    def _settings(self) -> Stage:
        return self.recipe.stage1 if self.stage == 1 else self.recipe.stage2

    def _begin_stage(self, stage: int) -> torch.optim.AdamW:
        model = self.model
        parts: list[nn.Module] = (
            [model.plfe1, model.net] if stage == 1 else [model.plfe2, model.denoiser, model.net]
        )
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
        # Stage 2 starts from the averaged weights, PLFE2 from PLFE1's matching branch.
        self.model.load_state_dict(self.average)
        for name in ("pan_stem", "lms_stem", "lms_branch"):
            part = getattr(self.model.plfe1, name).state_dict()
            getattr(self.model.plfe2, name).load_state_dict(part)
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        self.stage, self.step = 2, 0
        self.optimiser = self._begin_stage(2)

    def _train_step(self, step: int, batch: Batch) -> dict[str, float]:
        stage = self._settings()
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(stage, step)
        self.model.train()
        self.optimiser.zero_grad(set_to_none=True)
        losses = self._losses(step, batch)
        loss = losses["image"] + self.recipe.latent_weight * losses.get("latent", 0)
        loss.backward()
        trained = [p for group in self.optimiser.param_groups for p in group["params"]]
        nn.utils.clip_grad_norm_(trained, self.recipe.clip)
        self.optimiser.step()
        # The average starts short and lengthens: early weights are soon forgotten.
        keep = min(self.recipe.ema, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                self.average[name].lerp_(value, 1 - keep)
        return {name: float(value.detach()) for name, value in losses.items()}

    def _losses(self, step: int, batch: Batch) -> dict[str, Tensor]:
        with torch.autocast(self.device.type, torch.bfloat16):
            if self.stage == 1:
                hrms = self.model.stage1(batch)
                return {"image": self._image_loss(hrms, batch.gt)}
            config = self.recipe.network
            shape = (batch.pan.shape[0], config.tokens, config.c_z)
            generator = torch.Generator().manual_seed(self.recipe.seed * 1_000_003 + step)
            noise, start = torch.randn(2, *shape, generator=generator).to(self.device)
            t = torch.randint(config.steps, shape[:1], generator=generator).to(self.device)
            latent, hrms = self.model.stage2(batch, noise, start, t, self.recipe.ddim_train_steps)
            return {"image": self._image_loss(hrms, batch.gt), "latent": latent}

    def _image_loss(self, hrms: Tensor, gt: Tensor) -> Tensor:
        """L1, in which pixels with much error weigh more, see `Recipe.hard`."""
        error = (hrms - gt).abs()
        weight = error.detach() / error.detach().mean().clamp(min=1e-6)
        return (error * (1 - self.recipe.hard + self.recipe.hard * weight)).mean()

    def _report(self, losses: dict[str, float]) -> None:
        path = self.folder / "loss.csv"
        new = not path.exists()
        with path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["stage", "step", "image", "latent", "seconds"])
            row = [self.stage, self.step, losses["image"], losses.get("latent", "")]
            writer.writerow([*row, round(self.seconds, 2)])
        if self.step % 50 == 0:
            steps = self._settings().steps
            log.info(
                "stage %d step %d/%d %s",
                self.stage,
                self.step,
                steps,
                " ".join(f"{k} {v:.4f}" for k, v in losses.items()),
            )


def begin_with(model: KSDiff, start: str) -> None:
    """Take the weights of a model file. Raises InputError when it is another network's."""
    weights = modelfile.read_weights(modelfile.load(start).path)
    try:
        model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    except RuntimeError as error:
        raise InputError(
            f"The model {start} is another network than the recipe's.",
            "Give the same sizes in the recipe, or leave out start.",
        ) from error


def learning_rate(stage: Stage, step: int) -> float:
    """Linear warm-up, then cosine decay to a hundredth."""
    if step < stage.warmup:
        return stage.lr * (step + 1) / stage.warmup
    done = (step - stage.warmup) / max(stage.steps - stage.warmup, 1)
    return stage.lr * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))
