# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare a trained model in use, on ground that it was not trained on.

As in the scene test, PAN and MS are reduced by Wald's protocol, and the whole method sharpens them,
prepared on the scene. It is compared with the weights that training began with and with the scene
fit, which a model has to surpass.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.commands.folder_files import Names, files_of
from core.errors import Cancelled, PansharpenError
from core.fusion import reduced_test
from core.methods.interface import Settings
from core.methods.scene_fit import SceneFit
from core.progress import Progress, scaled
from core.sensors import AUTO, sensor_of
from training.sources import OPTIONS, open_pair

log = logging.getLogger(__name__)

INDICES = ("ERGAS", "SAM", "Q2n")
#: Relative difference of ERGAS from which a model counts as better.
LEAST_GAIN = 0.001

Scores = dict[str, dict[str, float]]
"""Label -> index -> value."""


def compare(
    entries: Sequence[Mapping[str, Any]],
    method: str,
    models: Mapping[str, str],
    device: str,
    progress: Progress,
) -> tuple[Scores, int]:
    """Return means over the held-out ground, and the number of its pieces that were compared.

    Parameters
    ----------
    entries : sources of the training set, see `training.sources`.
    models : model files, or names, by label.

    Ground whose files no longer exist, or that is too small, is left out.
    """
    held = [e for e in entries if e.get("validation") is True and _is_there(e.get("pan"))]
    rows: list[Scores] = []
    pixels: list[int] = []
    for number, entry in enumerate(held):
        part = scaled(progress, number / len(held), (number + 1) / len(held))
        try:
            row, count = _on(entry, method, models, device, part)
        except Cancelled:
            raise
        except PansharpenError as error:
            log.info("Not compared on a part of the held-out ground: %s", error)
            continue
        rows.append(row)
        pixels.append(count)
    if not rows:
        return {}, 0
    return {
        label: {
            index: round(float(np.average([r[label][index] for r in rows], weights=pixels)), 4)
            for index in INDICES
        }
        for label in rows[0]
    }, len(rows)


def _is_there(pan: Names | None) -> bool:
    return pan is not None and all(Path(file).exists() for file in files_of(pan))


def _on(
    entry: Mapping[str, Any],
    method: str,
    models: Mapping[str, str],
    device: str,
    progress: Progress,
) -> tuple[Scores, int]:
    """Return the scores on one piece of ground, and its number of pixels."""
    options = {name: entry[name] for name in OPTIONS if name in entry}
    scores: Scores = {}
    with open_pair(entry["pan"], entry["ms"], **options) as scene:
        gains = sensor_of(entry.get("sensor", AUTO), *scene.rasters).gains(scene.band_names)
        for number, (label, model) in enumerate(models.items()):
            part = scaled(progress, number / len(models), (number + 1) / len(models))
            settings = Settings(scene.ratio, gains, model=model, device=device)
            found = reduced_test.run(scene, (SceneFit.name, method), settings, part)
            for row in found.rows:
                scores[label if row.method == method else row.method] = dict(row.scores)
    return scores, found.pixels


def verdict(found: Scores, own: str, before: str, pieces: int) -> dict[str, Any]:
    """Return the result of the comparison as a sentence, and whether the model is better.

    Parameters
    ----------
    own, before : labels of the trained model, and of the one it began with (may be missing).
    """
    errors = {label: row["ERGAS"] for label, row in found.items()}
    mine = errors.pop(own)
    names = {before: "the weights it began with", SceneFit.name: "the scene fit"}
    parts = [
        f"{mine / error - 1:+.1%} against {names[n]} ({error:.4g})" for n, error in errors.items()
    ]
    best = min(errors, key=lambda label: errors[label])
    gained = mine < errors[best] * (1 - LEAST_GAIN)
    end = (
        "It is better than both there."
        if gained and len(errors) > 1
        else "It is better there."
        if gained
        else f"That is no gain: {names[best]} {'are' if best == before else 'is'} at least as good."
    )
    count = "one piece" if pieces == 1 else f"{pieces} pieces"
    return {
        "in_use": found,
        "gained": gained,
        "in_use_sentence": f"In use, on {count} of ground that it was not trained on, its ERGAS is "
        f"{mine:.4g}: {' and '.join(parts)}. {end}",
    }
