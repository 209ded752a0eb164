# SPDX-License-Identifier: GPL-2.0-or-later
"""``python -m tools.cluster_demo``: ten drawn scenes on a local scheduler with two workers."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from core.__main__ import main as core
from core.synthetic.pairs import write_pair

ROOT = Path(__file__).resolve().parents[1]
SCENES, SIZE, BANDS, WORKERS = 10, 512, 4, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, plan, do the parts; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster_demo", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "cluster-demo")
    parser.add_argument("--scenes", type=int, default=SCENES)
    parser.add_argument("--size", type=int, default=SIZE, help="of a scene, PAN px")
    args = parser.parse_args(arguments)
    data, results, job = (args.folder / name for name in ("scenes", "results", "job"))
    for number in range(1, args.scenes + 1):
        scene = data / f"scene-{number:02d}"
        if not (scene / "ms.tif").exists():
            print(f"Drawing scene {number} of {args.scenes}", flush=True)
            _, _, truth = write_pair(scene, args.size, BANDS, number)
            truth.unlink()
    shutil.rmtree(job, ignore_errors=True)
    shutil.rmtree(results, ignore_errors=True)
    plan = ["plan", "--data", data, "--out-folder", results, "--method", "scene-fit", "--job", job]
    cluster = ["cluster", "--job", job, "--scheduler", "local", "--workers", WORKERS]
    for command in (plan, cluster):
        words = [str(word) for word in command]
        print(f"\npython -m core {' '.join(words)}", flush=True)
        if status := core(words):
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
