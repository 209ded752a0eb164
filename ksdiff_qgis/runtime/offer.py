# SPDX-License-Identifier: GPL-2.0-or-later
"""The sizes of the plugin's own environment: which can be had here, and how large they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from .. import paths
from ..language import later, tr
from . import nvidia, pythons
from .errors import RunError

RECOMMENDED = "full"
NAMES = ("light", "full", "gpu")
_LABELS = {
    "light": later("Light: sharpening"),
    "full": later("Full: sharpening, adapting to the scene, and training (recommended)"),
    "gpu": later("Full, for the NVIDIA GPU of this machine"),
}


@dataclass(frozen=True)
class Size:
    """What can be installed.

    Parameters
    ----------
    name : ``light``, ``full`` or ``gpu``.
    label : for people.
    download_mb, disk_mb : about how much is fetched, and how much it takes on the disk.
    note : what else is to be known; may be empty.
    """

    name: str
    label: str
    download_mb: int
    disk_mb: int
    note: str = ""


def sizes(gpus: Sequence[nvidia.Gpu] | None = None) -> list[Size]:
    """What can be installed on this machine, the recommended one marked by its label.

    The size for a GPU is there only where an NVIDIA driver that is new enough answers.

    Parameters
    ----------
    gpus : the GPUs here; looked for when None.
    """
    table = _table()
    here = pythons.platform_name()
    found = []
    for name in NAMES:
        if here not in table[name]:
            continue
        if name == "gpu" and all(gpu.problem for gpu in (nvidia.find() if gpus is None else gpus)):
            continue
        note = ""
        if name == "full" and here in table["cpu"]:
            note = tr(
                "On Linux the package index has PyTorch with CUDA only; where pip is set up for "
                "PyTorch's builds for the CPU (known of Python 3.11), about {} MB are fetched, and "
                "{} MB needed on the disk."
            ).format(*table["cpu"][here])
        if name == "gpu" and here.startswith("windows"):
            note = tr("On Windows, sharpening runs on the GPU; adapting and training, on the CPU.")
        download, disk = table[name][here]
        found.append(Size(name, tr(_LABELS[name]), download, disk, note))
    return found


def not_offered(size: str) -> RunError:
    """Why a size cannot be had here."""
    here = pythons.platform_name()
    if not any(here in _table()[name] for name in NAMES):
        text = tr("There are no packages for {}, so that nothing can be installed.").format(here)
        remedy = tr(
            "Use a Python of your own that has the packages: name it in Settings > Options > "
            "Processing > Providers > KSDiff, or in the environment variable KSDIFF_PYTHON."
        )
        return RunError(text, remedy, "Wheel")
    if size != "gpu":
        text = tr("There are no packages of the size {} for {}.").format(size, here)
        remedy = tr("Choose another size, or name a Python of your own.")
        return RunError(text, remedy, "Wheel")
    problems = " ".join(gpu.problem for gpu in nvidia.find())
    text = tr("No NVIDIA GPU with a driver that can be used was found.")
    remedy = tr("Install the current NVIDIA driver, or choose the size full.")
    return RunError(f"{text} {problems}".strip(), remedy, "NoDevice")


def least(size: Size, platform: str) -> tuple[int, int]:
    """Megabytes fetched and on the disk at least: on Linux, full may be for the CPU only."""
    table = _table()
    if size.name == "full" and platform in table["cpu"]:
        download, disk = table["cpu"][platform]
        return download, disk
    return size.download_mb, size.disk_mb


def _table() -> dict[str, dict[str, tuple[int, int]]]:
    """By size and platform: megabytes fetched, and on the disk."""
    text = (paths.RESOURCES / "runtime.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, tuple[int, int]]] = json.loads(text)["sizes_mb"]
    return found
