# SPDX-License-Identifier: GPL-2.0-or-later
"""Which method sharpens a scene, and when its network is fine-tuned to it."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fakes import Watched, Worse, perform, quiet, use, write_pair
from logged import told
from raising import raises_code
from raster_files import read

from core.errors import InputError, ModelError, PansharpenError
from core.methods.interface import Settings
from core.methods.registry import CLASSICAL, FINE_TUNED, NETWORKS
from core.requests.scenes import Pansharpen

pytestmark = pytest.mark.numerical

TORCH = "Adapting to the scene needs torch."


def refused(message: str, kind: type[PansharpenError] = ModelError) -> PansharpenError:
    """An error with this message."""
    return kind("other", message=message, remedy="")


class Network(Worse):
    """Stands for a network, fine-tuned or not, which may fail to be fine-tuned."""

    def __init__(self, name: str, dn: float, error: Exception | None) -> None:
        super().__init__(dn)
        self.name, self.error, self.prepared = name, error, 0

    def prepare(self, scene: Any, progress: Any) -> str:
        if self.error:
            raise self.error
        self.prepared += 1
        progress(0.5, "Learning")
        return "known"


class Methods:
    """KSDiff is wrong by 5 DN, SRINO by 7, the fine-tuned ones by more or less."""

    def __init__(self) -> None:
        self.dn = {"ksdiff": 5.0, "srino": 7.0}
        self.fine_tuned_dn = 1.0
        self.absent: set[str] = set()
        self.lacking: Exception | None = None
        self.error: Exception | None = None
        self.made: list[tuple[str, float]] = []
        self.tuned: list[Network] = []

    def make(self, name: str, settings: Settings) -> Any:
        self.made.append((name, settings.fine_tuning_seconds))
        if name in self.absent:
            raise refused(f"There is no model {name}-scene.")
        if name in self.dn:
            return Network(name, self.dn[name], None)
        if name in FINE_TUNED:
            if self.lacking:
                raise self.lacking
            self.tuned.append(Network(name, self.fine_tuned_dn, self.error))
            return self.tuned[-1]
        # The classical methods are worse, but for one that is as good as KSDiff.
        return Worse(6.0 if name == "gsa" else 90.0)

    @property
    def fine_tuned(self) -> set[tuple[str, float]]:
        """Fine-tuned methods that were made, and with how much time."""
        return {(name, seconds) for name, seconds in self.made if name in FINE_TUNED}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Methods:
    methods = Methods()
    names = (*NETWORKS, *FINE_TUNED, *CLASSICAL)
    use(monkeypatch, {name: partial(methods.make, name) for name in names})
    return methods


@pytest.fixture
def ask(tmp_path: Path, fake: Methods, caplog: pytest.LogCaptureFixture) -> Any:
    pair = write_pair(tmp_path, size=192)

    def run(pair: tuple[Path, Path] = pair, **more: Any) -> dict[str, Any]:
        out = str(tmp_path / "o.tif")
        asked = Pansharpen(pan=str(pair[0]), ms=str(pair[1]), out=out, **{"adapt": 60.0, **more})
        with caplog.at_level(logging.INFO, "core"):
            return perform(asked, quiet if fake.error else Watched())

    return run


def names(done: dict[str, Any]) -> set[str]:
    return {row["method"] for row in done["scene_test"]["rows"]}


@pytest.mark.parametrize("method", ["auto", "ksdiff", "srino"])
@pytest.mark.parametrize("helps", [True, False])
def test_fine_tuning_that_lowers_the_error_in_the_test_is_done_on_the_scene(
    ask: Any, fake: Methods, method: str, helps: bool, caplog: pytest.LogCaptureFixture
) -> None:
    plain = "ksdiff" if method == "auto" else method
    fake.fine_tuned_dn = 0.95 * fake.dn[plain] if helps else 20.0
    done = ask(method=method, adapt=7.0)
    fine_tuned = f"{plain}-adapted"
    used = fine_tuned if helps else plain
    assert (done["method"], done["adapted"]) == (used, helps)
    assert done["scene_test"]["chosen"] == done["scene_test"]["winner"] == used
    assert done["adaptation"] == done["scene_test"]["adaptation"]
    assert done["adaptation"] in caplog.messages
    others = {"srino", *CLASSICAL} if method == "auto" else set()
    assert names(done) == {plain, fine_tuned} | others
    assert fake.fine_tuned == {(fine_tuned, 7.0)}
    assert sum(network.prepared for network in fake.tuned) == 1


@pytest.mark.parametrize("method", ["auto", "ksdiff"])
def test_a_network_that_gains_too_much_in_the_test_is_used_as_it_was_trained(
    ask: Any, fake: Methods, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    fake.fine_tuned_dn = 0.1
    done = ask(method=method, adapt=7.0)
    assert (done["method"], done["adapted"]) == ("ksdiff", False)
    assert "used as it was trained" in done["adaptation"]
    assert done["adaptation"] in caplog.text


@pytest.mark.parametrize(("absent", "other"), [("ksdiff", "srino"), ("srino", "ksdiff")])
def test_a_network_without_a_model_leaves_the_others(
    ask: Any, fake: Methods, absent: str, other: str, caplog: pytest.LogCaptureFixture
) -> None:
    fake.absent = {absent}
    done = ask(method="auto", adapt=0.0)
    assert names(done) == {other, *CLASSICAL}
    assert done["scene_test"]["left_out"] == {absent: f"There is no model {absent}-scene."}
    assert (absent, f"There is no model {absent}-scene.") in told(caplog)
    assert ask(method=other, adapt=0.0)["method"] == other


def test_a_named_model_is_compared_as_its_own_method_alone(ask: Any, small_model: Path) -> None:
    done = ask(method="auto", adapt=0.0, model=str(small_model))
    assert names(done) == {"ksdiff", *CLASSICAL}
    assert not done["scene_test"]["left_out"]


def test_a_test_on_demand_compares_all_methods(ask: Any, tmp_path: Path) -> None:
    report = tmp_path / "r.html"
    done = ask(method="ksdiff", scene_test=True, report=str(report))
    assert names(done) == {"ksdiff", "ksdiff-adapted", "srino", *CLASSICAL}
    assert done["adaptation"].split(" (")[0] in report.read_text(encoding="utf-8")


def test_no_time_is_no_fine_tuning(ask: Any, fake: Methods) -> None:
    done = ask(method="ksdiff", adapt=0.0)
    assert (done["method"], done["adapted"], done["adaptation"]) == ("ksdiff", False, None)
    assert done["scene_test"] is None
    assert not {*FINE_TUNED} & names(ask(method="auto", adapt=0.0))
    assert not fake.fine_tuned


@pytest.mark.parametrize("method", ["classical", "gsa"])
def test_classical_methods_are_not_fine_tuned(ask: Any, fake: Methods, method: str) -> None:
    """Though networks are compared with them, and may be better."""
    done = ask(method=method, scene_test=True)
    assert (done["adapted"], done["adaptation"]) == (False, None)
    assert not fake.fine_tuned
    assert names(done) == {"ksdiff", "srino", *CLASSICAL}
    assert done["scene_test"]["winner"] == "ksdiff"
    assert done["scene_test"]["chosen"] == "gsa"


@pytest.mark.parametrize("method", ["auto", "ksdiff"])
def test_without_torch_the_network_is_used_as_it_is(
    ask: Any, fake: Methods, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    fake.lacking = refused(TORCH)
    done = ask(method=method)
    assert (done["method"], done["adapted"]) == ("ksdiff", False)
    assert TORCH in done["adaptation"]
    assert (done["adaptation"], "") in told(caplog, level=logging.INFO)
    assert not told(caplog)
    assert (done["scene_test"] is None) == (method == "ksdiff")


def test_without_a_test_nothing_is_fine_tuned(
    ask: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """On a scene too small for it."""
    done = ask(pair=write_pair(tmp_path / "small", size=24), method="ksdiff")
    assert (done["method"], done["adapted"], done["scene_test"]) == ("ksdiff", False, None)
    assert done["adaptation"] in caplog.messages


@pytest.mark.parametrize("kind", [InputError, ModelError])
def test_fine_tuning_that_fails_in_the_test_is_left_out(ask: Any, fake: Methods, kind: Any) -> None:
    fake.error = refused("Too small to be reduced twice.", kind)
    done = ask(method="auto")
    assert (done["method"], done["adapted"]) == ("ksdiff", False)
    assert "Too small to be reduced twice." in done["adaptation"]
    assert names(done) == {"ksdiff", "srino", *CLASSICAL}


@pytest.mark.parametrize("plain", ["ksdiff", "srino"])
def test_fine_tuning_by_name_is_done_in_any_case(ask: Any, fake: Methods, plain: str) -> None:
    fake.fine_tuned_dn = 20.0
    fine_tuned = f"{plain}-adapted"
    done = ask(method=fine_tuned)
    assert (done["method"], done["adapted"], done["scene_test"]) == (fine_tuned, True, None)
    assert done["adaptation"]
    done = ask(method=fine_tuned, scene_test=True)
    assert done["adapted"]
    assert names(done) == {fine_tuned, "ksdiff", "srino", *CLASSICAL}
    assert done["adaptation"] == done["scene_test"]["adaptation"]
    fake.lacking = refused(TORCH)
    with raises_code("other", message=TORCH):
        ask(method=fine_tuned)


def test_the_file_is_that_of_the_fine_tuned_method(ask: Any, fake: Methods, tmp_path: Path) -> None:
    fake.fine_tuned_dn = 4.5
    ask(method="ksdiff")
    rows = read(tmp_path / "o.tif")[0].astype(int)
    steps = rows[1::2, :].mean() - rows[0::2, :].mean()
    assert steps == pytest.approx(2 * 4.5, abs=0.5)
