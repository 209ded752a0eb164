# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker's Python: which interpreter, and the environment variables it may see."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import paths
from ..language import tr
from . import envs
from .errors import RunError

VARIABLE = "KSDIFF_PYTHON"

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


def find(
    setting: str | None, root: Path, environ: Mapping[str, str], home: Path | None = None
) -> Interpreter:
    """Find the worker's interpreter.

    The environment variable wins over the plugin's setting, the setting over the environment that
    the plugin made, that over the one of a checkout. A path that was named and does not exist is
    an error: to take the next one silently would run something else than the user asked for.

    Parameters
    ----------
    setting : the plugin's setting; None or empty when unset.
    root : folder that may hold the project's own environment `.venv`.
    environ : environment variables of this process.
    home : the plugin's folder for environments; None is `paths.home()`.

    Raises
    ------
    RunError : there is none; it tells how to get one.
    """
    for path, origin in ((environ.get(VARIABLE), _variable()), (setting, _setting())):
        if path and path.strip():
            return _checked(path.strip(), origin)
    home = home or paths.home()
    made = envs.usable(home)
    if made is not None:
        return Interpreter(str(made.python), tr("the environment made by the plugin"))
    own = envs.python_of(root / ".venv")
    if own.is_file():
        return Interpreter(str(own), tr("the project's own environment"))
    for each in (each for each in envs.all_of(home) if each.facts):
        text = tr("The Python environment of KSDiff was made by another version of the plugin.")
        if each.current:
            text = tr("The Python that KSDiff's environment was made from has gone or changed.")
        raise RunError(text, to_repair(each.size), "NoRuntime")
    text = tr("No Python environment for KSDiff was found.")
    raise RunError(text, how_to_get(), "NoRuntime")


def _checked(path: str, origin: str) -> Interpreter:
    # Never resolve symbolic links here: an interpreter of a virtual environment is a link, and
    # what it points to does not see the environment's packages.
    full = Path(path).expanduser().absolute()
    if full.is_file():
        return Interpreter(str(full), origin)
    text = tr("{} names a Python that does not exist: {}")
    if full.is_dir():
        text = tr("{} names a folder, which is no Python: {}")
    said = text.format(origin[0].upper() + origin[1:], path)
    raise RunError(said, _to_correct(origin), "NoRuntime")


def _variable() -> str:
    return tr("the environment variable {}").format(VARIABLE)


def _setting() -> str:
    return tr("the setting in Options > Processing > Providers > KSDiff")


# --- what to do ---


def to_install(size: str = "") -> str:
    """How to have the plugin's environment made."""
    return _to_run("install", size)


def to_repair(size: str = "") -> str:
    """How to have the plugin's environment made anew."""
    return _to_run("repair", size)


def _to_run(action: str, size: str) -> str:
    words = f"--ACTION={action}" + (f" --SIZE={size}" if size else "")
    return tr(
        "Open the plugin's Runtime dialog (menu Raster > KSDiff > Runtime) or run "
        "`qgis_process run ksdiff:runtime {}`."
    ).format(words)


def how_to_get() -> str:
    """Every way to an environment, the easiest first."""
    return tr(
        "KSDiff computes in a Python environment of its own. {} Or make one yourself (Python 3.10 "
        "or newer), with `python3 -m venv ksdiff` and `ksdiff/bin/pip install {}`, and name its "
        "interpreter in Settings > Options > Processing > Providers > KSDiff, or in the "
        "environment variable {}. In a checkout of the project, `make env` makes one."
    ).format(to_install(), " ".join(paths.packages()), VARIABLE)


def to_mend(python: str, environ: Mapping[str, str] = os.environ) -> str:
    """What to do about an interpreter that was found and does not work.

    An environment of the plugin's is made anew; what the user named is the user's to correct.
    """
    folder = Path(python).parent.parent
    for each in envs.all_of(folder.parent.parent):
        if each.folder == folder:
            return to_repair(each.size)
    if folder == paths.ROOT / ".venv":
        return tr("Have it made anew: `make env`.")
    return _to_correct(_variable() if environ.get(VARIABLE, "").strip() else _setting())


def _to_correct(origin: str) -> str:
    said = tr("Correct or clear {}; then the plugin's own environment is used.").format(origin)
    if envs.usable(paths.home()) is None:
        said += " " + tr("It has to be made first. {}").format(to_install())
    return said


def command(interpreter: str, worker: Path) -> list[str]:
    """Command line of the worker.

    `-I` ignores every PYTHON* variable and the current folder, so UTF-8 pipes must be asked
    for by `-X utf8`; `-u` lets each event through at once.
    """
    return [interpreter, "-I", "-u", "-X", "utf8", str(worker)]


def clean(
    environ: Mapping[str, str],
    prefixes: Iterable[str] | None = None,
    keep: tuple[str, ...] = (),
) -> dict[str, str]:
    """Environment variables for the worker: this process' without what belongs to QGIS.

    Parameters
    ----------
    environ : environment variables of this process.
    prefixes : folders of the QGIS installation; guessed when None.
    keep : beginnings of names that are kept all the same.
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
        if upper.startswith(_REMOVED) and not (keep and upper.startswith(keep)):
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
