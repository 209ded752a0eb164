# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker's Python: which interpreter, and the environment variables it may see."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import paths
from .errors import RunError

VARIABLE = "KSDIFF_PYTHON"

HOW_TO_GET = (
    "KSDiff computes in a Python environment of its own (Python 3.10 or newer). In a checkout of "
    "the project, run `make env`. Otherwise make one, with `python3 -m venv ksdiff` and "
    "`ksdiff/bin/pip install " + " ".join(paths.packages()) + "`, and name its interpreter in "
    "Settings > Options > Processing > Providers > KSDiff, or in the environment variable "
    + VARIABLE
    + "."
)

# QGIS' own Python, GDAL, PROJ and Qt must not leak into another interpreter: PYTHONHOME stops
# it from starting, PYTHONEXECUTABLE makes a virtual environment forget its packages, and a
# foreign PROJ or GDAL data folder breaks rasterio.
_REMOVED = (
    "PYTHON",
    "VIRTUAL_ENV",
    "CONDA_",
    "PIP_",
    "UV_",
    "PROJ_",
    "GDAL_",
    "GEOTIFF_CSV",
    "QGIS_",
    "QT_",
    "GISBASE",
    "OSGEO4W_",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "DYLD_",
)
_CERTIFICATES = ("SSL_CERT_", "REQUESTS_CA_BUNDLE")
# A QGIS installed here shares its prefix with the whole system: nothing there is QGIS' own.
_SYSTEM_PREFIXES = ("", "/", "/usr", "/usr/local")


@dataclass(frozen=True)
class Interpreter:
    """A Python interpreter and where its path came from."""

    path: str
    origin: str


def find(setting: str | None, root: Path, environ: Mapping[str, str]) -> Interpreter:
    """Find the worker's interpreter.

    The environment variable wins over the plugin's setting, the setting over the project's own
    environment. A path that was named and does not exist is an error: to take the next one
    silently would run something else than the user asked for.

    Parameters
    ----------
    setting : the plugin's setting; None or empty when unset.
    root : folder that may hold the project's own environment `.venv`.
    environ : environment variables of this process.
    """
    named = (
        (environ.get(VARIABLE), "the environment variable " + VARIABLE),
        (setting, "the setting in Options > Processing > Providers > KSDiff"),
    )
    for path, origin in named:
        if path and path.strip():
            return _checked(path.strip(), origin)
    scripts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    own = root.joinpath(".venv", *scripts)
    if own.is_file():
        return Interpreter(str(own), "the project's own environment")
    raise RunError("No Python environment for KSDiff was found.", HOW_TO_GET, "NoRuntime")


def _checked(path: str, origin: str) -> Interpreter:
    # Never resolve symbolic links here: an interpreter of a virtual environment is a link, and
    # what it points to does not see the environment's packages.
    full = Path(path).expanduser()
    if not full.is_file():
        raise RunError(
            f"{origin[0].upper()}{origin[1:]} names a Python that does not exist: {path}",
            HOW_TO_GET,
            "NoRuntime",
        )
    return Interpreter(str(full), origin)


def command(interpreter: str, worker: Path) -> list[str]:
    """Command line of the worker.

    `-I` ignores every PYTHON* variable and the current folder, so UTF-8 pipes must be asked
    for by `-X utf8`; `-u` lets each event through at once.
    """
    return [interpreter, "-I", "-u", "-X", "utf8", str(worker)]


def clean(environ: Mapping[str, str], prefixes: Iterable[str] | None = None) -> dict[str, str]:
    """Environment variables for the worker: this process' without what belongs to QGIS.

    Parameters
    ----------
    environ : environment variables of this process.
    prefixes : folders of the QGIS installation; guessed when None.
    """
    if prefixes is None:
        prefixes = (
            sys.prefix,
            environ.get("OSGEO4W_ROOT", ""),
            environ.get("QGIS_PREFIX_PATH", ""),
        )
    own = [os.path.normcase(p) for p in prefixes if p.rstrip("/\\") not in _SYSTEM_PREFIXES]
    kept = {}
    for name, value in environ.items():
        upper = name.upper()
        if upper.startswith(_REMOVED):
            continue
        if upper.startswith(_CERTIFICATES) and _is_under(value, own):
            continue
        if upper == "PATH" and os.name == "nt":
            folders = value.split(os.pathsep)
            value = os.pathsep.join(f for f in folders if not _is_under(f, own))
        kept[name] = value
    # The device numbers then mean the same as in the tools that list them.
    kept["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
    return kept


def _is_under(path: str, prefixes: Iterable[str]) -> bool:
    folder = os.path.normcase(path)
    return any(folder == p or folder.startswith(p.rstrip("/\\") + os.sep) for p in prefixes if p)
