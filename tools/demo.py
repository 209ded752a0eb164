# SPDX-License-Identifier: GPL-2.0-or-later
"""``python -m tools.demo``: a pair sharpened through QGIS' own qgis_process, scored and pictured.

The pair is made once (`core.synthetic.pairs`) and its truth is known; the user's own pair, whose
truth nobody knows, is scored by Wald's protocol: everything four times coarser, MS is the truth.
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
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import ndimage

from core.errors import InputError, PansharpenError
from core.fusion.tiled import sharpen
from core.methods.interface import Settings
from core.methods.registry import CLASSICAL, create
from core.pair.reduced_files import write_reduced
from core.pair.scene import Scene
from core.quality import with_reference
from core.quality.dynamic_range import largest_of, scale_and_peak
from core.raster.writer import Output
from core.report import palettes
from core.sensors import GENERIC, sensor
from core.synthetic import pairs

ROOT = Path(__file__).resolve().parents[1]
ALGORITHM = "ksdiff:ksdiff"
SIZE, BANDS, SEED = 1024, 4, 5
INTERPOLATION = "exp"
LARGEST = 4096  # PAN px a side: of a larger pair the middle is scored
CROP, ZOOM, BAR = 256, 2, 30  # of the picture: px of PAN, times, px of the caption
LEAST = 160  # px that a caption needs


@dataclass(frozen=True)
class Pair:
    """A PAN and an MS file; `truth` is what the sharpened MS should be, where that is known."""

    pan: Path
    ms: Path
    truth: Path | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Sharpen, score, draw; 0 when all of it worked."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--pan", type=Path, help="your own PAN; without it a scene is made")
    parser.add_argument("--ms", type=Path, help="your own MS")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "demo")
    parser.add_argument("--size", type=int, default=SIZE, help="of the made scene, PAN px")
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
        pair = made_pair(folder / f"scene-{args.size}", args.size)
    else:
        pair = Pair(args.pan.resolve(), args.ms.resolve(), None)
    result, picture = folder / "hrms.tif", folder / "before_after.png"
    picture.unlink(missing_ok=True)  # a run that fails leaves no picture of an earlier one
    _say("QGIS sharpens the pair with KSDiff ...")
    started = time.monotonic()
    run_qgis(pair, result, folder.parent / "qgis-profile")
    _say(f"{result}  ({time.monotonic() - started:.0f} s)")
    _say("The classical methods, for comparison ...")
    names = list(CLASSICAL)
    work = folder / ("classical" if pair.truth else "reduced")
    work.mkdir(exist_ok=True)
    if pair.truth:
        results = {"ksdiff": result, **fuse_all(pair, names, work)}
        scores = score(results, pair.truth, float(pairs.RATIO))
        print(f"\nAgainst the truth, which the made scene knows:\n\n{table(scores)}\n")
        before = results[INTERPOLATION]
    else:
        print(f"\n{_by_wald(pair, names, work)}\n")
        before = fuse_all(pair, [INTERPOLATION], folder)[INTERPOLATION]
    after = ("truth", pair.truth) if pair.truth else ("PAN", pair.pan)
    panels = [("MS, interpolated", before), ("KSDiff", result), after]
    draw(picture, panels, shared=3 if pair.truth else 2)
    _say(str(picture))


def _by_wald(pair: Pair, names: Sequence[str], folder: Path) -> str:
    """The table of a pair whose truth nobody knows, or why there is none."""
    try:
        small = write_reduced(pair.pan, pair.ms, folder, phase="product", limit=LARGEST)
        reduced = Pair(small.pan, small.ms, small.gt)
        scores = score(fuse_all(reduced, ["ksdiff", *names], folder), small.gt, small.ratio)
    except PansharpenError as error:
        return f"No scores, since this pair cannot be reduced and sharpened: {error}"
    title = "By Wald's protocol (the pair reduced by its ratio, your MS as the truth):"
    return f"{title}\n\n{table(scores)}"


def _say(text: str) -> None:
    print(text, flush=True)


def made_pair(folder: Path, size: int) -> Pair:
    """The pair that the project makes; made at the first call, kept after."""
    paths = [folder / name for name in ("pan.tif", "ms.tif", "truth.tif")]
    if not all(path.is_file() for path in paths):
        _say("Making the demo scene ...")
        partial = folder.with_name(folder.name + ".part")
        shutil.rmtree(partial, ignore_errors=True)
        pairs.write_pair(partial, size, BANDS, SEED)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    return Pair(*paths)


# QGIS


def find_qgis_process() -> str:
    """The program itself before its wrapper script, which some distributions ship broken."""
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
    """Environment of a QGIS without a screen, with its own settings and this checkout's plugin."""
    env = {
        name: value
        for name, value in inherited.items()
        if not name.startswith("PYTHON") and name != "VIRTUAL_ENV"
    }
    runtime = profile / "run"
    runtime.mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)  # Qt refuses another
    env["QT_QPA_PLATFORM"] = "offscreen"
    env["XDG_RUNTIME_DIR"] = str(runtime)
    env["QGIS_CUSTOM_CONFIG_PATH"] = str(profile)
    env["QGIS_PLUGINPATH"] = str(ROOT / "build" / "plugins")
    return env


