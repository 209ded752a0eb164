# SPDX-License-Identifier: GPL-2.0-or-later
"""Methods compared on the scene itself: what is compared, who wins, what is said of it."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from fakes import Holey, Watched, Worse, perform, quiet, use, write_pair
from logged import told
from raising import raises_code
from raster_files import edited, read
from scenes import write

from core.commands import pansharpen
from core.errors import Cancelled, ModelError, OutputError
from core.fusion import reduced_test
from core.fusion.comparison import Comparison, MethodScores, lines, ranked
from core.fusion.selection_rule import SelectionRule, error
from core.methods import registry, scene_fit
from core.methods.interface import Settings
from core.methods.registry import CLASSICAL, METHODS
from core.pair.reduced import AnyScene
from core.pair.reduced_files import files_in, write_reduced
from core.pair.scene import Scene
from core.pair.valid_windows import COUNT, SIZE, comparison_windows
from core.progress import Progress
from core.quality import with_reference
from core.requests.scenes import Pansharpen
from core.sensors import sensor

pytestmark = pytest.mark.numerical

GAINS = (0.3,) * 4

RULE = SelectionRule()


@pytest.fixture(autouse=True)
def worse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Methods worse-5, ... are wrong by so many DN."""
    use(monkeypatch, {f"worse-{dn}": lambda _, dn=dn: Worse(dn) for dn in (5, 20, 30, 40)})


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """192 PAN px of ratio 4."""
    with Scene.open(*write_pair(tmp_path)) as opened:
        yield opened


def run(scene: Scene, *names: str, progress: Progress = quiet, bands: int = 4) -> Comparison:
    return reduced_test.run(scene, names, Settings(scene.ratio, (0.3,) * bands), progress)


def write_scene(folder: Path, height: int, width: int, empty: float = 0.0) -> tuple[Path, Path]:
    """Smooth bands of `height` x `width` MS pixels, PAN their mean; a share of MS has no data."""
    rows, cols = np.mgrid[0 : height * 2, 0 : width * 2]
    fine = 800 + 300 * np.sin(rows / 5) * np.cos(cols / 7) + 100 * np.sin(cols / 2.3)
    coarse = fine.reshape(height, 2, width, 2).mean(axis=(1, 3))
    ms = np.stack([coarse * k for k in (0.7, 1.0, 1.2, 1.4)])
    ms[:, :, : round(width * empty)] = 0
    paths = folder / "scene_pan.tif", folder / "scene_ms.tif"
    for path, values, pixel in zip(paths, (fine[None], ms), (1, 2), strict=True):
        write(path, values.astype(np.float32), Affine.scale(pixel, -pixel), nodata=0)
    return paths


def test_methods_are_ranked_by_error(scene: Scene) -> None:
    test = run(scene, "worse-40", "worse-5", "worse-20")
    assert [row.method for row in test.rows] == ["worse-5", "worse-20", "worse-40"]
    assert test.winner == "worse-5"
    errors = [error(row.scores) for row in test.rows]
    assert errors == sorted(errors)
    assert (test.pixels, test.windows, test.whole, test.ratio) == (48 * 48, 1, True, 4)


def test_scores_are_those_of_the_reduced_pair(tmp_path: Path) -> None:
    """On a scene taken whole: what the files of Wald's protocol, sharpened, would get."""
    pan, ms = write_pair(tmp_path, size=512)
    with Scene.open(pan, ms) as scene:
        settings = Settings(scene.ratio, (0.3,) * 4)
        test = reduced_test.run(scene, ["mtf-glp-fs"], settings, weights=(1.0, 0.0))
        (tmp_path / "reduced").mkdir()
        pair = write_reduced(scene, files_in(tmp_path / "reduced"), None, GAINS, "product")
    with Scene.open(pair.pan, pair.ms) as scene, rasterio.open(pair.gt) as gt:
        method = registry.create("mtf-glp-fs", Settings(4))
        context = method.prepare(scene, lambda fraction, text: None)
        fused = method.fuse(scene.read(scene.whole), context)
        wanted = with_reference.scores(gt.read(), fused, 4, 2047)
    for name in ("ERGAS", "SAM", "Q2n", "SCC"):
        assert test.rows[0].scores[name] == pytest.approx(wanted[name], rel=2e-4), name


