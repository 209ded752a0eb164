# SPDX-License-Identifier: GPL-2.0-or-later
"""The task ``train``: both stages on a training set, to a model with its scores.

The run folder holds all that is needed to go on: the same request with the same folder continues
where it was stopped, and gives the same result as an uninterrupted run.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.folder_files import files_of
from core.errors import Cancelled, InputError, ModelError, OutputError
from core.models import modelfile
from core.models.modelfile import ModelFile
from core.progress import Pace, Progress, scaled
from core.worker.main import Reporter
from training import patches
from training.requests import Train
from training.scenes import TrainingScene
from training.tasks import in_use, runfolder
from training.tasks import pace as pace_of
from training.tasks.model import placing, put_folder

if TYPE_CHECKING:
    from training.recipe import Recipe
    from training.trainer import Trainer

log = logging.getLogger(__name__)

RECIPES = Path(__file__).resolve().parents[1] / "recipes"
#: Seconds between checkpoints: the most that is lost when the process is killed.
SAVE_S = 60.0
#: Seconds between measurements.
MEASURE_S = 1.0
#: Learning rate for a training that begins with a model, low enough to keep what it has learned.
FINE_TUNING_RATE = 3e-4
#: Field of a recipe -> the parameter of the algorithm; other fields belong to METHOD or START.
PARAMETERS = {
    "batch": "number of windows per step (BATCH)",
    "data": "training set (DATA)",
    "sources": "training set (DATA)",
    "seed": "seed (SEED)",
    "start": "model to begin with (START)",
}


def perform(request: Train, progress: Reporter, pace: Pace) -> dict[str, Any]:
    """Train, or resume; write the model with its scores, and return both.

    Raises PansharpenError for what the user can correct, and Cancelled, after which the same run
    folder resumes.
    """
    target = Path(request.models) / request.name
    _check(request, target)
    progress(0.0, "Loading the network")
    try:
        import training.trainer  # noqa: F401 - is torch installed?
    except ModuleNotFoundError as error:
        raise ModelError("training-needs-package", package=error.name) from error
    with runfolder.locked(Path(request.run)):
        return _train(request, target, progress, pace)


def _train(request: Train, target: Path, progress: Reporter, pace: Pace) -> dict[str, Any]:
    scenes = patches.open(Path(request.data))
    recipe = recipe_of(request)
    if request.minutes:
        progress(0.0, "Measuring how long a step takes here")
        run_folder, device = Path(request.run), _device(request.device)
        first, second = pace_of.steps_for(request.minutes, recipe, scenes, device, run_folder)
        recipe = recipe_of(replace(request, stage1=first, stage2=second))
    trainer = _trainer(recipe, scenes, request)
    began = trainer.seconds
    run = _Run(trainer, progress, pace)
    run.train()
    progress(0.96, "Measuring the model on what was held out")
    scores = _scores(trainer, request)
    compared = verdict(scores.get("held out", {}), request.method)
    if compared:
        level = logging.WARNING if compared["worse"] else logging.INFO
        log.log(level, "%s", compared["sentence"])
    progress(0.97, "Writing the model")
    model = _export(request, target, scores, scenes)
    runfolder.delete_checkpoint(Path(request.run))
    (Path(request.run) / pace_of.STEPS).unlink(missing_ok=True)
    return {
        **compared,
        **_in_use(model, request, scaled(progress, 0.98, 1.0)),
        "file": str(model.path),
        "name": model.card.name,
        "run": request.run,
        "steps_done": recipe.stage1.steps + recipe.stage2.steps,
        "seconds": round(trainer.seconds - began, 2),
        "loss": run.loss,
        "device": str(trainer.device),
        "scores": scores,
    }


def _trainer(recipe: Recipe, scenes: list[TrainingScene], request: Train) -> Trainer:
    """Return the run, from where it was stopped. Raises InputError for other settings."""
    from training.trainer import OtherRecipeError, Trainer

    try:
        trainer = Trainer(recipe, scenes, Path(request.run), _device(request.device))
        if _model_name(trainer.recipe.start) != _model_name(recipe.start):
            raise OtherRecipeError(trainer.checkpoint, "start")
        return trainer
    except OtherRecipeError as error:
        word = PARAMETERS.get(error.field, "method or model to begin with (METHOD, START)")
        raise InputError("settings-differ", run=request.run, word=word) from error
    except OSError as error:
        raise OutputError(
            "run-folder-not-writable", run=request.run, reason=error.strerror
        ) from error


def _model_name(start: str | None) -> str:
    """Return the name of a model given by name or path: its folder may have moved."""
    return Path(start).stem if start else ""


def _check(request: Train, target: Path) -> None:
    """Raise PansharpenError for settings that would otherwise fail only after hours."""
    if request.method not in modelfile.ROLES:
        raise InputError("unknown-method", method=request.method, known=", ".join(modelfile.ROLES))
    modelfile.check_name(request.name)
    if target.exists():
        raise ModelError("model-exists-before-training", model=request.name)
    if request.stage2 < 1 or request.stage1 < 0 or request.batch < 1:
        raise InputError("too-few-steps")


def _device(name: str) -> str:
    """Return the device for auto, cpu, cuda or cuda:1; raise InputError if there is none."""
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    named = re.fullmatch(r"auto|cpu|cuda(?::(\d+))?", name)
    if named is None:
        raise InputError("unknown-device", device=name)
    if name.startswith("cuda"):
        if int(named[1] or 0) >= count:
            raise InputError("no-cuda-torch")
        return name
    return "cuda" if count and name == "auto" else "cpu"


def recipe_of(request: Train) -> Recipe:
    """Return the method's shipped recipe for this training set, with the start model's sizes."""
    from training.recipe import Recipe, Stage

    recipe = Recipe.read(RECIPES / f"{request.method}-scene.json")
    rates = [recipe.stage1.lr, recipe.stage2.lr]
    network = recipe.network
    if request.start:
        card = modelfile.load(request.start, request.method).card
        network = recipe.objective.config.from_json(card.network)
        rates = [FINE_TUNING_RATE, FINE_TUNING_RATE]
    steps = request.stage1, request.stage2
    stages = [Stage(n, lr, min(100, n // 10)) for n, lr in zip(steps, rates, strict=True)]
    return replace(
        recipe,
        name=request.name,
        sources=[_without_folders(entry) for entry in patches.made_of(Path(request.data))],
        network=network,
        stage1=stages[0],
        stage2=stages[1],
        batch=request.batch,
        seed=request.seed,
        start=request.start or None,
        data=runfolder.fingerprint(Path(request.data)),
        notes={},
    )


def _without_folders(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a source without its folders: cards are passed on, and folders name people."""
    paths = entry.keys() & {"pan", "ms", "folder"}
    named = {key: [Path(file).name for file in files_of(entry[key])] for key in paths}
    return entry | {key: names[0] if len(names) == 1 else names for key, names in named.items()}


