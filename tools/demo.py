# SPDX-License-Identifier: GPL-2.0-or-later
"""``python -m tools.demo``: sharpen a pair in QGIS' own qgis_process, score it, draw a picture.

A synthetic pair (`core.synthetic.pairs`) is scored against its reference, the user's own pair at
reduced resolution, by Wald's protocol, with its MS as the reference.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess  # nosec B404
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.windows
from numpy.typing import NDArray

from core.errors import InputError, PansharpenError
from core.fusion.tiled import sharpen
from core.methods.interface import Settings
from core.methods.registry import CLASSICAL, create
from core.pair.geometry import bounds
from core.pair.reduced_files import files_in, write_reduced
from core.pair.scene import Scene
from core.quality.assess import assess
from core.quality.dynamic_range import largest_of, scale_and_peak
from core.quality.streaming import error_scores
from core.raster.window import Window
from core.raster.writer import Output
from core.report import palettes
from core.requests.scenes import Extent, Quality
from core.sensors import GENERIC, sensor
from core.synthetic import pairs

ROOT = Path(__file__).resolve().parents[1]
ALGORITHM = "ksdiff:ksdiff"
SIZE, BANDS, SEED = 1024, 4, 5
INTERPOLATION = "exp"
MAX_SIDE = 4096  # PAN px; the centre of a larger pair is scored
CROP, ZOOM, BAR = 256, 2, 30  # of the picture: PAN px, enlargement, px of the caption
MIN_PANEL = 160  # px that a caption needs


@dataclass(frozen=True)
class DemoPair:
    """A PAN and an MS file, and the reference of the sharpened MS if there is one."""

    pan: Path
    ms: Path
    reference: Path | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Sharpen, score, draw; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument(
        "--pan", type=Path, help="your own PAN; without it a synthetic scene is used"
    )
    parser.add_argument("--ms", type=Path, help="your own MS")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "demo")
    parser.add_argument("--size", type=int, default=SIZE, help="of the synthetic scene, PAN px")
    args = parser.parse_args(arguments)
    if (args.pan is None) != (args.ms is None):
        print("Give both PAN and MS, or neither.", file=sys.stderr)
        return 2
    folder = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _demo(args, folder)
    except PansharpenError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _demo(args: argparse.Namespace, folder: Path) -> None:
    if args.pan is None:
        pair = synthetic_pair(folder / f"scene-{args.size}", args.size)
    else:
        pair = DemoPair(args.pan.resolve(), args.ms.resolve(), None)
    result, picture = folder / "hrms.tif", folder / "before_after.png"
    picture.unlink(missing_ok=True)  # a failed run must not leave an older picture
    _say("QGIS sharpens the pair with KSDiff ...")
    started = time.monotonic()
    run_qgis(pair, result, folder.parent / "qgis-profile")
    _say(f"{result}  ({time.monotonic() - started:.0f} s)")
    _say("The classical methods, for comparison ...")
    names = list(CLASSICAL)
    work = folder / ("classical" if pair.reference else "reduced")
    work.mkdir(exist_ok=True)
    if pair.reference:
        results = {"ksdiff": result, **fuse_all(pair, names, work)}
        scores = score(results, pair.reference, float(pairs.RATIO))
        print(f"\nAgainst the reference of the synthetic scene:\n\n{table(scores)}\n")
        before = results[INTERPOLATION]
    else:
        print(f"\n{_by_wald(pair, names, work)}\n")
        before = fuse_all(pair, [INTERPOLATION], folder)[INTERPOLATION]
    after = ("reference", pair.reference) if pair.reference else ("PAN", pair.pan)
    panels = [("MS, interpolated", before), ("KSDiff", result), after]
    window = most_detailed_window(pair, result)
    draw(picture, panels, shared=3 if pair.reference else 2, window=window)
    _say(str(picture))


def _by_wald(pair: DemoPair, names: Sequence[str], folder: Path) -> str:
    """Return the table of a pair at reduced resolution, or the reason why there is none."""
    try:
        with Scene.open(pair.pan, pair.ms, extent=_middle(pair.pan)) as scene:
            small = write_reduced(scene, files_in(folder), phase="product")
        reduced = DemoPair(small.pan, small.ms, small.gt)
        scores = score(fuse_all(reduced, ["ksdiff", *names], folder), small.gt, small.ratio)
    except PansharpenError as error:
        return f"No scores, since this pair cannot be reduced and sharpened: {error}"
    title = "By Wald's protocol (the pair reduced by its ratio, your MS as the reference):"
    return f"{title}\n\n{table(scores)}"


def _middle(pan: Path) -> Extent | None:
    """Return the extent of the middle of a PAN larger than `MAX_SIDE`; None for all of it."""
    with rasterio.open(pan) as dataset:
        if max(dataset.shape) <= MAX_SIDE:
            return None
        height, width = (min(size, MAX_SIDE) for size in dataset.shape)
        at = (dataset.height - height) // 2, (dataset.width - width) // 2
        return bounds(dataset.transform, Window(*at, height, width))


def _say(text: str) -> None:
    print(text, flush=True)


def synthetic_pair(folder: Path, size: int) -> DemoPair:
    """Return the synthetic pair, which is written at the first call."""
    paths = [folder / name for name in ("pan.tif", "ms.tif", "truth.tif")]
    if not all(path.is_file() for path in paths):
        _say("Drawing the synthetic scene ...")
        partial = folder.with_name(folder.name + ".part")
        shutil.rmtree(partial, ignore_errors=True)
        pairs.write_pair(partial, size, BANDS, SEED)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    return DemoPair(*paths)


# QGIS


def find_qgis_process() -> str:
    """Return the program, or else its wrapper script, which is broken in some distributions."""
    for name in ("qgis_process.bin", "qgis_process"):
        program = shutil.which(name)
        if program:
            return program
    raise InputError(
        "other",
        message="QGIS' qgis_process is not on this machine.",
        remedy="Install QGIS: make env.",
    )


def qgis_environment(profile: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a QGIS without screen, with new settings and this plugin."""
    env = {
        name: value
        for name, value in inherited.items()
        if not name.startswith("PYTHON") and name != "VIRTUAL_ENV"
    }
    runtime = profile / "run"
    runtime.mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)  # Qt requires it
    env["QT_QPA_PLATFORM"] = "offscreen"
    env["XDG_RUNTIME_DIR"] = str(runtime)
    env["QGIS_CUSTOM_CONFIG_PATH"] = str(profile)
    env["QGIS_PLUGINPATH"] = str(ROOT / "build" / "plugins")
    return env


