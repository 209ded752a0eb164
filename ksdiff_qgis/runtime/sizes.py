# SPDX-License-Identifier: GPL-2.0-or-later
"""Sizes of the environment: which can be installed on this machine, and how large they are."""

from __future__ import annotations

import platform
import shutil
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from .. import paths
from ..language import later, tr
from .errors import Kind, RunError
from .processes import output_of

NAMES = ("light", "full", "gpu")
FULL, GPU = "full", "gpu"
#: Offered first, unless there is a GPU: a result soon, and all else can be added later.
RECOMMENDED = "light"
#: What the sizes are called, in English.
LABELS = {
    "light": later("Light: sharpening (enough to begin with)"),
    "full": later("Full: also fine-tuning to the scene, and training"),
    "gpu": later("Full, for the NVIDIA GPU of this machine"),
}
# The packages of the size gpu are built for CUDA 13, which needs:
MIN_DRIVER = 580
MIN_CAPABILITY = (7, 5)


@dataclass(frozen=True)
class Size:
    """A size that can be installed.

    Parameters
    ----------
    name : ``light``, ``full`` or ``gpu``.
    label : short description for users.
    download_mb, disk_mb : approximate size of the download, and on the disk.
    note : further information; may be empty.
    """

    name: str
    label: str
    download_mb: int
    disk_mb: int
    note: str = ""


@dataclass(frozen=True)
class Gpu:
    """An NVIDIA GPU: product name, version of its driver, compute capability (major, minor)."""

    name: str
    driver: str
    capability: tuple[int, int]

    @property
    def problem(self) -> str:
        """Why the packages would not run on it; empty if they should."""
        major = self.driver.split(".")[0]
        if not major.isdigit() or int(major) < MIN_DRIVER:
            text = tr("{}: the NVIDIA driver {} is too old. Install {} or newer.")
            return text.format(self.name, self.driver, MIN_DRIVER)
        if self.capability < MIN_CAPABILITY:
            has, needed = (".".join(map(str, each)) for each in (self.capability, MIN_CAPABILITY))
            text = tr("{} is too old: compute capability {}, needed is {}.")
            return text.format(self.name, has, needed)
        return ""


def platform_name(system: str = sys.platform, machine: str = "") -> str:
    """Return system and machine as the table of sizes spells them, e.g. ``linux-x86_64``."""
    machine = (machine or platform.machine()).lower()
    machine = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if system == "darwin":
        return "macos-" + machine.replace("aarch64", "arm64")
    return ("windows-" if system.startswith("win") else "linux-") + machine


def available(gpus: Sequence[Gpu] | None = None) -> list[Size]:
    """Return the sizes that can be installed on this machine.

    ``gpu`` is among them only if a GPU with a recent driver is found.

    Parameters
    ----------
    gpus : the GPUs of this machine; nvidia-smi is asked if None.
    """
    table = paths.sizes_mb()
    here = platform_name()
    found = []
    for name in NAMES:
        if here not in table[name]:
            continue
        if name == "gpu" and all(gpu.problem for gpu in (find_gpus() if gpus is None else gpus)):
            continue
        note = ""
        if name == "light":
            note = tr("It can be made full later.")
        if name == "full" and here.startswith("linux"):
            note = tr("PyTorch, for the CPU, comes from {}.").format(
                urlsplit(paths.torch_cpu_page()).hostname
            )
        if name == "gpu" and here.startswith("windows"):
            note = tr(
                "On Windows, sharpening runs on the GPU; fine-tuning and training on the CPU."
            )
        found.append(Size(name, tr(LABELS[name]), *table[name][here], note))
    return found


def unavailable(size: str) -> RunError:
    """Return the error for a size that cannot be installed on this machine, with the reason."""
    here = platform_name()
    if not any(here in paths.sizes_mb()[name] for name in NAMES):
        text = tr("There are no packages for {}, so nothing can be installed.").format(here)
        remedy = tr(
            "Use your own Python that has the packages: enter it in Settings > Options > "
            "Processing > Providers > KSDiff, or in the environment variable KSDIFF_PYTHON."
        )
        return RunError(text, remedy, Kind.WHEEL)
    if size != "gpu":
        text = tr("There are no packages of the size {} for {}.").format(size, here)
        return RunError(text, tr("Choose another size, or use your own Python."), Kind.WHEEL)
    problems = " ".join(gpu.problem for gpu in find_gpus())
    text = tr("No NVIDIA GPU with a suitable driver was found.")
    remedy = tr("Install the current NVIDIA driver, or choose the size full.")
    return RunError(f"{text} {problems}".strip(), remedy, Kind.NO_DEVICE)


def find_gpus() -> list[Gpu]:
    """Return the NVIDIA GPUs of this machine; empty if no driver answers."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = "--query-gpu=name,driver_version,compute_cap"
    try:
        return parse_gpus(output_of([program, query, "--format=csv,noheader"], timeout=20))
    except (OSError, subprocess.SubprocessError):
        return []


def parse_gpus(text: str) -> list[Gpu]:
    """Return the GPUs in the CSV output of `nvidia-smi`; other lines are ignored."""
    found = []
    for line in text.splitlines():
        try:
            name, driver, capability = (part.strip() for part in line.split(","))
            major, minor = capability.split(".")
            found.append(Gpu(name, driver, (int(major), int(minor))))
        except ValueError:
            continue
    return found
