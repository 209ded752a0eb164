# SPDX-License-Identifier: GPL-2.0-or-later
"""The ablations: every variant learns, rows are trained once, and end in tables."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from raising import raises_code
from small import recipe, scenes
from torch import Tensor
from torch.nn import functional as F

from core.networks.ksdiff import KSDiff
from experiments.__main__ import main
from experiments.ablate.comparison import Ablation, parameters
from experiments.ablate.ksdiff_variants import MLPGenerator, PlainEncoder, SeparateTraining
from experiments.ablate.srino_variants import FourierKernel, SoftmaxAttention
from experiments.ablate.studies import STUDIES, Study
from tests.core.conftest import awake
from training import patches
from training.export import write_model
from training.trainer import Trainer


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


def ablation(folder: Path, steps: int = 3, method: str = "ksdiff") -> Ablation:
    return Ablation(recipe(method), scenes(), folder, steps, width="recipe")


def test_rows_are_trained_once_and_end_in_tables(tmp_path: Path) -> None:
    ablation(tmp_path).run(["full", "separate"], seeds=2)
    before = ablation(tmp_path).results()
    again = ablation(tmp_path)
    again.run(["full", "separate", "dicnn"], seeds=2)
    assert again.results()[:4] == before
    assert [(r["row"], r["seed"]) for r in again.results()[4:]] == [("dicnn", "0"), ("dicnn", "1")]
    text = (tmp_path / "ablation.md").read_text()
    assert "| separate training |" in text and "±" in text
    assert text.count("KSDiff, core tensor 4 x 4 x 2 x 2") == 2, "in Table 4 and in Table 6"
    assert "Table 5" in text and "| DiCNN |" in text


@pytest.mark.parametrize(
    ("method", "name"), [(method, name) for method in STUDIES for name in STUDIES[method].rows]
)
def test_every_row_can_be_trained(tmp_path: Path, method: str, name: str) -> None:
    one = ablation(tmp_path, 2, method)
    one.run([name], seeds=1)
    (result,) = one.results()
    assert float(result["ERGAS"]) > 0 and int(result["parameters"]) > 0


def test_the_command_writes_the_tables(tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_text(json.dumps(recipe().to_json()))
    patches.write(tmp_path / "data", scenes(), [])
    options = ["--recipe", tmp_path / "recipe.json", "--data", tmp_path / "data"]
    options += ["--out", tmp_path / "out", "--rows", "core-4-1", "--steps", 2, "--seeds", 1]
    assert main(["ablate", *map(str, [*options, "--width", "recipe", "--threads", 1])]) == 0
    assert "| core tensor 4 x 4 x 1 x 1 |" in (tmp_path / "out" / "ablation.md").read_text()


def test_rows_begin_with_the_weights_of_a_model(tmp_path: Path) -> None:
    """With a rate of nothing they stay: kernels are the model's, or the mean of those it makes."""
    still = {"steps": 1, "lr": 0.0, "warmup": 0}
    of = recipe(stage1=still, stage2=still)
    model = awake(KSDiff(of.network))
    start = str(write_model(model, tmp_path, "start", window=32, training={}).path)
    one = Ablation(replace(of, start=start), scenes(), tmp_path / "out", 2, "recipe", first=0)
    one.run(["full", "no-prior"], seeds=1)
    full, fixed = one.results()
    assert float(full["draws"]) != float(fixed["draws"])
    trained = Trainer(one.recipe_of("full", 0), scenes(), tmp_path / "out" / "runs" / "full-0")
    for name, value in model.state_dict().items():
        torch.testing.assert_close(trained.averaged().state_dict()[name], value)


def test_a_stopped_row_goes_on(tmp_path: Path) -> None:
    one = ablation(tmp_path)
    row = one.study.rows["dicnn-ksdiff"]
    folder = tmp_path / "runs" / "dicnn-ksdiff-0"
    of = one.recipe_of("dicnn-ksdiff", 0)
    Trainer(of, scenes(), folder, build=row.build).run(stop_after=1)
    one.run(["dicnn-ksdiff"], seeds=1)
    assert Trainer(of, scenes(), folder, build=row.build).finished


def test_gradient_guidance_is_of_the_full_method_as_it_was_trained(tmp_path: Path) -> None:
    """These rows train nothing but the full one, where it is missing."""
    one = ablation(tmp_path, method="srino")
    one.run(["guidance-100"], seeds=1)
    weights = (tmp_path / "runs" / "full-0" / "checkpoint.pt").read_bytes()
    one.run(["full", "guidance-1"], seeds=1)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["full-0"]
    assert (tmp_path / "runs" / "full-0" / "checkpoint.pt").read_bytes() == weights
    ergas = {r["row"]: float(r["ERGAS"]) for r in one.results()}
    change = {name: abs(ergas[name] - ergas["full"]) for name in ("guidance-1", "guidance-100")}
    assert change["guidance-1"] < change["guidance-100"]


