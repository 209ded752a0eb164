# SPDX-License-Identifier: GPL-2.0-or-later
"""Train f_KE, SRINO's model of the blur of MS, alone, on scenes whose MTF is known.

It needs nothing of the rest of a network, all weights of which stay as they are. What it sees of a
scene are spectra, so a step draws scenes, computes these, and forgets the pixels.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.errors import InputError
from core.imaging.arrays import Image
from core.models.modelfile import ModelFile
from core.networks.guidance import BlurModel, ring_spectra
from core.networks.srino import SRINOConfig
from training.batches import BANDS
from training.export import with_blur_model
from training.objectives.srino import blur_error
from training.recipe import Recipe
from training.scenes import TRAIN, VALIDATION, Rng, TrainingScene, pick
from training.sensor_prior import PRIOR
from training.simulated_sensor import nyquist
from training.trainer import OtherRecipeError, learning_rate, write_checkpoint

log = logging.getLogger(__name__)

#: The sensors: those that networks are trained on, but with any MTF, and sharper images.
SENSORS = replace(
    PRIOR, mtf_gain=(0.12, 0.48), mtf_gain_std=0.03, mtf_gain_limits=(0.1, 0.5),
    p_ms_blur=0.3, p_pan_blur=0.3, p_pan_noise=0.3,
)  # fmt: skip
RATIOS = 2, 3, 4, 5, 6
#: Sides of regions (px): the largest that fits into a scene is drawn.
SIDES = 240, 96, 68
#: Held-out scenes whose gains are told after training.
CASES = 256
CHECKPOINT = "blur.pt"
LOG_EVERY = 50


def draw(rng: Rng, scene: TrainingScene, bands: int, window: int) -> tuple[Tensor, Tensor]:
    """Return a scene's spectra (C, n), see `ring_spectra`, and its `nyquist` (C, 2)."""
    pan, lms, mtf = observe(rng, scene, bands, window)
    pan, lms = pan / pan.std(), lms / lms.std(axis=(0, 2, 3), keepdims=True)
    found = ring_spectra(torch.from_numpy(pan), torch.from_numpy(lms), 1)
    return found[0], torch.from_numpy(mtf)


def observe(rng: Rng, scene: TrainingScene, bands: int, window: int) -> tuple[Image, Image, Image]:
    """Return K windows of a region of a scene as a drawn sensor sees it, DN.

    PAN (K, 1, H, W), LMS (K, C, H, W), and its `nyquist` (C, 2).
    """
    side = next((n for n in SIDES if len(scene.squares(n))), 0)
    if side < window:
        raise InputError("no-square-to-train", source=scene.name, patch=window)
    square = scene.random_square(rng, side)
    ms = scene.ms[(slice(None), *square)]
    if scene.pan is None:
        ms = SENSORS.vary_contrast(rng, ms)
    pan = SENSORS.simulate_pan(rng, ms) if scene.pan is None else scene.pan[square]
    gt = SENSORS.mix_bands(rng, ms, bands)
    pan = SENSORS.degrade_pan(rng, SENSORS.mix_pan(rng, ms, pan))
    gt = SENSORS.soften(rng, SENSORS.shift_bands(rng, gt), pair=scene.pan is not None)
    pan = SENSORS.shift_pan(rng, pan)
    ratio = int(rng.choice(RATIOS))
    seen = SENSORS.observe(rng, gt, ratio)
    count = side // window
    rim = (side - count * window) // 2  # degrading extrapolated there
    inner = np.concatenate([pan[None], seen.lms])[:, rim : side - rim, rim : side - rim]
    inner = inner[:, : count * window, : count * window].astype(np.float32)
    tiles = inner.reshape(len(inner), count, window, count, window).transpose(1, 3, 0, 2, 4)
    tiles = tiles.reshape(-1, len(inner), window, window)
    return tiles[:, :1], tiles[:, 1:], nyquist(seen.gains, ratio)


