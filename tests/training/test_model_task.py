# SPDX-License-Identifier: GPL-2.0-or-later
"""Models of one's own: what is refused, what is taken in, and a card written anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from raising import raises_code
from safetensors.numpy import save_file
from small import recipe, scenes

from core.models import modelfile
from core.models.onnx_session import Graph
from core.progress import Pace
from training.export import export_run
from training.requests import Model
from training.tasks import model as task
from training.trainer import Trainer


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model, small."""
    folder = tmp_path_factory.mktemp("made")
    Trainer(recipe(), scenes(), folder / "run").save()
    about: dict[str, Any] = {"licence": "CC0", "notes": "of waves", "sensors": ("quickbird",)}
    return export_run(folder / "run", folder, None, "waves", about).path


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Path:
    """The model in a folder of models."""
    shutil.copytree(made.parent, tmp_path / "models" / "waves")
    return tmp_path / "models" / "waves" / made.name


def do(action: str, file: Path, **values: Any) -> dict[str, Any]:
    return task.perform(Model(action, str(file), **values), lambda f, text: None, Pace())


def edit(file: Path, **values: Any) -> dict[str, Any]:
    return do("card", file, models=str(file.parent.parent), **values)


def test_a_good_model_is_told(made: Path) -> None:
    done = do("check", made)
    assert (done["name"], done["method"], done["bands"]) == ("waves", "ksdiff", None)
    assert (done["licence"], done["notes"], done["file"]) == ("CC0", "of waves", str(made))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def other_file(path: Path) -> None:
    save_file({"a": np.zeros(3, np.float32)}, path)


def lose_graph(path: Path) -> None:
    path.with_name("waves.fuse.onnx").unlink()


def change_graph(path: Path) -> None:
    flip(path.with_name("waves.fuse.onnx"))


def rename(path: Path) -> None:
    for each in sorted(path.parent.iterdir()):
        if each != path:
            each.rename(each.with_name(each.name.replace("waves", "sea")))
    path.rename(path.with_name("sea.safetensors"))


def spoil_weights(path: Path) -> None:
    """What is no number, and the card knows its hash."""
    card, weights = modelfile.read_card(path), modelfile.read_weights(path)
    first = sorted(weights)[0]
    weights[first] = np.full_like(weights[first], np.nan)
    hashes = {**card.hashes, "weights": modelfile.weights_hash(weights)}
    modelfile.save(path, card, hashes, weights)


DAMAGES = [
    (cut, "not-a-model"),
    (flip, "model-damaged"),
    (other_file, "not-a-model"),
    (lose_graph, "model-graph-missing"),
    (change_graph, "model-damaged"),
    (rename, "model-files-renamed"),
    (spoil_weights, "model-weights-not-finite"),
]


@pytest.mark.parametrize(("damage", "code"), DAMAGES, ids=lambda d: getattr(d, "__name__", ""))
def test_a_damaged_model_is_refused_and_never_half_taken_in(
    own: Path, tmp_path: Path, damage: Callable[[Path], None], code: str
) -> None:
    damage(own)
    (file,) = own.parent.glob("*.safetensors")
    with raises_code(code):
        do("check", file)
    with raises_code(code):
        do("import", file, models=str(tmp_path / "mine"))
    assert not (tmp_path / "mine").exists()


def test_what_is_no_model_at_all(tmp_path: Path) -> None:
    with raises_code("not-a-model-file"):
        do("check", tmp_path / "a.zip")
    with raises_code("model-unreadable"):
        do("check", tmp_path / "a.safetensors")
    with raises_code("unknown-action"):
        do("love", tmp_path / "a.safetensors")


@pytest.mark.parametrize("name", [None, "sea"])
def test_a_model_taken_in_is_the_same_network(made: Path, tmp_path: Path, name: str | None) -> None:
    done = do("import", made, models=str(tmp_path / "mine"), name=name)
    path = tmp_path / "mine" / (name or "waves") / f"{name or 'waves'}.safetensors"
    assert done["file"] == str(path)
    model = modelfile.load(str(path))
    assert model.card.licence == "CC0" and model.card.sensors == ("quickbird",)
    before, after = modelfile.read_weights(made), modelfile.read_weights(path)
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[key], after[key]) for key in before)
    inputs = {"pan": (1, 2, 32, 32), "lms": (1, 4, 32, 32), "gain": (1, 4), "weight": (1, 4)}
    inputs["details"] = (1, 4, 2, 32, 32)
    results = []
    for file in (made, path):
        graph = Graph(modelfile.load(str(file)).graph("fuse"), "cpu")
        rng = np.random.default_rng(0)
        values = {name: rng.normal(size=inputs[name]) for name in graph.inputs}
        results.append(graph.run(**values)[0])
    np.testing.assert_array_equal(*results)
    assert [*(tmp_path / "mine").iterdir()] == [path.parent]