def test_a_large_scene_is_tested_at_scattered_windows(tmp_path: Path) -> None:
    pan, ms = write_scene(tmp_path, 900, 1100)
    with Scene.open(pan, ms) as scene:
        test = run(scene, "exp", "brovey")
        again = run(scene, "exp", "brovey")
        other = comparison_windows(scene, 1)
        parts = comparison_windows(scene, 0)
        share = test.pixels / (scene.ms_grid.height * scene.ms_grid.width)
    assert (test.windows, test.whole) == (COUNT, False)
    assert test.pixels == COUNT * SIZE**2
    assert share < 0.7
    assert [r.scores for r in again.rows] == [r.scores for r in test.rows]
    assert parts != other
    assert {part.row < 450 for part in parts} == {part.col < 550 for part in parts} == {True, False}


def test_windows_are_drawn_where_ms_has_data(tmp_path: Path) -> None:
    pan, ms = write_scene(tmp_path, 1000, 1400, empty=0.6)
    with Scene.open(pan, ms) as scene:
        parts = comparison_windows(scene, 0)
        assert parts
        assert min(part.col for part in parts) >= 0.55 * 1400
        test = run(scene, "exp")
    assert test.pixels <= sum(part.height * part.width for part in parts)


def test_a_reflectance_scene_gets_the_scores_of_its_dn(tmp_path: Path) -> None:
    """Q2n rounds to whole numbers, which would leave nothing of values below one."""
    found = []
    for scale in (1.0, 1e-4):
        folder = tmp_path / str(scale)
        folder.mkdir()
        paths = write_scene(folder, 128, 128)
        for path in paths:
            edited(path, lambda values, scale=scale: values * np.float32(scale))
        with Scene.open(*paths) as scene:
            found.append(run(scene, "brovey", "exp").rows[0].scores)
    noise = {"ERGAS": 1e-4, "SAM": 1e-4, "Q2n": 1e-6, "SCC": 1e-6}  # SAM in degrees
    for name, unit in noise.items():
        assert found[1][name] == pytest.approx(found[0][name], rel=1e-2, abs=unit), name


