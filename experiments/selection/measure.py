# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores of every method on a scene, and in the test at a resolution reduced once more."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.benchmark.datasets import BenchmarkCase
from core.errors import PansharpenError
from core.fusion import reduced_test
from core.fusion.tiled import in_memory
from core.methods import registry
from core.methods.interface import Settings
from core.pair.scene import Scene
from core.progress import silent

log = logging.getLogger(__name__)

TILE = 512  # PAN px


@dataclass(frozen=True)
class Measured:
    """A scene, at reduced resolution with PAN by bicubic (RR) or under an MTF (RR-MTF).

    right : method -> ERGAS, SAM, Q2n against the scene's reference.
    test : all indices of the test at a resolution reduced once more; empty where there is none.
    adapt : seconds for which KSDiff was fine-tuned; 0: it was not.
    """

    set: str
    scene: str
    scale: str
    right: dict[str, dict[str, float]]
    test: dict[str, dict[str, float]]
    adapt: float = 0.0


def measure_all(
    cases: Sequence[BenchmarkCase], names: Sequence[str], file: Path, adapt: float
) -> None:
    """Append a line of JSON to `file` for each scene that has none there yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    known = {(m.set, m.scene, m.scale, m.adapt) for m in read(file)}
    for case in cases:
        if (case.set, case.scene, case.scale, adapt) not in known:
            found = measure(case, names, adapt)
            log.info("%s %s %s: measured.", case.set, case.scene, case.scale)
            with file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(vars(found)) + "\n")


def read(file: Path) -> list[Measured]:
    """Return what was measured so far."""
    if not file.exists():
        return []
    return [Measured(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def measure(case: BenchmarkCase, names: Sequence[str], adapt: float) -> Measured:
    """Sharpen and score a scene with every method, and run the test on it."""

    right, test = {}, {}
    with tempfile.TemporaryDirectory(prefix="selection-") as folder:
        prepared = case.prepare(Path(folder), silent)
        with Scene.open(prepared.pan, prepared.ms) as scene:
            settings = Settings(scene.ratio, case.gains, fine_tuning_seconds=adapt)
            for name in names:
                try:
                    method = registry.create(name, settings)
                    context = method.prepare(scene, silent)
                    image = in_memory(scene, method, context, TILE, silent)
                except PansharpenError as error:
                    log.info("%s left out of %s: %s", name, case.scene, error)
                    continue
                right[name] = _kept(prepared.score(scene, image, silent))
            try:
                rows = reduced_test.run(scene, names, settings, silent).rows
                test = {row.method: dict(row.scores) for row in rows}
            except PansharpenError as error:
                log.info("No test of %s: %s", case.scene, error)
    return Measured(case.set, case.scene, case.scale, right, test, adapt)


def _kept(scores: Mapping[str, float]) -> dict[str, float]:
    return {metric: float(scores[metric]) for metric in ("ERGAS", "SAM", "Q2n")}
