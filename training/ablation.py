# SPDX-License-Identifier: GPL-2.0-or-later
"""The ablations of KSDiff (arXiv 2505.18991, Tables 4 to 6) and of SRINO (CVPR 2026, Table 3,
Figures 7 and 8), trained alike and compared.

Every row is trained with the same steps, data and seeds; results are those of `training.validation`
on scenes held out. Rows that are done stay: a stopped comparison goes on where it was.
"""

from __future__ import annotations

import csv
import json
import logging
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.networks.ksdiff import KSDiff
from core.networks.srino import SRINO
from training.curves import REFERENCES
from training.patches import TRAIN, Source
from training.recipe import Recipe
from training.trainer import Trainer
from training.validation import cases, validate

log = logging.getLogger(__name__)

FIRST = 0.6
"""Share of the steps that stage 1 takes."""
BANDS = 4
"""Of the networks of Table 5, which are bound to a number."""
COLUMNS = ("row", "seed", "parameters", "L1", "ERGAS", "SAM", "Q2n", "reference", "seconds")
MEASURES = ("ERGAS", "SAM", "Q2n")


@dataclass(frozen=True)
class Row:
    """A row of a table: what is other than in the full method.

    With `guidance`, its strength, nothing is trained: the row is the full method, guided.
    """

    title: str
    network: dict[str, Any] = field(default_factory=dict)
    joint: bool = True
    guidance: float = 0.0


@dataclass(frozen=True)
class Study:
    """The rows of a method, the tables they are in, and sizes for a comparison in little time.

    With these sizes a row of 600 steps takes about a minute or two on two cores.
    """

    rows: dict[str, Row]
    tables: dict[str, tuple[str, ...]]
    network: dict[str, Any]
    training: dict[str, Any]


def _plug_ins() -> dict[str, Row]:
    rows = {}
    for name, title in (("dicnn", "DiCNN"), ("fusionnet", "FusionNet"), ("lagnet", "LAGNet")):
        bound = {"backbone": name, "bands": BANDS}
        rows[name] = Row(title, {**bound, "encoder": "none"})
        rows[f"{name}-ksdiff"] = Row(f"{title} + KSDiff", bound)
    return rows


KSDIFF = Study(
    rows={
        "full": Row("KSDiff, core tensor 4 x 4 x 2 x 2"),
        "no-prior": Row("no prior", {"encoder": "none"}),
        "concatenated": Row("concatenation instead of PLFE", {"encoder": "concatenated"}),
        "mlp": Row("MLP instead of Tucker product", {"generator": "mlp"}),
        "separate": Row("separate training", joint=False),
        "core-4-1": Row("core tensor 4 x 4 x 1 x 1", {"ranks": (4, 4, 1, 1)}),
        "core-8-1": Row("core tensor 8 x 8 x 1 x 1", {"ranks": (8, 8, 1, 1)}),
        "core-8-2": Row("core tensor 8 x 8 x 2 x 2", {"ranks": (8, 8, 2, 2)}),
        "core-16-1": Row("core tensor 16 x 16 x 1 x 1", {"ranks": (16, 16, 1, 1)}),
        "core-16-2": Row("core tensor 16 x 16 x 2 x 2", {"ranks": (16, 16, 2, 2)}),
        **_plug_ins(),
    },
    tables={
        "Parts of the method (Table 4)": ("no-prior", "concatenated", "mlp", "separate", "full"),
        "Other networks (Table 5)": tuple(_plug_ins()),
        "Size of the core tensor (Table 6)": (
            "core-4-1", "full", "core-8-1", "core-8-2", "core-16-1", "core-16-2",
        ),
    },
    network={
        "unet_dims": (16, 24, 32),
        "unet_depths": (1, 1, 1),
        "plfe_dims": (8, 16, 32),
        "c_z": 32,
        "denoiser_dim": 64,
    },
    training={"batch": 8, "patch": 32, "ddim_train_steps": 3},
)  # fmt: skip
# Softmax attention is no row: a scene of 256 px that is held out would take tens of gigabytes, see
# `training.growth`.
SRINO_STUDY = Study(
    rows={
        "full": Row("SRINO: Galerkin operator, both residuals"),
        "no-residuals": Row("no residual", {"spatial": False, "spectral": False}),
        "spatial": Row("spatial residual alone", {"spectral": False}),
        "spectral": Row("spectral residual alone", {"spatial": False}),
        "cnn": Row("convolutions", {"operator": "cnn"}),
        "fourier": Row("Fourier operator", {"operator": "fourier"}),
        "guidance-1": Row("with gradient guidance, strength 1", guidance=1.0),
        "guidance-10": Row("with gradient guidance, strength 10", guidance=10.0),
        "guidance-100": Row("with gradient guidance, strength 100", guidance=100.0),
    },
    tables={
        "Residuals (Table 3)": ("no-residuals", "spatial", "spectral", "full"),
        "Gradient guidance (Figure 7)": ("full", "guidance-1", "guidance-10", "guidance-100"),
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
        "blur_widths": (8, 8, 16, 32),
    },
    training={"batch": 8, "patch": 32},
)
STUDIES = {"ksdiff": KSDIFF, "srino": SRINO_STUDY}