def test_a_method_that_cannot_sharpen_the_scene_is_left_out(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Picky(Worse):
        def prepare(self, scene: Any, progress: Any) -> None:
            raise ModelError("other", message="3 bands.", remedy="")

    def absent(settings: Settings) -> Any:
        raise ModelError("other", message="There is no such model.", remedy="")

    use(monkeypatch, {"absent": absent, "gsa": lambda settings: Picky(1.0)})
    test = run(scene, "absent", "gsa", "brovey")
    assert test.left_out == {"absent": "There is no such model.", "gsa": "3 bands."}
    assert test.winner == "brovey"
    with raises_code("no-method-fits"):
        run(scene, "absent")


def test_scores_are_weighted_by_how_pan_may_look(scene: Scene) -> None:
    settings = Settings(scene.ratio, (0.3,) * 4)
    sharp, soft, between = (
        reduced_test.run(scene, ["gsa"], settings, weights=weights).rows[0].scores["ERGAS"]
        for weights in ((1.0, 0.0), (0.0, 1.0), (0.25, 0.75))
    )
    assert sharp != pytest.approx(soft, rel=1e-3)
    assert between == pytest.approx(0.25 * sharp + 0.75 * soft)


def test_a_scene_fit_is_judged_as_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the weights of the scene: at the lower resolution there are too few pixels for a fit."""
    pan, ms = write_pair(tmp_path, size=512)
    fits = []
    real = scene_fit.fit_scene
    monkeypatch.setattr(
        scene_fit, "fit_scene", lambda scene, *rest: fits.append(scene) or real(scene, *rest)
    )
    with Scene.open(pan, ms) as scene:
        run(scene, "scene-fit")
        assert set(fits) == {scene}


def test_scores_are_the_same_however_many_are_computed_at_a_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for count in (1, 3):
        monkeypatch.setattr(reduced_test, "cpu_runs", lambda count=count: count)
        rows = run(scene, "brovey", "gsa", "worse-5").rows
        found.append([(row.method, row.scores) for row in rows])
    assert found[0] == found[1]


def test_as_many_methods_are_tested_at_a_time_as_networks_run(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Met(Worse):
        """Goes on when another method is being tested too."""

        def prepare(self, scene: AnyScene, progress: Progress) -> Any:
            both.wait(timeout=60)
            return super().prepare(scene, progress)

    both = threading.Barrier(2)
    use(monkeypatch, dict.fromkeys(("ksdiff", "srino"), lambda settings: Met(5)))
    monkeypatch.setattr(reduced_test, "cpu_runs", lambda: 2)
    told: list[float] = []
    run(scene, "ksdiff", "srino", progress=lambda fraction, text: told.append(fraction))
    assert told == sorted(told)


def test_interpolation_never_wins(scene: Scene) -> None:
    test = run(scene, "worse-30", "exp")
    assert test.rows[0].method == "exp"
    assert test.winner == "worse-30"


def scored(**errors: float) -> Comparison:
    """A test in which methods had such errors; an underscore stands for a dash."""
    rows = [
        MethodScores(
            name.replace("_", "-"),
            {"ERGAS": e, "SAM": e, "Q2n": 1 - e, "SCC": 0.9, "reprojected": 1.0},
            1.0,
        )
        for name, e in errors.items()
    ]
    return Comparison(tuple(ranked(rows)), 10, 1, True, 4, 1.0, {})


@pytest.mark.parametrize(
    ("errors", "winner"),
    [
        ({"ksdiff": 1.01, "srino": 1.0, "gsa": 3.0}, "srino"),
        ({"srino": 0.99 * RULE.published, "gsa_bp": 1.0}, "srino"),
        ({"srino": 1.01 * RULE.published, "gsa_bp": 1.0}, "gsa-bp"),
        ({"srino": 0.99 * RULE.fitted, "scene_fit": 1.0}, "srino"),
        ({"srino": 1.01 * RULE.fitted, "scene_fit": 1.0}, "scene-fit"),
        ({"ksdiff": 1.0, "ksdiff_adapted": 0.95, "exp": 0.1}, "ksdiff-adapted"),
        ({"ksdiff": 1.0, "ksdiff_adapted": 1.2}, "ksdiff"),
        # Only a part of what fine-tuning gains in the test is expected on the scene.
        ({"ksdiff": 1.0, "ksdiff_adapted": 0.92, "srino": 0.95}, "srino"),
    ],
)
def test_the_method_with_the_least_expected_error_wins(
    errors: dict[str, float], winner: str
) -> None:
    assert scored(**errors).winner == winner


def test_a_result_that_does_not_give_back_its_ms_is_taken_last() -> None:
    test = scored(ksdiff=1.0, srino=1.1, exp=3.0)
    assert test.winner == "ksdiff"
    test.row("ksdiff").scores["reprojected"] = 2.0
    assert test.winner == "srino"
    test.row("srino").scores["reprojected"] = 3.0
    assert test.winner == "ksdiff"


@pytest.mark.parametrize(
    ("adapted", "used", "said"),
    [
        (0.95, True, f"is expected to lower its error by {100 * (1 - 0.95**RULE.kept):.1f} %"),
        (1.0, False, "is not expected to lower its error (in the test 1.0000, 1.0000 unadapted)."),
        (1.2, False, "is not expected to lower its error (in the test 1.2000, 1.0000 unadapted)."),
        (0.7, False, "so low an error (0.7000, 1.0000 unadapted) that it has learnt what holds"),
    ],
)
def test_what_fine_tuning_does_is_told(adapted: float, used: bool, said: str) -> None:
    test = scored(ksdiff=1.0, ksdiff_adapted=adapted, gsa=3.0, exp=3.0)
    assert (test.better_form("ksdiff") == "ksdiff-adapted") == used
    assert (test.winner == "ksdiff-adapted") == used
    assert test.adaptation is not None and said in test.adaptation
    scores, _, last = lines(test.facts())
    assert last == test.adaptation == test.facts()["adaptation"]
    assert len({len(line) for line in scores.splitlines()}) == 1
    assert scored(ksdiff=1.0, gsa=3.0).adaptation is None


def without_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """KSDiff's default model is missing."""
    monkeypatch.setitem(METHODS, "ksdiff", replace(METHODS["ksdiff"], model="absent"))


def ask(pair: tuple[Path, Path], out: Path, **more: Any) -> dict[str, Any]:
    """Sharpen; nothing is adapted unless asked for."""
    asked = Pansharpen(pan=str(pair[0]), ms=str(pair[1]), out=str(out), **{"adapt": 0, **more})
    return perform(asked)


def test_auto_takes_the_winner(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The file is the one that naming the winner makes, and the table tells why."""
    pair = write_pair(tmp_path, size=512)
    with caplog.at_level(logging.INFO, "core"):
        done = ask(pair, tmp_path / "auto.tif", method="classical")
    test = done["scene_test"]
    assert done["method"] == test["winner"] == test["chosen"] != "exp"
    assert {row["method"] for row in test["rows"]} == set(CLASSICAL)
    assert test["pixels"] == 128 * 128
    assert {*lines(test)} <= {*caplog.messages}
    json.dumps(test)
    ask(pair, tmp_path / "named.tif", method=test["winner"])
    np.testing.assert_array_equal(read(tmp_path / "auto.tif"), read(tmp_path / "named.tif"))


def test_a_named_method_is_used_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pair = write_pair(tmp_path, size=512)
    best = ask(pair, tmp_path / "o.tif", method="classical")["scene_test"]["winner"]
    other = next(name for name in CLASSICAL if name not in (best, "exp"))
    caplog.clear()
    done = ask(pair, tmp_path / "o.tif", method=other, scene_test=True)
    assert done["method"] == other
    titles = METHODS[done["scene_test"]["best"]].title, METHODS[other].title
    warned = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert any(all(title in text for title in titles) for text in warned)
    caplog.clear()
    assert ask(pair, tmp_path / "o.tif", method=other)["scene_test"] is None
    assert told(caplog) == []


def test_without_a_model_that_fits_the_classical_ones_are_left(
    tmp_path: Path, paper_model: Path, caplog: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    """The plugin's own model may not fit; one that was named must."""
    pair = write_pair(tmp_path, size=256, bands=3)
    four_bands = str(paper_model)
    for named, code in (("absent", "model-unknown"), (four_bands, "named-model-left-out")):
        with raises_code(code):
            ask(pair, tmp_path / "o.tif", method="auto", model=named)
    assert not (tmp_path / "o.tif").exists()
    without_model(monkeypatch)
    done = ask(pair, tmp_path / "o.tif", method="auto")
    assert done["method"] in CLASSICAL
    reason = done["scene_test"]["left_out"]["ksdiff"]
    assert ("ksdiff", reason) in told(caplog) and "absent" in reason


def test_too_small_a_scene_without_a_model_is_sharpened_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    pair = write_pair(tmp_path, size=24)
    without_model(monkeypatch)
    done = ask(pair, tmp_path / "o.tif", method="auto", report=str(tmp_path / "r.html"))
    assert (done["method"], done["scene_test"], done["report"]) == ("scene-fit", None, None)
    assert (str(tmp_path / "r.html"),) in told(caplog)
    with pytest.raises(ModelError):
        ask(pair, tmp_path / "o.tif", method="ksdiff")


def test_one_band_is_ranked_without_sam(tmp_path: Path) -> None:
    """It has no spectral angle: all methods had none, and were all as good."""
    with Scene.open(*write_pair(tmp_path, bands=1)) as scene:
        test = run(scene, "worse-40", "worse-5", "worse-20", bands=1)
    assert [row.method for row in test.rows] == ["worse-5", "worse-20", "worse-40"]
    assert all(np.isnan(row.scores["SAM"]) for row in test.rows)
    assert 0 < error(test.rows[0].scores) < error(test.rows[1].scores)


def test_a_window_of_zeros_does_not_spoil_the_others(tmp_path: Path) -> None:
    """Water, or a collar that no nodata value declares and the user keeps."""
    pan, ms = write_scene(tmp_path, 900, 1100, empty=0.45)
    for path in (pan, ms):
        edited(path, nodata=None)
    with Scene.open(pan, ms, undeclared_nodata="keep") as scene:
        parts = comparison_windows(scene, 0)
        assert any(part.col_end < 0.45 * 1100 for part in parts)
        test = run(scene, "exp", "brovey")
    for row in test.rows:
        assert all(np.isfinite(value) for value in row.scores.values()), row


def test_every_method_is_scored_on_the_same_pixels(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, {"holey": lambda settings: Holey()})
    alone = run(scene, "exp")

    test = run(scene, "holey", "exp")
    assert test.pixels == alone.pixels - 2
    assert len({row.scores["ERGAS"] for row in test.rows}) == 1


def test_the_progress_of_a_method_is_told_and_may_stop_it(scene: Scene) -> None:
    progress = Watched(0.6)
    with pytest.raises(Cancelled):
        run(scene, "exp", "gsa", progress=progress)
    assert len(progress.fractions) >= 3


def test_networks_take_most_of_the_progress(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, float] = {}
    names = ("srino", "ksdiff", "gsa")
    use(monkeypatch, dict.fromkeys(names, lambda settings: Worse(5)))
    monkeypatch.setattr(reduced_test, "cpu_runs", lambda: 1)
    run(scene, *names, progress=lambda fraction, text: told.setdefault(text, fraction))
    begin = [told[f"Testing {name} on the scene"] for name in names]
    assert begin[0] < 0.5 < begin[1] < 0.8 < begin[2] < 1


def test_the_image_stays_when_the_report_cannot_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    def full(facts: Any, path: Path) -> None:
        raise OutputError("other", message="The disk is full.", remedy="")

    monkeypatch.setattr(pansharpen, "write_test_report", full)
    pair, report = write_pair(tmp_path), tmp_path / "r.html"
    done = ask(pair, tmp_path / "o.tif", method="classical", report=str(report))
    assert done["report"] is None
    assert (tmp_path / "o.tif").is_file()
    assert ("The disk is full.",) in told(caplog)


def test_a_report_must_not_hit_the_inputs(tmp_path: Path) -> None:
    pair = write_pair(tmp_path)
    with raises_code("output-suffix"):
        ask(pair, tmp_path / "o.tif", method="exp", scene_test=True, report=str(pair[0]))
    assert not (tmp_path / "o.tif").exists()


def test_a_network_wins_on_a_real_scene(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "val" / "quickbird"
    gains = sensor("quickbird").gains(("blue", "green", "red", "nir"))
    paths = folder / "qb_20_pan.tif", folder / "qb_20_gt.tif"
    with Scene.open(*paths, same_grid=True) as tile:
        pair = write_reduced(tile, files_in(tmp_path), 4, gains)
    with Scene.open(pair.pan, pair.ms) as scene:
        settings = Settings(scene.ratio, gains)
        test = reduced_test.run(scene, ("ksdiff", "srino", *CLASSICAL), settings)
    assert test.winner == "srino"
