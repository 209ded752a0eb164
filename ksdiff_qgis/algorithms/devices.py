# SPDX-License-Identifier: GPL-2.0-or-later
"""The devices that a network can run on, as the worker and users name them."""

from __future__ import annotations

from .. import paths
from ..language import later
from ..runtime import environments

_GPUS = {
    "cuda": later("NVIDIA GPU (CUDA)"),
    "cuda:1": later("NVIDIA GPU 2 (CUDA)"),
    "cuda:2": later("NVIDIA GPU 3 (CUDA)"),
    "cuda:3": later("NVIDIA GPU 4 (CUDA)"),
}


def titles() -> dict[str, str]:
    """Return the title of each device by its word, in English; empty titles are not shown.

    GPUs have the names that the runtime's self-test found. If it found none, up to four are listed.
    """
    used = environments.usable(paths.home())
    names = used.gpus if used is not None else []
    found = {f"cuda:{n}" if n else "cuda": name for n, name in enumerate(names)}
    gpus = {**dict.fromkeys(_GPUS, ""), **found} if found else _GPUS
    return {"auto": later("Automatic"), "cpu": "CPU", **gpus}
