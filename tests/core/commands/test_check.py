# SPDX-License-Identifier: GPL-2.0-or-later
"""The self-test passes where all is well, and says what failed where it is not."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from fakes import Plain, use

from core.commands import check as tested
from core.errors import InputError
from core.methods.interface import Settings
from core.worker.protocol import finite


class Fake(Plain):
    """A method that says where it ran, and adds something to what it makes."""

    def __init__(self, ran: str, more: float = 0.0) -> None:
        super().__init__()
        self.ran, self.more = ran, more

    def describe(self, context: object) -> dict[str, object]:
        return {"device": self.ran}


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have each device run, or fail, as told; returns what is told of them by name."""

    def run(**methods: Fake | Exception) -> dict[str, dict[str, Any]]:
        def make(settings: Settings) -> Fake:
            method = methods[settings.device]
            if isinstance(method, Exception):
                raise method
            return method

        def fused(scene: object, method: Fake, *_: object) -> np.ndarray:
            ramp = np.linspace(0, 1000, 64 * 64, dtype=np.float32).reshape(1, 64, 64)
            return ramp + np.float32(method.more)

        use(monkeypatch, {"ksdiff": make})
        monkeypatch.setattr(tested, "in_memory", fused)
        providers = ["CPUExecutionProvider"] + [tested.CUDA] * ("cuda" in methods)
        monkeypatch.setattr(tested.onnxruntime, "get_available_providers", lambda: providers)
        found: Any = tested.selftest()["devices"]
        return {each["device"]: each for each in found}

    return run


def test_the_shipped_model_runs_here() -> None:
    found: dict[str, Any] = tested.selftest()
    cpu = found["devices"][0]
    assert (cpu["device"], cpu["ran"], cpu["passed"]) == ("cpu", "cpu", True)
    assert found["raster"] is True
    assert found["torch"] is None or "cpu" in found["torch"]["devices"]
    assert json.loads(json.dumps(found)) == finite(found)


def test_a_gpu_that_agrees_with_the_cpu_passes(devices: Any) -> None:
    found = devices(cpu=Fake("cpu"), cuda=Fake("cuda", 0.5))
    assert found["cuda"]["passed"]
    assert found["cuda"]["difference"] == pytest.approx(0.0005, rel=0.01)


@pytest.mark.parametrize(
    ("cuda", "reason", "ran"),
    [
        (Fake("cpu"), "It ran on cpu.", "cpu"),
        (Fake("cuda", 50.0), "differs", "cuda"),
        (Fake("cuda", np.nan), "no image", "cuda"),
        (
            InputError("other", message="The GPU cannot be used.", remedy="Use the CPU."),
            "cannot be used",
            "",
        ),
        (RuntimeError("no cuDNN"), "RuntimeError: no cuDNN", ""),
    ],
)
def test_a_gpu_that_does_not_really_run_fails(
    devices: Any, cuda: Fake | Exception, reason: str, ran: str
) -> None:
    found = devices(cpu=Fake("cpu"), cuda=cuda)
    assert found["cpu"]["passed"]
    assert not found["cuda"]["passed"]
    assert reason in found["cuda"]["reason"]
    assert found["cuda"]["ran"] == ran


def test_a_cpu_that_fails_is_told(devices: Any) -> None:
    assert not devices(cpu=RuntimeError("illegal instruction"))["cpu"]["passed"]
