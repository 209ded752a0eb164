# SPDX-License-Identifier: GPL-2.0-or-later
"""Which NVIDIA GPUs are here, as the driver's own tool tells."""

from __future__ import annotations

import os
import shutil
import subprocess  # nosec B404
from dataclasses import dataclass

from ..language import tr
from .child import hidden
from .environment import clean

# What the packages of the size gpu, which are made for CUDA 13, need of driver and device.
DRIVER = 580
CAPABILITY = (7, 5)
_QUERY = "--query-gpu=name,driver_version,compute_cap,memory.total"


@dataclass(frozen=True)
class Gpu:
    """A GPU and its driver.

    Parameters
    ----------
    capability : of computing: major, minor.
    memory_mb : its memory.
    """

    name: str
    driver: str
    capability: tuple[int, int]
    memory_mb: int

    @property
    def problem(self) -> str:
        """Why the packages would not run on it; empty when they should."""
        if not self.driver.split(".")[0].isdigit() or int(self.driver.split(".")[0]) < DRIVER:
            text = tr("{}: the NVIDIA driver {} is too old. Install {} or newer.")
            return text.format(self.name, self.driver, DRIVER)
        if self.capability < CAPABILITY:
            has, needed = (".".join(map(str, each)) for each in (self.capability, CAPABILITY))
            text = tr("{} is too old: compute capability {}, needed is {}.")
            return text.format(self.name, has, needed)
        return ""


def parse(text: str) -> list[Gpu]:
    """GPUs of what `nvidia-smi` prints as CSV; lines that are none are passed over."""
    found = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split(",")]
        try:
            name, driver, capability, memory = parts
            major, minor = capability.split(".")
            amount = int(memory.split()[0])
            found.append(Gpu(name, driver, (int(major), int(minor)), amount))
        except (ValueError, IndexError):
            continue
    return found


def find() -> list[Gpu]:
    """The GPUs of this machine; empty where there is no driver that answers."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        done = subprocess.run(  # nosec B603
            [program, _QUERY, "--format=csv,noheader"],
            env=clean(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            **hidden(),
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return parse(done.stdout) if done.returncode == 0 else []