def run_qgis(pair: DemoPair, result: Path, profile: Path) -> None:
    """Run the plugin's algorithm in QGIS; raise InputError with QGIS' output on failure."""
    env = qgis_environment(profile, os.environ)
    result.unlink(missing_ok=True)
    program = find_qgis_process()
    enable = [program, "plugins", "enable", "ksdiff_qgis"]
    files = [f"--PAN={pair.pan}", f"--MS={pair.ms}", f"--OUTPUT={result}"]
    # Fast: all methods are compared below, and fine-tuning takes minutes.
    options = ["--METHOD=ksdiff", "--SCENE_TEST=false", "--ADAPT=0"]
    output = ""
    for command in (enable, [program, "run", ALGORITHM, *files, *options]):
        # The program QGIS installed and the files the user named, without a shell.
        done = subprocess.run(  # nosec B603
            command, env=env, capture_output=True, text=True, check=False
        )
        output += f"{done.stdout}\n{done.stderr}\n"
    if done.returncode != 0 or not result.is_file():
        tail = "\n".join(line for line in output.splitlines() if line.strip())[-3000:]
        raise InputError(
            "other", message=f"qgis_process could not run {ALGORITHM}:\n{tail}", remedy=""
        )


# Comparison


def fuse_all(pair: DemoPair, names: Sequence[str], folder: Path) -> dict[str, Path]:
    """Sharpen the pair with each method; return the files by method."""
    results = {}
    for name in names:
        results[name] = folder / f"{name}.tif"
        with Scene.open(pair.pan, pair.ms) as scene:
            sharpen(scene, create(name, Settings(scene.ratio)), Output(path=results[name]))
    return results


