# SPDX-License-Identifier: GPL-2.0-or-later
"""Every method on every scene, reduced by Wald's protocol and scored against the MS itself.

    .venv/bin/python -m core bench --data ../shared/data --csv scores.csv

Each pair is written at reduced resolution, opened as a user's pair is, and sharpened tile by tile.
"""

from __future__ import annotations

import argparse
import csv
import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio

from core import quality
from core.errors import InputError, PansharpenError
from core.fuse import in_memory
from core.methods import classical, create
from core.scene import Scene
from core.sensors import Sensor, sensor
from core.simulate import Phase
from core.wald import ReducedPair, write_reduced

log = logging.getLogger(__name__)

METRICS = ("ERGAS", "SAM", "Q2n", "SCC", "PSNR")
BEST_IS_LOW = {"ERGAS", "SAM"}
SETS = ("quickbird", "quickbird_full", "geoeye1", "worldview2", "spot6", "landsat7")
DEFAULT_METHODS = (*classical.CLASSICAL, "ksdiff")


@dataclass(frozen=True)
class Pair:
    """A scene of a set: PAN and MS, or reduced PAN and truth on one grid."""

    name: str
    pan: Path
    ms: Path


@dataclass
class SetScores:
    """Scores of one set: method -> one dict of metrics per scene."""

    name: str
    rows: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    def mean(self, method: str, metric: str) -> float:
        """Mean over the scenes."""
        return float(np.mean([r[metric] for r in self.rows[method]]))

    def std(self, method: str, metric: str) -> float:
        """Sample standard deviation over the scenes; 0 for one scene."""
        values = [r[metric] for r in self.rows[method]]
        return float(np.std(values, ddof=1)) if len(values) > 1 else 0.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `bench`."""
    parser.add_argument("--data", type=Path, required=True, help="folder with val/ or the sets")
    parser.add_argument("--methods", default=",".join(DEFAULT_METHODS), help="comma separated")
    parser.add_argument("--sets", default=",".join(SETS), help="folders, comma separated")
    parser.add_argument("--model", help="name or path of the deep methods' model")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tile", type=int, default=512, help="PAN px")
    parser.add_argument("--cut", type=int, default=0, help="border left out of the scores, PAN px")
    parser.add_argument(
        "--phase",
        choices=("benchmark", "product"),
        default="benchmark",
        help="of the reduced MS: samples r/2, r/2 + r, ... or centred on r x r pixels",
    )
    parser.add_argument("--csv", type=Path, help="one row per scene and method")


def run(args: argparse.Namespace) -> int:
    """Print a table per set; 0 if anything was measured."""
    results = []
    rows: list[dict[str, object]] = []
    missing: set[str] = set()
    for name in _split(args.sets):
        scores = SetScores(name)
        for pair in find_pairs(args.data, name):
            for row in measure(pair, _card(name), args, missing):
                scores.rows.setdefault(str(row["method"]), []).append(
                    {m: float(row[m]) for m in METRICS}
                )
                rows.append({"set": name, **row})
            _note(f"\r{name}: {len(next(iter(scores.rows.values()), []))} scenes ")
        _note("\n")
        if scores.rows:
            results.append(scores)
            sys.stdout.write(table(scores) + "\n")
            sys.stdout.flush()
    sys.stdout.writelines(line + "\n" for s in results for line in summary(s))
    if args.csv and rows:
        _write_csv(args.csv, rows)
    return 0 if results else 1


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _note(text: str) -> None:
    """Progress for a person at a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(text)
        sys.stderr.flush()


def _card(set_name: str) -> Sensor:
    """The sensor card a set's folder is named after; `generic` for other names."""
    try:
        return sensor(set_name.split("_")[0])
    except InputError:
        return sensor("generic")


def find_pairs(data: Path, name: str) -> list[Pair]:
    """The pairs of a set: `X_gt.tif` or `X_ms.tif` beside `X_pan.tif`, or `ms.tif`, `pan.tif`."""
    folder = data / "val" / name if (data / "val").is_dir() else data / name
    pairs = []
    for path in sorted([*folder.glob("*gt.tif"), *folder.glob("*ms.tif")]):
        pan = path.with_name(path.name[: -len(path.name.split("_")[-1])] + "pan.tif")
        if pan.is_file():
            pairs.append(Pair(path.stem.rpartition("_")[0] or name, pan, path))
    if not pairs:
        log.warning("no pairs in %s", folder)
    return pairs