class _Run:
    """One training, and its progress."""

    def __init__(self, trainer: Trainer, progress: Reporter, pace: Pace) -> None:
        self._trainer, self._progress, self._pace = trainer, progress, pace
        recipe = trainer.recipe
        self._steps = {1: recipe.stage1.steps, 2: recipe.stage2.steps}
        self._cost = {1: 100, 2: round(100 * recipe.objective.stage2_cost)}
        self._whole = sum(self._steps[stage] * self._cost[stage] for stage in (1, 2))
        self._saved = self._measured = time.monotonic()
        self._validated: dict[str, dict[str, float]] = {}
        self.loss: float | None = None

    def train(self) -> None:
        """Train to the end. Raises Cancelled after the steps done are saved."""
        for point in runfolder.history(self._trainer.folder, self._steps):
            self._progress.measure(**point)
            self.loss = point["loss"]
        self._pace.start(self._whole - self._done())
        try:
            self._progress(0.01, "Training")
            every = max(max(self._steps.values()) // 10, 10)
            self._trainer.run(save_every=10**9, validate_every=every, on_step=self._after)
        except Cancelled:
            self._trainer.save()
            log.info(
                "Stopped in stage %d after %d steps; the same run folder goes on from there.",
                self._trainer.stage, self._trainer.step,
            )  # fmt: skip
            raise
        finally:
            self._pace.stop()

    def _done(self) -> int:
        """Return the cost of the steps done."""
        trainer = self._trainer
        first = trainer.step if trainer.stage == 1 else self._steps[1]
        second = trainer.step if trainer.stage == 2 else 0
        return first * self._cost[1] + second * self._cost[2]

    def _after(self, losses: dict[str, float]) -> None:
        """Report a step, and save now and then."""
        trainer, now = self._trainer, time.monotonic()
        stage, step, steps = trainer.stage, trainer.step, self._steps[trainer.stage]
        self.loss = losses["image"]
        self._pace.done(self._cost[stage])
        news = trainer.validated is not self._validated
        if news or now - self._measured >= MEASURE_S or step in (1, steps):
            self._measured, self._validated = now, trainer.validated
            scores = scores_by_name(trainer.validated) if news and stage == 2 else {}
            ergas = {name: row["ERGAS"] for name, row in scores.items()}
            self._progress.measure(
                stage=stage, step=step, steps=steps, loss=self.loss, validation=ergas or None
            )
        if now - self._saved >= SAVE_S:
            trainer.save()
            self._saved = now
        self._progress(
            0.01 + 0.95 * self._done() / self._whole,
            f"Training stage {stage} of 2, step {step} of {steps}, loss {self.loss:.4f}",
        )


def scores_by_name(found: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return ERGAS, SAM and Q2n by the methods' names on cards."""
    return {
        name.lower(): {index: round(row[index], 4) for index in ("ERGAS", "SAM", "Q2n")}
        for name, row in found.items()
    }


def verdict(found: dict[str, Any], method: str) -> dict[str, Any]:
    """Compare ERGAS on the held-out windows in a sentence; return nothing without scores."""
    if not found:
        return {}
    errors = {name: row["ERGAS"] for name, row in found.items() if isinstance(row, dict)}
    own, before = errors.pop(method), errors.pop(f"{method} before", None)
    best = min(errors, key=lambda name: errors[name])
    others = {
        "the model it began with": before,
        f"the best classical method ({best})": errors[best],
    }
    parts = [_compared(own, error, name) for name, error in others.items() if error]
    count = found["scenes"]
    where = "1 window that was" if count == 1 else f"{count} windows that were"
    # One ratio for all, whatever that of the images.
    sentence = f"On {where} held out, reduced by 4, ERGAS is {own:.4g}, "
    return {
        "sentence": sentence + " and ".join(parts) + ".",
        "worse": own > min(error for error in others.values() if error is not None),
        "ergas": own,
        "ergas_before": before,
        "ergas_classical": errors[best],
        "best_classical": best,
    }


def _compared(own: float, error: float, name: str) -> str:
    difference = abs(1 - own / error)
    if difference < 0.0005:
        return f"that of {name}"
    return f"{difference:.1%} {'below' if own < error else 'above'} that of {name}"


def _scores(trainer: Trainer, request: Train) -> dict[str, Any]:
    """Return scores of the model, of the one it began with, and of classical methods.

    On the held-out windows at reduced resolution, by Wald's protocol; empty without such windows.
    """
    import torch

    from training.validation import validate

    of = trainer.cases
    if not of:
        log.warning("Nothing was held out of training: the model has no scores.")
        return {}
    scores = scores_by_name(validate(trainer.averaged().to(trainer.device), of, 2))
    if request.start:
        begun = trainer.recipe.objective.network(trainer.recipe.network)
        path = modelfile.find(request.start)
        weights = modelfile.read_weights(path)
        begun.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
        row = scores_by_name(validate(begun.eval().to(trainer.device), of, 2))[request.method]
        scores[f"{request.method} before"] = row
    for name, row in scores.items():
        text = ", ".join(f"{index} {value:.4f}" for index, value in row.items())
        log.info("On held-out windows, %s: %s", name, text)
    protocol = (
        "Wald, reduced resolution, ratio 4; mean over windows that were held out of training, in "
        f"the training set {Path(request.data).name}; network without what the scene test adds"
    )
    return {"protocol": protocol, "held out": {"scenes": len(of), **scores}}


def _in_use(model: ModelFile, request: Train, progress: Progress) -> dict[str, Any]:
    """Compare the model as it will be used; nothing without held-out ground.

    The model is written: a stop or a failure here loses no training.
    """
    before = f"{request.method} before"
    models = {before: request.start} if request.start else {}
    models[request.method] = str(model.path)
    entries = patches.made_of(Path(request.data))
    try:
        found, count = in_use.compare(entries, request.method, models, request.device, progress)
    except Cancelled:
        log.warning("The comparison in use was stopped; the model is written.")
        return {}
    if not found:
        return {}
    told = in_use.verdict(found, request.method, before, count)
    log.log(logging.INFO if told["gained"] else logging.WARNING, "%s", told["in_use_sentence"])
    return told


def _export(
    request: Train, target: Path, scores: dict[str, Any], of: list[TrainingScene]
) -> ModelFile:
    """Write the model to the folder of models, completely or not at all."""
    try:
        from training.export import export_run
    except ModuleNotFoundError as error:
        raise ModelError("training-needs-package", package=error.name) from error
    about = {
        "sensors": tuple(sorted({scene.sensor for scene in of if scene.sensor})),
        "licence": request.licence.strip(),
        "notes": request.notes.strip(),
    }
    kept = "The training is kept in its run folder: make room, and run the same again."
    with placing(target, kept) as hidden:
        made = export_run(Path(request.run), hidden, scores, request.name, about)
        modelfile.load(str(made.path), request.method)
        put_folder(made.path.parent, target)
    return ModelFile(target / made.path.name, made.card)