def run_qgis(pair: Pair, result: Path, profile: Path) -> None:
    """Run the plugin's algorithm in QGIS; raises InputError with QGIS' own words on failure."""
    env = qgis_environment(profile, os.environ)
    result.unlink(missing_ok=True)
    program = find_qgis_process()
    enable = [program, "plugins", "enable", "ksdiff_qgis"]
    files = [f"--PAN={pair.pan}", f"--MS={pair.ms}", f"--OUTPUT={result}"]
    # The comparison is made here, and in full; nobody waits minutes for a first look.
    how = ["--METHOD=ksdiff", "--SCENE_TEST=false", "--ADAPT=0"]
    said = ""
    for command in (enable, [program, "run", ALGORITHM, *files, *how]):
        # The program QGIS installed and the files the user named, without a shell.
        done = subprocess.run(  # nosec B603
            command, env=env, capture_output=True, text=True, check=False
        )
        said += f"{done.stdout}\n{done.stderr}\n"
    if done.returncode != 0 or not result.is_file():
        tail = "\n".join(line for line in said.splitlines() if line.strip())[-3000:]
        raise InputError(
            "other", message=f"qgis_process could not run {ALGORITHM}:\n{tail}", remedy=""
        )


# Comparison


def fuse_all(pair: Pair, names: Sequence[str], folder: Path) -> dict[str, Path]:
    """Sharpen the pair with each method; the files by the methods' names."""
    results = {}
    for name in names:
        results[name] = folder / f"{name}.tif"
        with Scene.open(pair.pan, pair.ms) as scene:
            sharpen(scene, create(name, Settings(scene.ratio)), Output(path=results[name]))
    return results


Scores = dict[str, tuple[float, float, float]]  # SAM (degrees), ERGAS, Q2n of each method


def _read(path: Path) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """An image (C, H, W) and where all of its bands have data (H, W)."""
    with rasterio.open(path) as source:
        image = source.read()
        return image, (source.read_masks() > 0).all(axis=0) & np.isfinite(image).all(axis=0)


def score(results: Mapping[str, Path], truth: Path, ratio: float) -> Scores:
    """Scores of the results against a truth on the same grid, where both have data."""
    reference, known = _read(truth)
    # Of the peak are PSNR and SSIM, which the table leaves out.
    scale, peak = scale_and_peak(sensor(GENERIC), largest_of(reference, known), reference.dtype)
    scores: Scores = {}
    for name, path in results.items():
        image, valid = _read(path)
        found = with_reference.scores(reference, image, ratio, peak, known & valid, scale)
        scores[name] = (found["SAM"], found["ERGAS"], found["Q2n"])
    return scores


def table(scores: Scores) -> str:
    """KSDiff, the best classical method (lowest ERGAS) by its name, and interpolation."""
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


def liveliest(paths: Sequence[Path], crop: int) -> Window:
    """The window of crop x crop px where the last file has most to show, and none has holes.

    The files are on one grid. The window is found on reduced images; where there is none without
    a hole, few holes are better than many.
    """
    with rasterio.open(paths[-1]) as source:
        height, width = source.shape
        step = max(1, max(source.shape) // 1024)
        size = max(1, height // step), max(1, width // step)
        small = source.read(1, out_shape=size, out_dtype="float64")
    known = np.isfinite(small)
    for path in paths:
        with rasterio.open(path) as source:
            known &= (source.read_masks(out_shape=(source.count, *size)) > 0).all(axis=0)
    # The square root keeps a bright roof from being livelier than a street.
    small = np.sqrt(np.maximum(np.where(known, small, 0), 0))
    detail = np.hypot(*np.gradient(small)) if min(size) > 1 else small
    detail[~ndimage.binary_erosion(known, np.ones((3, 3)), border_value=1)] = 0
    best, where = -1.0, (0, 0)
    reach = max(1, crop // step)
    for row in range(0, max(1, size[0] - reach + 1), max(1, reach // 4)):
        for col in range(0, max(1, size[1] - reach + 1), max(1, reach // 4)):
            part = np.s_[row : row + reach, col : col + reach]
            here = float(detail[part].mean()) * float(known[part].mean()) ** 4
            if here > best:
                best, where = here, (row * step, col * step)
    row, col = min(where[0], max(0, height - crop)), min(where[1], max(0, width - crop))
    return Window(col, row, min(crop, width), min(crop, height))


def draw(target: Path, panels: Sequence[tuple[str, Path]], shared: int) -> None:
    """A PNG of the same crop of each panel, zoomed, with captions.

    The first `shared` panels have the stretch of the last of them: the truth, or the sharpened
    image. Any other (PAN) has its own.
    """
    from PIL import Image, ImageDraw, ImageFont

    window = liveliest([path for _, path in panels], CROP)
    images = []
    for _, path in panels:
        with rasterio.open(path) as source:
            bands = [number + 1 for number in palettes.rgb_bands(source.descriptions)]
            image = source.read(bands, window=window, masked=True)
            images.append(image.astype(np.float64).filled(np.nan))
    judges = [images[shared - 1]] * shared + images[shared:]
    pictures = [
        palettes.stretch(image, palettes.stretch_limits(judge))
        for image, judge in zip(images, judges, strict=True)
    ]
    zoom = max(ZOOM, -(-LEAST // int(window.width)))
    width, height = (int(n) * zoom for n in (window.width, window.height))
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