def measure(
    pair: Pair, card: Sensor, args: argparse.Namespace, missing: set[str]
) -> Iterator[dict[str, Any]]:
    """Scores of every method on one pair; methods that cannot run are named once."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        phase: Phase = args.phase
        with rasterio.open(pair.ms) as dataset:
            gains = card.gains(dataset.descriptions)
        ratio = card.ratio if pair.ms.name.endswith("gt.tif") else None
        reduced = write_reduced(pair.pan, pair.ms, folder, ratio, gains, phase)
        for name in _split(args.methods):
            start = time.perf_counter()
            try:
                fused = _sharpen(reduced, _create(name, reduced.ratio, gains, args), args.tile)
            except PansharpenError as error:
                line = f"{name} left out: {error}"
                if line not in missing:
                    missing.add(line)
                    sys.stdout.write(line + "\n")
                continue
            seconds = time.perf_counter() - start
            scores = _score(reduced, fused, card.peak, args.cut)
            yield {"scene": pair.name, "method": name, **scores, "seconds": round(seconds, 2)}


def _create(name: str, ratio: int, gains: Sequence[float], args: argparse.Namespace) -> Any:
    """A method; the classical ones know the sensor's MTF here, as the reference tables' do."""
    if name in classical.CLASSICAL:
        return classical.CLASSICAL[name](ratio, gains)
    return create(name, ratio=ratio, model=args.model, device=args.device, seed=args.seed)


def _sharpen(reduced: ReducedPair, method: Any, tile: int) -> npt.NDArray[np.float32]:
    """The whole result `(C, H, W)` of a method, DN; NaN where invalid."""
    with Scene.open(reduced.pan, reduced.ms) as scene:
        context = method.prepare(scene, lambda fraction, message: None)
        return in_memory(scene, method, context, tile)


def _score(
    reduced: ReducedPair, fused: npt.NDArray[np.float32], peak: int, cut: int
) -> dict[str, float]:
    with rasterio.open(reduced.gt) as dataset:
        truth = dataset.read().astype(np.float64)
    if cut:
        truth, fused = truth[:, cut:-cut, cut:-cut], fused[:, cut:-cut, cut:-cut]
    valid = np.isfinite(truth).all(axis=0) & np.isfinite(fused).all(axis=0)
    return quality.scores(truth, fused, reduced.ratio, peak, valid)


def table(scores: SetScores) -> str:
    """Mean (and standard deviation, for several scenes) of each method."""
    count = max(len(r) for r in scores.rows.values())
    lines = [f"\n{scores.name}, {count} scene{'s' if count > 1 else ''}"]
    lines.append(f"  {'':12}" + "".join(f"{m:>18}" for m in METRICS))
    for method in scores.rows:
        cells = []
        for metric in METRICS:
            text = f"{scores.mean(method, metric):.4f}"
            if count > 1:
                text += f" ± {scores.std(method, metric):.4f}"
            cells.append(f"{text:>18}")
        lines.append(f"  {method:12}" + "".join(cells))
    return "\n".join(lines)


def summary(scores: SetScores) -> list[str]:
    """One line per deep method: ERGAS and SAM against the best classical value of each."""
    rivals = [m for m in scores.rows if m in classical.CLASSICAL and m != "exp"]
    lines = []
    for method in (m for m in scores.rows if m not in classical.CLASSICAL):
        for label, against in (("best classical", rivals), ("mtf-glp-fs", ["mtf-glp-fs"])):
            if not against or not set(against) <= set(rivals):
                continue
            parts = []
            for metric in ("ERGAS", "SAM"):
                best = min(scores.mean(r, metric) for r in against)
                parts.append(f"{metric} {100 * (scores.mean(method, metric) / best - 1):+.1f} %")
            lines.append(f"{scores.name}: {method} vs {label}: {', '.join(parts)}")
    return lines


def _write_csv(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