Scores = dict[str, tuple[float, float, float]]  # SAM (degrees), ERGAS, Q2n of each method


def _read(path: Path) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Read an image `(C, H, W)` and the mask `(H, W)` of pixels with data in all bands."""
    with rasterio.open(path) as source:
        image = source.read()
        return image, (source.read_masks() > 0).all(axis=0) & np.isfinite(image).all(axis=0)


def score(results: Mapping[str, Path], reference: Path, ratio: float) -> Scores:
    """Score results against a reference on the same grid, where both have data."""
    expected, known = _read(reference)
    scale, _ = scale_and_peak(sensor(GENERIC), largest_of(expected, known), expected.dtype)
    scores: Scores = {}
    for name, path in results.items():
        image, valid = _read(path)
        found = error_scores(expected, image, ratio, known & valid, scale)
        scores[name] = (found["SAM"], found["ERGAS"], found["Q2n"])
    return scores


def table(scores: Scores) -> str:
    """Return the scores of KSDiff, the best classical method (lowest ERGAS), and interpolation."""
    classical = {n: s for n, s in scores.items() if n not in ("ksdiff", INTERPOLATION)}
    best = min(classical, key=lambda name: classical[name][1])
    rows = [
        ("KSDiff", scores["ksdiff"]),
        (f"best classical: {best.upper()}", scores[best]),
        ("interpolation", scores[INTERPOLATION]),
    ]
    lines = [f"{'':28}{'SAM (deg)':>10}{'ERGAS':>10}{'Q2n':>10}"]
    lines += [f"{name:28}{s:>10.3f}{e:>10.3f}{q:>10.4f}" for name, (s, e, q) in rows]
    return "\n".join(lines)


# Picture


def most_detailed_window(pair: DemoPair, result: Path) -> Window:
    """Return the window of most detail that the quality report shows, and more around it."""
    found = assess(Quality(str(pair.pan), str(pair.ms), str(result)))
    crops = {crop.title: crop.window for crop in found.crops}
    window = crops.get("Most detail", found.crops[0].window)
    return window.grow(max(0, CROP - min(window.shape)) // 2, Window(0, 0, *found.size))


def draw(target: Path, panels: Sequence[tuple[str, Path]], shared: int, window: Window) -> None:
    """Write a PNG of the same window of each panel, enlarged, with captions.

    The first `shared` panels are stretched as the last of them: the reference, or the sharpened
    image. Any other (PAN) has its own stretch.
    """
    from PIL import Image, ImageDraw, ImageFont

    part = rasterio.windows.Window(window.col, window.row, window.width, window.height)
    images = []
    for _, path in panels:
        with rasterio.open(path) as source:
            bands = [number + 1 for number in palettes.rgb_bands(source.descriptions)]
            image = source.read(bands, window=part, masked=True)
            images.append(image.astype(np.float64).filled(np.nan))
    stretched_as = [images[shared - 1]] * shared + images[shared:]
    pictures = [
        palettes.stretch(image, palettes.stretch_limits(other))
        for image, other in zip(images, stretched_as, strict=True)
    ]
    zoom = max(ZOOM, -(-MIN_PANEL // window.width))
    width, height = window.width * zoom, window.height * zoom
    sheet = Image.new("RGB", ((width + 4) * len(panels) - 4, height + BAR), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=18)
    for number, ((caption, _), picture) in enumerate(zip(panels, pictures, strict=True)):
        left = number * (width + 4)
        panel = Image.fromarray(picture).resize((width, height), Image.Resampling.NEAREST)
        sheet.paste(panel, (left, BAR))
        pen.text((left + 8, 4), caption, fill="black", font=font)
    sheet.save(target)


if __name__ == "__main__":
    sys.exit(main())
