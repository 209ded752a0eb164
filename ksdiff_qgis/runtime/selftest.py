# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker's self-test: a tiny pair on each device, and whether that is good enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import paths
from ..language import tr
from . import process
from .environment import command
from .process import Feedback


def run(python: str, feedback: Feedback) -> dict[str, Any]:
    """Have the worker test itself under a Python; its result event, with `selftest` in it.

    Raises
    ------
    RunCancelled, RunError
    """
    asked = {"protocol": paths.protocol_version(), "task": "check", "selftest": True}
    return process.run(asked, _Silent(feedback), command(python, paths.WORKER))


def problem(tested: Mapping[str, Any], gpu: bool = False, platform: str = "") -> str:
    """What did not work, of what `run` told as `selftest`; empty when all did.

    Parameters
    ----------
    gpu : whether a GPU must be among what worked.
    platform : see `pythons.platform_name`; on Windows, torch comes without CUDA.
    """
    devices = {str(each.get("device")): each for each in tested.get("devices", [])}
    torch = tested.get("torch") or {}
    wrong = [
        f"{name}: {each.get('reason') or tr('no result')}"
        for name, each in devices.items()
        if not each.get("passed")
    ]
    if "cpu" not in devices:
        wrong.append(tr("cpu: it was not tested"))
    if not tested.get("raster"):
        wrong.append(tr("A raster did not come back as it was written."))
    if torch.get("reason"):
        wrong.append(f"PyTorch: {torch['reason']}")
    if gpu and "cuda" not in devices:
        wrong.append(tr("onnxruntime lists no CUDA."))
    if gpu and platform.startswith("linux") and "cuda" not in torch.get("devices", []):
        wrong.append(tr("PyTorch finds no CUDA."))
    return " ".join(wrong)


class _Silent:
    """Passes on what is said but for the progress, which counts something else."""

    def __init__(self, feedback: Feedback) -> None:
        self._feedback = feedback

    def setProgress(self, progress: float) -> None:
        """Not shown."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._feedback, name)