class Ablation:
    """A comparison in `folder`: ablation.csv, ablation.md, and the runs.

    Raises InputError when no scene is held out, or `folder` has results of other settings.
    """

    def __init__(
        self,
        recipe: Recipe,
        sources: list[Source],
        folder: Path,
        steps: int,
        width: str = "small",
        device: str = "cpu",
    ) -> None:
        self.study = STUDIES[recipe.method]
        if width == "small":
            network = replace(recipe.network, **self.study.network)
            recipe = replace(recipe, network=network, **self.study.training)
        first = round(FIRST * steps)
        self.recipe = replace(
            recipe,
            stage1=replace(recipe.stage1, steps=first, warmup=min(100, first // 10)),
            stage2=replace(recipe.stage2, steps=steps - first, warmup=min(100, steps // 20)),
            start=None,
        )
        self.sources, self.folder, self.device = sources, folder, device
        if all(s.part == TRAIN for s in sources):
            raise InputError(
                "other",
                message=("No scene is held out: there is nothing to compare the rows on."),
                remedy=('Give "validation" in an entry of the recipe\'s sources.'),
            )
        folder.mkdir(parents=True, exist_ok=True)
        self._settle()

    @property
    def table(self) -> Path:
        """One line a run."""
        return self.folder / "ablation.csv"

    def run(self, rows: Sequence[str] | None = None, seeds: int = 3) -> None:
        """Train what is missing, seed by seed, and write the tables after every run.

        Raises InputError for a row it does not know.
        """
        known = self.study.rows
        for name in rows or known:
            if name not in known:
                raise InputError(
                    "other",
                    message=(f"There is no row {name}."),
                    remedy=(f"Rows are {', '.join(known)}."),
                )
        for seed in range(seeds):
            for name in rows or known:
                done = {(r["row"], r["seed"]) for r in self.results()}
                if (name, str(seed)) not in done:
                    self._append(self._train(name, seed))
                    self._write()
        self._write()

    def results(self) -> list[dict[str, str]]:
        """The lines of the table."""
        if not self.table.exists():
            return []
        with self.table.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def recipe_of(self, name: str, seed: int) -> Recipe:
        """What a row trains."""
        row = self.study.rows[name]
        network = replace(self.recipe.network, **row.network)
        return replace(self.recipe, name=name, network=network, joint=row.joint, seed=seed)

    def _train(self, name: str, seed: int) -> dict[str, Any]:
        guidance = self.study.rows[name].guidance
        trained = "full" if guidance else name
        recipe = self.recipe_of(trained, seed)
        log.info("row %s, seed %d", name, seed)
        run = Trainer(recipe, self.sources, self.folder / "runs" / f"{trained}-{seed}", self.device)
        if not run.finished:
            run.run()
        model = run.averaged()
        if isinstance(model, SRINO):
            model.guidance = guidance
        scores = validate(model, cases(run.held_out, recipe.network, recipe.scale), stage=2)
        own = scores.pop(model.title)
        reference = scores[next(name for name in REFERENCES if name in scores)]
        return {
            "row": name,
            "seed": seed,
            "parameters": parameters(model),
            **{index: round(value, 5) for index, value in own.items()},
            "reference": round(reference.get("ERGAS", float("nan")), 5),
            "seconds": round(run.seconds),
        }

    def _settle(self) -> None:
        """Results of other settings must not get into one table."""
        path = self.folder / "settings.json"
        settings = json.loads(json.dumps({**self.recipe.to_json(), "name": "", "seed": 0}))
        if not path.exists():
            path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
        elif json.loads(path.read_text(encoding="utf-8")) != settings:
            raise InputError(
                "other",
                message=(f"{self.folder} has results of other settings."),
                remedy=("Give another folder, or the same recipe, steps and width."),
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
            "scenes held out. Differences below the deviation are noise.\n"
        )
        text = "\n".join([about, *(part for part in parts if part)])
        (self.folder / "ablation.md").write_text(text, encoding="utf-8")


def parameters(model: KSDiff | SRINO) -> int:
    """Of all that sharpening needs; PLFE1 serves training alone."""
    return sum(p.numel() for name, p in model.named_parameters() if not name.startswith("plfe1."))


def _markdown(title: str, rows: dict[str, Row], results: list[dict[str, str]]) -> str:
    """A table: mean and standard deviation over the seeds of each row; empty without rows."""
    lines = [f"### {title}", "", f"| row | parameters | seeds | {' | '.join(MEASURES)} |"]
    lines.append("|---|---:|---:|" + "---:|" * len(MEASURES))
    head = len(lines)
    for name, row in rows.items():
        runs = [r for r in results if r["row"] == name]
        if not runs:
            continue
        cells = [_spread([float(r[m]) for r in runs if r[m]]) for m in MEASURES]
        count = f"{int(runs[0]['parameters']):,}"
        lines.append(f"| {row.title} | {count} | {len(runs)} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""]) if len(lines) > head else ""


def _spread(values: list[float]) -> str:
    if not values:
        return "-"
    deviation = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.3f}{deviation}"
