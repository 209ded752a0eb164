# SPDX-License-Identifier: GPL-2.0-or-later
"""Which method sharpens a scene, and when its network is adapted to it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
import rasterio
from fakes import Worse, write_pair
from raising import raises_code

from core.commands import pansharpen
from core.errors import InputError, ModelError
from core.methods import registry
from core.methods.classical import CLASSICAL
from core.progress import Pace
from core.requests import Pansharpen

TORCH = "Adapting to the scene needs torch."


class Deep(Worse):
    """Stands for a learned method, plain or adapted, which may fail on the scene or in the test."""

    def __init__(self, name: str, dn: float, error: Exception | None, fails_at: int) -> None:
        super().__init__(dn)
        self.name, self.error, self.fails_at = name, error, fails_at

    def prepare(self, scene: Any, progress: Any) -> None:
        if self.error and (scene.height > 100) == (self.fails_at == 0):
            raise self.error
        progress(0.5, "Learning")


class Methods:
    """`create` of which KSDiff is wrong by 5 DN, SRINO by 7, the adapted one by more or less."""

    def __init__(self) -> None:
        self.dn = {"ksdiff": 5.0, "srino": 7.0}
        self.adapted_dn = 1.0
        self.absent: set[str] = set()
        self.lacking: Exception | None = None
        self.error: Exception | None = None
        self.fails_at = 0  # on the scene; 1 in the test of a scene of 192 pixels
        self.made: list[tuple[str, float]] = []

    def create(self, name: str, *, adapt: float = 60.0, **options: Any) -> Any:
        self.made.append((name, adapt))
        if name in self.absent:
            raise ModelError("other", message=f"There is no model {name}-scene.", remedy="")
        if name in self.dn:
            return Deep(name, self.dn[name], None, 0)
        if name in registry.PLAIN:
            if self.lacking:
                raise self.lacking
            return Deep(name, self.adapted_dn, self.error, self.fails_at)
        # What is classical stands back, but for one that is as good as KSDiff.
        return Worse(6.0 if name == "gsa" else 90.0)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Methods:
    made = Methods()
    monkeypatch.setattr(registry, "create", made.create)
    return made


@pytest.fixture
def ask(tmp_path: Path, fake: Methods, caplog: pytest.LogCaptureFixture) -> Any:
    pair = write_pair(tmp_path, size=192)

    def run(pair: tuple[Path, Path] = pair, **more: Any) -> dict[str, Any]:
        out = str(tmp_path / "o.tif")
        asked = Pansharpen(pan=str(pair[0]), ms=str(pair[1]), out=out, **more)
        told: list[float] = []
        with caplog.at_level(logging.INFO, "core"):
            done = pansharpen.perform(asked, lambda fraction, text: told.append(fraction), Pace())
        assert told == sorted(told) or fake.error
        assert told[-1] <= 1
        return done

    return run


def names(done: dict[str, Any]) -> set[str]:
    return {row["method"] for row in done["scene_test"]["rows"]}


@pytest.mark.parametrize("method", ["auto", "ksdiff", "srino"])
def test_what_lowers_the_error_is_done_on_the_scene(
    ask: Any, fake: Methods, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    done = ask(method=method, adapt=7.0)
    plain = "ksdiff" if method == "auto" else method
    adapted = f"{plain}-adapted"
    assert (done["method"], done["adapted"]) == (adapted, True)
    said = f"Adapting {registry.LEARNED[plain]} to the scene lowers its error by"
    assert caplog.text.count(said) == 1
    assert done["adaptation"] == done["scene_test"]["adaptation"]
    assert done["adaptation"] in caplog.text
    assert done["scene_test"]["chosen"] == adapted
    compared = {plain, adapted} | ({"srino", *CLASSICAL} if method == "auto" else set())
    assert names(done) == compared
    assert {(name, time) for name, time in fake.made if name in registry.PLAIN} == {(adapted, 7.0)}


@pytest.mark.parametrize("method", ["auto", "ksdiff", "srino"])
def test_what_does_not_lower_the_error_is_left(
    ask: Any, fake: Methods, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    fake.adapted_dn = 20.0
    done = ask(method=method)
    plain = "ksdiff" if method == "auto" else method
    assert (done["method"], done["adapted"]) == (plain, False)
    assert caplog.text.count("does not lower its error in the test (") == 1
    assert done["scene_test"]["winner"] == plain


@pytest.mark.parametrize(("dn", "winner"), [(4.9, "ksdiff"), (3.0, "srino")])
def test_another_network_must_be_clearly_better(
    ask: Any, fake: Methods, dn: float, winner: str
) -> None:
    fake.dn["srino"] = dn
    assert ask(method="auto", adapt=0.0)["method"] == winner


@pytest.mark.parametrize("absent", ["ksdiff", "srino"])
def test_a_network_without_a_model_changes_nothing_else(
    ask: Any, fake: Methods, absent: str, caplog: pytest.LogCaptureFixture
) -> None:
    fake.absent = {absent}
    done = ask(method="auto", adapt=0.0)
    other = "srino" if absent == "ksdiff" else "ksdiff"
    assert names(done) == {other, *CLASSICAL}
    assert done["scene_test"]["left_out"] == {absent: f"There is no model {absent}-scene."}
    assert f"{absent} was left out: There is no model {absent}-scene." in caplog.text
    assert ask(method=other, adapt=0.0)["method"] == other


def test_a_named_model_is_compared_as_its_own_method_alone(ask: Any, small_model: Path) -> None:
    done = ask(method="auto", adapt=0.0, model=str(small_model))
    assert names(done) == {"ksdiff", *CLASSICAL}
    assert not done["scene_test"]["left_out"]


def test_the_comparison_is_with_the_classical_methods_where_it_was_asked_for(
    ask: Any, tmp_path: Path
) -> None:
    report = tmp_path / "r.html"
    done = ask(method="ksdiff", scene_test=True, report=str(report))
    assert names(done) == {"ksdiff", "ksdiff-adapted", "srino", *CLASSICAL}
    assert done["adaptation"].split(" (")[0] in report.read_text(encoding="utf-8")


def test_no_time_is_no_adaptation(ask: Any, fake: Methods) -> None:
    done = ask(method="ksdiff", adapt=0.0)
    assert (done["method"], done["adapted"], done["adaptation"]) == ("ksdiff", False, None)
    assert done["scene_test"] is None
    assert not registry.PLAIN.keys() & names(ask(method="auto", adapt=0.0))
    assert not registry.PLAIN.keys() & {name for name, _ in fake.made}


@pytest.mark.parametrize("method", ["classical", "gsa"])
def test_what_is_classical_is_not_adapted(ask: Any, fake: Methods, method: str) -> None:
    """Though the networks are compared with it, and may be better."""
    done = ask(method=method, scene_test=True)
    assert (done["adapted"], done["adaptation"]) == (False, None)
    assert not registry.PLAIN.keys() & {name for name, _ in fake.made}
    assert names(done) == {"ksdiff", "srino", *CLASSICAL}
    assert done["scene_test"]["winner"] == "ksdiff"
    assert done["scene_test"]["chosen"] == "gsa"


@pytest.mark.parametrize("method", ["auto", "ksdiff"])
def test_without_torch_the_network_is_used_as_it_is(
    ask: Any, fake: Methods, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    fake.lacking = ModelError("other", message=TORCH, remedy="Install it.")
    done = ask(method=method)
    assert (done["method"], done["adapted"]) == ("ksdiff", False)
    assert done["adaptation"] == f"The network is not adapted to the scene: {TORCH}"
    assert caplog.text.count(TORCH) == 1
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert (done["scene_test"] is None) == (method == "ksdiff")


def test_a_scene_too_small_for_the_test_is_not_adapted_to(
    ask: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    done = ask(pair=write_pair(tmp_path / "small", size=24), method="ksdiff")
    assert (done["method"], done["adapted"], done["scene_test"]) == ("ksdiff", False, None)
    assert "whether that helps cannot be tested" in done["adaptation"]
    assert done["adaptation"] in caplog.text


@pytest.mark.parametrize("kind", [InputError, ModelError])
def test_a_scene_too_small_to_adapt_to_in_the_test_is_not_adapted_to(
    ask: Any, fake: Methods, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    error = kind("other", message="Too small to be reduced twice.", remedy="")
    fake.error, fake.fails_at = error, 1
    done = ask(method="auto")
    assert (done["method"], done["adapted"]) == ("ksdiff", False)
    assert done["adaptation"].endswith(": Too small to be reduced twice.")
    assert caplog.text.count("reduced twice") == 1
    assert names(done) == {"ksdiff", "srino", *CLASSICAL}


def test_who_cannot_adapt_to_the_scene_after_all_sharpens_without(
    ask: Any, fake: Methods, caplog: pytest.LogCaptureFixture
) -> None:
    fake.error = ModelError("other", message="The loss is no number.", remedy="")
    done = ask(method="ksdiff")
    assert (done["method"], done["adapted"]) == ("ksdiff", False)
    assert "ksdiff-adapted was left out: The loss is no number." in caplog.text
    assert done["adaptation"].endswith("Yet it could not be adapted; see the log.")


@pytest.mark.parametrize("plain", ["ksdiff", "srino"])
def test_adapted_by_name_is_adapted_come_what_may(ask: Any, fake: Methods, plain: str) -> None:
    fake.adapted_dn = 20.0
    adapted = f"{plain}-adapted"
    done = ask(method=adapted)
    assert (done["method"], done["adapted"], done["scene_test"]) == (adapted, True, None)
    assert "was not tested" in done["adaptation"]
    done = ask(method=adapted, scene_test=True)
    assert done["adapted"]
    assert names(done) == {adapted, "ksdiff", "srino", *CLASSICAL}
    assert "does not lower its error" in done["adaptation"]
    fake.lacking = ModelError("other", message=TORCH, remedy="")
    with raises_code("other", message=TORCH):
        ask(method=adapted)


def test_the_file_is_the_adapted_ones(ask: Any, fake: Methods, tmp_path: Path) -> None:
    fake.adapted_dn = 3.0
    ask(method="ksdiff")
    with rasterio.open(tmp_path / "o.tif") as made:
        rows = made.read(1).astype(int)
    steps = rows[1::2, :].mean() - rows[0::2, :].mean()
    assert steps == pytest.approx(2 * 3.0, abs=1.5)
