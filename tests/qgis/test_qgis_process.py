# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin in QGIS' own command line program, as a process of its own."""

from __future__ import annotations

import os
import subprocess

import pytest
from qgis_helpers import bare_environment, qgis_process

PATIENCE_S = 900  # two slow cores are enough


@pytest.fixture(scope="module")
def environment(tmp_path_factory, plugins_folder):
    """Variables for a QGIS with a fresh profile that knows only our plugin."""
    if qgis_process() is None:
        pytest.skip("qgis_process is not installed")
    return bare_environment(tmp_path_factory.mktemp("home"), plugins_folder)


@pytest.fixture(scope="module")
def call(environment):
    """Run qgis_process with arguments; the plugin is enabled."""

    def run(*arguments, **variables):
        return subprocess.run(
            [qgis_process(), *arguments],
            env={**environment, **variables},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )

    enabled = run("plugins", "enable", "ksdiff_qgis")
    assert enabled.returncode == 0, enabled.stdout + enabled.stderr
    return run


def test_help_shows_the_parameters(call):
    shown = call("help", "ksdiff:ksdiff")
    assert shown.returncode == 0, shown.stderr
    for word in ("PAN", "MS_BANDS", "MODEL", "OUTPUT", "KSDiff pansharpening"):
        assert word in shown.stdout


def test_run_writes_the_raster(call, use_worker, pair, tmp_path):
    use_worker("gdal_worker")
    output = tmp_path / "result.tif"
    done = call(
        "run",
        "ksdiff:ksdiff",
        f"--PAN={pair[0]}",
        f"--MS={pair[1]}",
        "--DEVICE=cpu",
        f"--OUTPUT={output}",
        KSDIFF_PYTHON=os.environ["KSDIFF_PYTHON"],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert output.is_file()
    assert "MODEL_USED:\tgdal-nearest" in done.stdout
    assert "RATIO:\t4" in done.stdout


def test_error_ends_with_the_remedy_and_a_code(call, use_worker, pair, tmp_path):
    use_worker("failing")
    done = call(
        "run",
        "ksdiff:ksdiff",
        f"--PAN={pair[0]}",
        f"--MS={pair[1]}",
        f"--OUTPUT={tmp_path / 'result.tif'}",
        KSDIFF_PYTHON=os.environ["KSDIFF_PYTHON"],
    )
    assert done.returncode != 0
    assert "Take others." in done.stdout + done.stderr
