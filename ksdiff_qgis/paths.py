# SPDX-License-Identifier: GPL-2.0-or-later
"""Paths of the plugin's files, for a checkout and for the installed folder.

Installed, `core/` and `resources/` are inside the plugin's folder; in a checkout they are its
siblings. Symbolic links are resolved, so that a linked development plugin finds its checkout.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE if (HERE / "core").is_dir() else HERE.parent
RESOURCES = ROOT / "resources"
ERRORS = RESOURCES / "errors.json"
SENTENCES = RESOURCES / "worker_sentences.json"
WORKER = ROOT / "core" / "worker" / "main.py"
TRAINER = ROOT / "training" / "worker.py"
DOCS = ROOT / "docs"
WORKFLOWS = RESOURCES / "workflows"

HOME_VARIABLE = "KSDIFF_QGIS_HOME"


def home() -> Path:
    """Return the folder for environments, models and logs.

    It is outside the profile and the plugin's folder, which QGIS replaces at each update.
    """
    named = os.environ.get(HOME_VARIABLE, "").strip()
    if named:
        return Path(named).expanduser().absolute()
    local = os.environ.get("LOCALAPPDATA", "") if os.name == "nt" else ""
    return Path(local) / "ksdiff_qgis" if local else Path.home() / ".ksdiff_qgis"


def runs(folder: Path) -> Path:
    """Return the file with the times of the last runs, in the home folder."""
    return folder / "runs.json"


def icon(name: str) -> str:
    """Return the path of an icon."""
    return str(RESOURCES / "icons" / (name + ".svg"))


def help_text(name: str, language: str) -> str:
    """Return the help of an algorithm, in English if not in `language`; empty if unreadable."""
    for folder in (RESOURCES / "help" / language, RESOURCES / "help"):
        try:
            return (folder / (name + ".txt")).read_text(encoding="utf-8").strip()
        except OSError:
            continue
    return ""


def protocol_version() -> int:
    """Return the version of the protocol, shared with the worker as data."""
    return int(_data("protocol")["protocol"])


def packages() -> list[str]:
    """Return the packages that the worker needs, shared with the worker as data."""
    return list(_data("runtime")["packages"])


def torch_cpu_page() -> str:
    """Return the address of PyTorch's page of builds for the CPU."""
    return str(_data("runtime")["torch_cpu"])


def products() -> dict[str, Any]:
    """Return the layouts of delivered products, shared with the worker as data."""
    return _data("products")


def sensor_names() -> list[str]:
    """Return the names of the shipped sensor cards, sorted."""
    return sorted(path.stem for path in (RESOURCES / "sensors").glob("*.json"))


def pairing_rule() -> dict[str, Any]:
    """Return the rule by which PAN and MS are matched, shared with the worker as data."""
    return _data("pairing")


def sizes_mb() -> dict[str, dict[str, tuple[int, int]]]:
    """Return MB of download and on the disk, by size and platform of the environment."""
    return dict(_data("runtime")["sizes_mb"])


def _data(name: str) -> dict[str, Any]:
    """Return the data of a file in `resources/`."""
    found: dict[str, Any] = json.loads((RESOURCES / f"{name}.json").read_text(encoding="utf-8"))
    return found