def size(one: Ablation, name: str) -> int:
    return parameters(one.study.rows[name].build(one.recipe_of(name, 0).network))


def test_parts_that_are_left_out_have_no_parameters(tmp_path: Path) -> None:
    one = ablation(tmp_path)
    assert size(one, "no-prior") < size(one, "core-4-1") < size(one, "full") < size(one, "mlp")
    assert size(one, "full") < size(one, "core-8-2") < size(one, "core-16-2")
    assert size(one, "dicnn") < size(one, "dicnn-ksdiff")
    two = ablation(tmp_path / "srino", method="srino")
    assert size(two, "no-residuals") < size(two, "spatial") < size(two, "full")


def test_separate_training_leaves_the_network_as_stage_1_made_it(tmp_path: Path) -> None:
    run = Trainer(recipe(), scenes(), tmp_path, build=SeparateTraining)
    run.run(stop_after=4)
    before = {k: v.clone() for k, v in run.model.state_dict().items()}
    run.run()
    after = run.model.state_dict()
    changed = {k.split(".")[0] for k in before if not before[k].equal(after[k])}
    assert changed == {"plfe2", "denoiser"}


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_every_row_is_in_a_table(study: Study) -> None:
    assert {name for names in study.tables.values() for name in names} == set(study.rows)


@pytest.mark.parametrize("method", STUDIES)
def test_small_sizes_are_a_network(tmp_path: Path, method: str) -> None:
    one = Ablation(recipe(method), scenes(), tmp_path, 3)
    assert one.recipe.batch == 8 and size(one, "full") > 0


def test_other_settings_unknown_rows_and_no_held_out_scene_are_refused(tmp_path: Path) -> None:
    ablation(tmp_path)
    with raises_code("other"):
        ablation(tmp_path, steps=5)
    with raises_code("other") as caught:
        ablation(tmp_path).run(["nonsense"])
    assert "nonsense" in str(caught.value)
    with raises_code("other"):
        Ablation(recipe(), scenes(0), tmp_path / "x", 3)


@pytest.mark.parametrize("bands", [None, 4])
def test_the_plain_encoder_makes_tokens_of_unit_scale(bands: int | None) -> None:
    pan = 2 if bands is None else 1
    for channels in ((pan, 4, 4), (pan, 4)):
        encoder = PlainEncoder(bands, pan, (8, 12), 16, 2, reference=len(channels) == 3)
        z = encoder(*(torch.randn(3, c, 32, 32) for c in channels))
        torch.testing.assert_close(z.mean(2), torch.zeros(3, 4), atol=1e-5, rtol=0)
        torch.testing.assert_close(z.std(2, correction=0), torch.ones(3, 4), atol=1e-2, rtol=0)


def test_a_generator_without_structure_takes_many_more_parameters() -> None:
    generator = MLPGenerator((32, 32, 3, 3), 256)
    assert sum(p.numel() for p in generator.parameters()) == 257 * 64 + 65 * 32 * 32 * 9
    w = generator(torch.randn(3, 32), torch.randn(3, 256)).detach()
    torch.testing.assert_close(w, torch.ones(3, 32, 32, 3, 3), atol=0.1, rtol=0)


def test_softmax_attention_is_torchs() -> None:
    kernel, phi = SoftmaxAttention(8, 2), torch.randn(2, 8, 4, 6)
    with torch.no_grad():
        split = kernel.qkv(phi).flatten(2).unflatten(1, (3, 2, 4)).transpose(3, 4)
        expected = F.scaled_dot_product_attention(*split.unbind(1))
        found = kernel(phi, 1).phi
    torch.testing.assert_close(found, expected.transpose(2, 3).reshape(2, 8, 4, 6))


def test_the_fourier_kernel_does_the_same_to_a_wave_at_every_resolution() -> None:
    kernel = FourierKernel(3, 1, modes=6)
    amplitudes = torch.randn(3, 1, 1)

    def wave(side: int) -> Tensor:
        x = torch.arange(side) / side * 2 * torch.pi
        return (amplitudes * (torch.sin(2 * x)[:, None] + torch.cos(3 * x)[None]))[None]

    with torch.no_grad():
        coarse, fine = (kernel(wave(side), 1).phi for side in (16, 64))
    torch.testing.assert_close(fine[..., ::4, ::4], coarse, atol=1e-4, rtol=1e-4)
