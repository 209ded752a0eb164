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


def test_shipped_model_passes() -> None:
    found: dict[str, Any] = tested.selftest()
    cpu = found["devices"][0]
    assert (cpu["device"], cpu["ran"], cpu["passed"]) == ("cpu", "cpu", True)
    assert found["raster"] is True
    assert found["torch"] is None or "cpu" in found["torch"]["devices"]
    assert found["torch"] is None or isinstance(found["torch"]["gpus"], list)
    assert json.loads(json.dumps(found)) == finite(found)


def test_gpu_that_agrees_with_the_cpu_passes(devices: Any) -> None:
    found = devices(cpu=Fake("cpu"), cuda=Fake("cuda", 0.5))
    assert found["cuda"]["passed"]
    assert found["cuda"]["difference"] == pytest.approx(0.0005, rel=0.01)


@pytest.mark.parametrize(
    ("cuda", "ran"),
    [
        (Fake("cpu"), "cpu"),
        (Fake("cuda", 50.0), "cuda"),
        (Fake("cuda", np.nan), "cuda"),
        (InputError("no-cuda"), ""),
        (RuntimeError("no cuDNN"), ""),
    ],
    ids=["ran-on-cpu", "differs", "nan", "no-cuda", "driver"],
)
def test_gpu_that_fails_or_differs_does_not_pass(
    devices: Any, cuda: Fake | Exception, ran: str
) -> None:
    found = devices(cpu=Fake("cpu"), cuda=cuda)
    assert found["cpu"]["passed"] and not found["cuda"]["passed"]
    assert found["cuda"]["reason"]
    assert found["cuda"]["ran"] == ran


def test_cpu_that_fails_does_not_pass(devices: Any) -> None:
    assert not devices(cpu=RuntimeError("illegal instruction"))["cpu"]["passed"]
