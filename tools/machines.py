# SPDX-License-Identifier: GPL-2.0-or-later
"""``make test-machines``: the tests marked `numerical`, as on other processors.

The libraries choose their kernels by what the processor offers. Each run below takes some of that
away, as each library lets itself be told, with other numbers of threads and another order of sets.
Both runs share the machine, at the same time. What a processor lacks cannot be added; onnxruntime
has no such switch.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

MACHINES = {
    "AVX2, one thread": {
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell",
        "MKL_CBWR": "AVX2",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
        "OMP_NUM_THREADS": "1",
        "TEST_THREADS": "1",
        "PYTHONHASHSEED": "1",
    },
    "SSE, two threads": {
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "OPENBLAS_CORETYPE": "Nehalem",
        "MKL_CBWR": "COMPATIBLE",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
        "OMP_NUM_THREADS": "2",
        "TEST_THREADS": "2",
        "PYTHONHASHSEED": "2",
    },
}


def run(name: str) -> tuple[str, bool, str]:
    """Run the numerical tests as on one machine; return its name, success and pytest's output."""
    command = [sys.executable, "-m", "pytest", "-m", "numerical", "-p", "no:cacheprovider"]
    environment = {**os.environ, **MACHINES[name]}
    done = subprocess.run(
        [*command, "tests/core", "tests/training"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return name, done.returncode == 0, done.stdout + done.stderr


def last_line(output: str) -> str:
    """Return pytest's counts; a run that was killed has no output."""
    return next(reversed(output.strip().splitlines()), "no output")


def main() -> int:
    start = time.monotonic()
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, passed, output in pool.map(run, MACHINES):
            if not passed:
                failed += 1
                print(output)
            print(f"{name}: {last_line(output)}", flush=True)
    print(f"{len(MACHINES) - failed} machines passed, {failed} failed", end="")
    print(f" in {time.monotonic() - start:.0f} s")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