def test_a_name_is_taken_once_and_fits_a_folder(made: Path, own: Path, tmp_path: Path) -> None:
    models = str(own.parent.parent)
    with raises_code("model-exists", model="waves"):
        do("import", made, models=models)
    for name in ("../a", "a b", "custom", "ä", "x" * 65):
        with raises_code("model-name-invalid"):
            do("import", made, models=models, name=name)
    with raises_code("model-name-reserved"):
        do("import", made, models=models, name="srino-scene")
    assert [*own.parent.parent.iterdir()] == [own.parent]


def test_a_card_is_edited(own: Path) -> None:
    edit(own, licence=" MIT ", notes="longer " * 50)
    card = modelfile.load(str(own)).card
    assert (card.licence, card.name) == ("MIT", "waves")
    assert card.notes.startswith("longer longer")
    task.checked(own)  # the graphs point to where the weights now lie
    edit(own, notes="")
    assert modelfile.load(str(own)).card.licence == "MIT"  # what is not told stays
    assert [*own.parent.parent.iterdir()] == [own.parent]


def test_a_model_is_renamed(own: Path) -> None:
    done = edit(own, name="sea")
    models = own.parent.parent
    assert done["file"] == str(models / "sea" / "sea.safetensors")
    assert [*models.iterdir()] == [models / "sea"]
    task.checked(Path(done["file"]))


def test_failed_edits_leave_the_old_model(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in own.parent.iterdir()}

    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(modelfile, "save", full)
    with raises_code("model-not-written"):
        edit(own, licence="MIT")
    assert {path.name: path.read_bytes() for path in own.parent.iterdir()} == before
    assert [*own.parent.parent.iterdir()] == [own.parent]


def test_the_old_folder_comes_back_where_the_new_one_cannot_be_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, new = tmp_path / "target", tmp_path / "hidden" / "target"
    target.mkdir()
    (target / "old").touch()
    with pytest.raises(OSError):
        (tmp_path / "hidden").mkdir()
        task.put_folder(new, target, target)  # there is nothing to put
    assert [*target.iterdir()] == [target / "old"]


def test_shipped_models_and_loose_files_keep_their_cards(own: Path, tmp_path: Path) -> None:
    shipped = modelfile.find("ksdiff-scene")
    with raises_code("shipped-model-fixed"):
        do("card", shipped, licence="mine")
    loose = tmp_path / "loose"
    shutil.copytree(own.parent, loose)
    with raises_code("not-an-own-model"):
        edit(loose / own.name, licence="mine")


@pytest.fixture
def accompanied(own: Path) -> dict[str, bytes]:
    """The model with files of its owner's beside it, by where they are in its folder."""
    (own.parent / "sub").mkdir()
    others = {"LICENCE": b"of mine", "waves.txt": b"notes", "sub/scene.tif": b"pixels"}
    for name, content in others.items():
        (own.parent / name).write_bytes(content)
    return others


@pytest.mark.parametrize("name", ["waves", "sea"])
def test_files_of_its_owner_stay_beside_an_edited_model(
    own: Path, accompanied: dict[str, bytes], name: str
) -> None:
    done = edit(own, name=name, licence="MIT")
    home = Path(done["file"]).parent
    assert home == own.parent.with_name(name)
    assert {place: (home / place).read_bytes() for place in accompanied} == accompanied
    assert task.checked(Path(done["file"])).card.licence == "MIT"
    files = [path for path in home.rglob("*") if path.is_file()]
    assert len(files) == len(accompanied) + 3  # weights and two graphs, under one name
    assert [*home.parent.iterdir()] == [home]


def test_a_file_in_the_way_of_a_new_name_is_not_replaced(own: Path) -> None:
    (own.parent / "sea.fuse.onnx").write_bytes(b"mine")
    before = {path.name: path.read_bytes() for path in own.parent.iterdir()}
    with raises_code("model-file-in-the-way"):
        edit(own, name="sea")
    assert {path.name: path.read_bytes() for path in own.parent.iterdir()} == before


def test_a_card_elsewhere_than_in_the_models_folder_stays(
    own: Path, accompanied: dict[str, bytes], tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in own.parent.rglob("*") if path.is_file()}
    for models in (str(tmp_path / "others"), None):
        with raises_code("not-an-own-model"):
            do("card", own, models=models, name="sea", licence="MIT")
    assert {path: path.read_bytes() for path in own.parent.rglob("*") if path.is_file()} == before
