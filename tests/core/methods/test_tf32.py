# SPDX-License-Identifier: GPL-2.0-or-later
"""What a GPU's TF32 costs: products of 10 bits of mantissa, summed in float32, on the CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from core.fusion.tiled import in_memory
from core.methods.interface import Settings
from core.methods.registry import create
from core.models import onnx_session
from core.pair.scene import Scene
from core.synthetic.pairs import write_pair

PRODUCTS = ("Conv", "MatMul", "Gemm")
#: x - (x * SPLIT - (x * SPLIT - x)) is what rounding to 10 bits takes from a float32 (Dekker).
SPLIT = np.float32(2**13 + 1)


def rounded(values: np.ndarray) -> np.ndarray:
    """Return float32 with 10 bits of mantissa."""
    scaled = values.astype(np.float32) * SPLIT
    return scaled - (scaled - values.astype(np.float32))


def in_tf32(model: bytes) -> bytes:
    """Return a graph whose products take rounded numbers."""
    made = onnx.load_from_string(model)
    weights = {each.name: each for each in made.graph.initializer}
    made.graph.initializer.append(numpy_helper.from_array(SPLIT, "split"))
    taken: dict[str, str] = {}
    nodes = []
    for node in made.graph.node:
        for place, name in enumerate(node.input[:2] if node.op_type in PRODUCTS else ()):
            if name not in taken and name in weights:
                values = rounded(numpy_helper.to_array(weights[name]))
                made.graph.initializer.append(numpy_helper.from_array(values, f"{name}.tf32"))
                taken[name] = f"{name}.tf32"
            elif name not in taken:
                taken[name] = f"{name}.tf32"
                scaled, rest = f"{name}.scaled", f"{name}.rest"
                nodes += [
                    helper.make_node("Mul", [name, "split"], [scaled]),
                    helper.make_node("Sub", [scaled, name], [rest]),
                    helper.make_node("Sub", [scaled, rest], [taken[name]]),
                ]
            node.input[place] = taken[name]
        nodes.append(node)
    del made.graph.node[:]
    made.graph.node.extend(nodes)
    return made.SerializeToString()


def test_rounding_keeps_ten_bits() -> None:
    values = np.array([1, 1 + 2**-10, 1 + 2**-12, -3.3333333], np.float32)
    found = rounded(values)
    assert list(found[:3]) == [1, 1 + 2**-10, 1] and found[3] != values[3]
    assert not np.any(found.view(np.int32) & 0x1FFF)


@pytest.mark.numerical
@pytest.mark.parametrize("method", ["ksdiff", "srino"])
def test_a_result_in_tf32_is_that_of_the_cpu_within_a_dn(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 11 bits, with the shipped models, from the kernels of the scene to the image."""
    pan, ms, _ = write_pair(tmp_path, 256, 4, 1)
    real: Any = onnx_session.open_session
    images = []
    with Scene.open(pan, ms) as scene:
        for change in (lambda model: model, in_tf32):
            monkeypatch.setattr(
                onnx_session, "open_session", lambda model, *how, of=change: real(of(model), *how)
            )
            made = create(method, Settings(scene.ratio, model=f"{method}-scene", device="cpu"))
            context = made.prepare(scene, lambda fraction, message: None)
            images.append(in_memory(scene, made, context, 256))
    assert 500 < images[0].max() < 4096
    apart = np.abs(images[1] - images[0])
    assert 0 < apart.max() <= 1
