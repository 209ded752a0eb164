# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of an ablation, trained alike and compared.

Every row is trained with the same steps, data and seeds; results are those of `training.validation`
on held-out scenes. Finished rows stay: a stopped comparison goes on where it was.
"""

from __future__ import annotations

import csv
import json
import logging
import statistics
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core.networks.batch import Batch
from core.networks.trainable import TrainableNetwork
from experiments.ablate.draws import drawn, geometric_mean, relative_errors
from experiments.ablate.studies import STUDIES, Row
from experiments.errors import input_error
from training.curves import REFERENCES
from training.recipe import Recipe
from training.scenes import TRAIN, VALIDATION, TrainingScene
from training.trainer import Trainer
from training.validation import validate

log = logging.getLogger(__name__)

#: Share of the steps that stage 1 takes.
FIRST = 0.6
#: Number of batches of held-out ground, drawn as in training.
DRAWS = 15
COLUMNS = (
    "row", "seed", "parameters", "L1", "ERGAS", "SAM", "Q2n", "draws", "reference", "seconds",
)  # fmt: skip
MEASURES = ("ERGAS", "SAM", "Q2n", "draws")


class Ablation:
    """A comparison in `folder`: ablation.csv, ablation.md, and the runs.

    Networks of `width` ``small`` begin with random weights, those of ``recipe`` with the recipe's
    `start`. `first` is the share of the steps that stage 1 takes.

    Raises InputError when no scene is held out, or `folder` has results of other settings.
    """

    def __init__(
        self,
        recipe: Recipe,
        scenes: list[TrainingScene],
        folder: Path,
        steps: int,
        width: str = "small",
        device: str = "cpu",
        first: float = FIRST,
    ) -> None:
        self.study = STUDIES[recipe.method]
        if width == "small":
            network = replace(recipe.network, **self.study.network)
            recipe = replace(recipe, network=network, start=None, **self.study.training)
        stage1 = round(first * steps)
        self.recipe = replace(
            recipe,
            stage1=replace(recipe.stage1, steps=stage1, warmup=min(100, stage1 // 10)),
            stage2=replace(recipe.stage2, steps=steps - stage1, warmup=min(100, steps // 20)),
        )
        self.scenes, self.folder, self.device = scenes, folder, device
        if all(scene.part == TRAIN for scene in scenes):
            raise input_error(
                "No scene is held out: there is nothing to compare the rows on.",
                'Give "validation" in an entry of the recipe\'s sources.',
            )
        folder.mkdir(parents=True, exist_ok=True)
        self._check_settings()

    @property
    def table(self) -> Path:
        """The table of results, one line a run."""
        return self.folder / "ablation.csv"

    def run(self, rows: Sequence[str] | None = None, seeds: int = 3) -> None:
        """Train what is missing, seed by seed, and write the tables after every run.

        Raises InputError for an unknown row.
        """
        known = self.study.rows
        for name in rows or known:
            if name not in known:
                raise input_error(f"There is no row {name}.", f"Rows are {', '.join(known)}.")
        for seed in range(seeds):
            for name in rows or known:
                done = {(r["row"], r["seed"]) for r in self.results()}
                if (name, str(seed)) not in done:
                    self._append(self._measure(name, seed))
                    self._write()
        self._write()

    def results(self) -> list[dict[str, str]]:
        """Return the lines of the table."""
        if not self.table.exists():
            return []
        with self.table.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def recipe_of(self, name: str, seed: int) -> Recipe:
        """Return the recipe that a row trains."""
        network = replace(self.recipe.network, **self.study.rows[name].network)
        return replace(self.recipe, name=name, network=network, seed=seed)

    def _measure(self, name: str, seed: int) -> dict[str, Any]:
        """Train a row and score it on the held-out scenes."""
        row = self.study.rows[name]
        trained = row.weights or name
        recipe, build = self.recipe_of(trained, seed), self.study.rows[trained].build
        log.info("row %s, seed %d", name, seed)
        folder = self.folder / "runs" / f"{trained}-{seed}"
        run = Trainer(recipe, self.scenes, folder, self.device, build)
        if not run.finished:
            run.run()
        model = row.build(recipe.network)
        model.load_state_dict(run.averaged().state_dict())
        model.to(torch.device(self.device))
        scores = validate(model, run.cases, stage=2)
        own = scores.pop(model.title)
        reference = scores[next(name for name in REFERENCES if name in scores)]
        return {
            "row": name,
            "seed": seed,
            "parameters": parameters(model),
            **{index: round(value, 5) for index, value in own.items()},
            "draws": round(self._error_on_draws(model), 5),
            "reference": round(reference.get("ERGAS", float("nan")), 5),
            "seconds": round(run.seconds),
        }

    def _error_on_draws(self, model: TrainableNetwork) -> float:
        batches = drawn(self.recipe, model.config, self.scenes, VALIDATION, DRAWS)

        def sharpen(batch: Batch) -> Tensor:
            return model.sharpen(batch.to(torch.device(self.device)), 2).cpu()

        return geometric_mean(relative_errors(sharpen, batches))

    def _check_settings(self) -> None:
        """Keep results of other settings out of the table."""
        path = self.folder / "settings.json"
        settings = json.loads(json.dumps({**self.recipe.to_json(), "name": "", "seed": 0}))
        if not path.exists():
            path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
        elif json.loads(path.read_text(encoding="utf-8")) != settings:
            raise input_error(
                f"{self.folder} has results of other settings.",
                "Give another folder, or the same recipe, steps and width.",
            )

    def _append(self, result: dict[str, Any]) -> None:
        new = not self.table.exists()
        with self.table.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            if new:
                writer.writeheader()
            writer.writerow(result)

    def _write(self) -> None:
        results = self.results()
        parts = [
            _markdown(title, {name: self.study.rows[name] for name in names}, results)
            for title, names in self.study.tables.items()
        ]
        recipe = self.recipe
        about = (
            f"{recipe.stage1.steps} and {recipe.stage2.steps} steps of {recipe.batch} windows of "
            f"{recipe.patch} x {recipe.patch} px; mean and standard deviation over the seeds on "
            "scenes held out. Differences below the deviation are noise. Draws: RMSE over that of "
            "the last detail given, on held-out ground drawn as in training, geometric mean.\n"
        )
        text = "\n".join([about, *(part for part in parts if part)])
        (self.folder / "ablation.md").write_text(text, encoding="utf-8")


def parameters(model: TrainableNetwork) -> int:
    """Return the number of parameters that sharpening needs; PLFE1 serves training alone."""
    return sum(p.numel() for name, p in model.named_parameters() if not name.startswith("plfe1."))


def _markdown(title: str, rows: dict[str, Row], results: list[dict[str, str]]) -> str:
    """Return a table: mean and standard deviation over the seeds; empty without results."""
    lines = [f"### {title}", "", f"| row | parameters | seeds | {' | '.join(MEASURES)} |"]
    lines.append("|---|---:|---:|" + "---:|" * len(MEASURES))
    head = len(lines)
    for name, row in rows.items():
        runs = [r for r in results if r["row"] == name]
        if not runs:
            continue
        cells = [_mean_and_std([float(r[m]) for r in runs if r[m]]) for m in MEASURES]
        count = f"{int(runs[0]['parameters']):,}"
        lines.append(f"| {row.title} | {count} | {len(runs)} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""]) if len(lines) > head else ""


def _mean_and_std(values: list[float]) -> str:
    if not values:
        return "-"
    deviation = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.3f}{deviation}"