def train(recipe: Recipe, scenes: list[TrainingScene], folder: Path, save_every: int) -> BlurModel:
    """Train f_KE for the steps of the recipe's stage 1, or go on where it was stopped.

    A batch is of as many scenes as the recipe says. Raises OtherRecipeError where the folder has a
    run of another recipe.
    """
    torch.manual_seed(recipe.seed)
    model = untrained(recipe)
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=recipe.weight_decay)
    first = _resume(recipe, folder / CHECKPOINT, model, optimiser)
    begun, errors = time.monotonic(), []
    for step in range(first, recipe.stage1.steps):
        spectra, mtf = batch(recipe, scenes, TRAIN, step)
        loss = blur_error(model.kernels(spectra), mtf)
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(recipe.stage1, step)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        optimiser.step()
        errors.append(float(loss.detach()))
        done = step + 1
        if done % LOG_EVERY == 0:
            pace = (time.monotonic() - begun) / (done - first)
            log.info(
                "step %d/%d, mean error of a gain %.4f, %.2f s a step",
                done, recipe.stage1.steps, np.mean(errors[-LOG_EVERY:]), pace,
            )  # fmt: skip
        if done % save_every == 0 or done == recipe.stage1.steps:
            _save(recipe, folder / CHECKPOINT, model, optimiser, done)
    return model.eval()


def untrained(recipe: Recipe) -> BlurModel:
    """Return f_KE of a recipe's network. Raises InputError when it has none, or no model."""
    config = recipe.network
    if not isinstance(config, SRINOConfig) or not recipe.start:
        reason = "f_KE is part of a SRINO: method srino, and the model as start"
        raise InputError("not-a-recipe", path=recipe.name, reason=reason)
    return BlurModel(config.kernel, config.blur_hidden)


def batch(
    recipe: Recipe, scenes: list[TrainingScene], part: str, step: int
) -> tuple[Tensor, Tensor]:
    """Return spectra (S, C, n) and `nyquist` (S, C, 2) of the scenes of a step; the same always."""
    rng = np.random.default_rng((recipe.seed, part == VALIDATION, step))
    of = [scene for scene in scenes if scene.part == part]
    bands = int(rng.choice(BANDS))
    drawn = [draw(rng, pick(rng, of), bands, recipe.patch) for _ in range(recipe.batch)]
    spectra, mtf = (torch.stack(each) for each in zip(*drawn, strict=True))
    return spectra, mtf


def held_out_error(recipe: Recipe, scenes: list[TrainingScene], model: BlurModel) -> float:
    """Return the mean error of the gain on ground that was not trained on."""
    steps = range(CASES // recipe.batch)
    drawn = [batch(recipe, scenes, VALIDATION, step) for step in steps]
    with torch.no_grad():
        errors = [float(blur_error(model.kernels(spectra), mtf)) for spectra, mtf in drawn]
    return float(np.mean(errors))


def run(
    recipe: Recipe, scenes: list[TrainingScene], folder: Path, models: Path, save_every: int
) -> ModelFile:
    """Train f_KE, and write the model that the recipe starts from with it to ``models/<name>/``."""
    folder.mkdir(parents=True, exist_ok=True)
    model = train(recipe, scenes, folder, save_every)
    error = held_out_error(recipe, scenes, model)
    log.info("mean error of a gain on ground held out: %.4f", error)
    told = {
        "sources": recipe.sources,
        "steps": recipe.stage1.steps,
        "batch": recipe.batch,
        "error_held_out": round(error, 4),
    }
    return with_blur_model(str(recipe.start), model, told, models)


def _resume(recipe: Recipe, path: Path, model: BlurModel, optimiser: torch.optim.Optimizer) -> int:
    """Load a checkpoint, if there is one; return the steps done."""
    if not path.exists():
        return 0
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    other = Recipe.from_json(state["recipe"]).differs(recipe)
    if other:
        raise OtherRecipeError(path, other)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    log.info("continuing after %d steps", state["step"])
    return int(state["step"])


def _save(
    recipe: Recipe, path: Path, model: BlurModel, optimiser: torch.optim.Optimizer, step: int
) -> None:
    """Write the checkpoint."""
    state = {
        "recipe": recipe.to_json(), "step": step,
        "model": model.state_dict(), "optimiser": optimiser.state_dict(),
    }  # fmt: skip
    write_checkpoint(path, state)
