# SPDX-License-Identifier: GPL-2.0-or-later
"""Plan an installation: size, base Python, pip or uv, wheels, proxy; nothing is written."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from .. import paths
from ..language import tr
from . import environments, sizes
from .diagnosis import offline_command
from .errors import Kind, RunError
from .interpreter import BasePython, find_base
from .processes import clean_environment

GPU_OLDEST = (3, 11)  # onnxruntime-gpu for older Pythons needs another CUDA than PyTorch
# Longest path in an environment: 19 characters of folders, 167 of a licence file in torch.
LONGEST_PATH = 190
_MAX_WINDOWS_PATH = 259

# Settings of pip and uv that would install elsewhere or otherwise.
_IGNORED_SETTINGS = (
    *("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "PIP_DRY_RUN", "PIP_PYTHON"),
    *("PIP_REQUIREMENT", "PIP_NO_DEPS", "PIP_REPORT", "PIP_QUIET", "PIP_DEST", "PIP_EDITABLE"),
    *("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_PREFIX", "UV_PROJECT_ENVIRONMENT"),
)
_INDEX_SETTINGS = re.compile(r"PIP_(?:INDEX|EXTRA_INDEX|FIND_LINKS|NO_INDEX|CERT|PROXY|CONFIG)")


@dataclass(frozen=True)
class Plan:
    """What an installation would do.

    Parameters
    ----------
    size : what is installed.
    base : the Python that the environment is created from.
    home : the plugin's folder.
    free_mb : free space on its disk.
    wheels : folder of wheels to install from, offline; None to download.
    proxy : environment variables of the proxy; empty to use the system's.
    uv : path of uv if it installs; empty if venv and pip do.
    """

    size: sizes.Size
    base: BasePython
    home: Path
    free_mb: int
    wheels: Path | None = None
    proxy: Mapping[str, str] = field(default_factory=dict)
    uv: str = ""

    @property
    def summary(self) -> str:
        """Source and size of the download, and the folder of the installation, as a sentence."""
        source = tr("from the package index")
        if self.wheels is not None:
            source = tr("from the folder {}").format(self.wheels)
        text = tr("About {} {}, {} on the disk ({} are free), into {}, with Python {} ({}).")
        text = text.format(
            *(amount(self.size.download_mb), source, amount(self.size.disk_mb)),
            *(amount(self.free_mb), environments.folder_of(self.home)),
            *(".".join(map(str, self.base.version)), self.base.path),
        )
        return f"{text} {self.size.note}".strip()


def amount(megabytes: int) -> str:
    """Return an amount of data as a text, in MB or GB."""
    if megabytes >= 1000:
        return tr("{:.1f} GB").format(megabytes / 1000)
    return tr("{} MB").format(megabytes)


def make_plan(
    size: str = sizes.RECOMMENDED,
    home: Path | None = None,
    python: str = "",
    wheels: Path | None = None,
    proxy: Mapping[str, str] | None = None,
) -> Plan:
    """Return what an installation would do. Nothing is downloaded or written.

    Parameters
    ----------
    size : a name of `sizes.available`.
    home : the plugin's folder; `paths.home()` if None.
    python : the Python to create the environment from; searched for if empty.
    wheels : folder of wheels to install from, offline.
    proxy : environment variables, see `proxy_variables`.

    Raises RunError with the reason if it cannot be installed on this machine.
    """
    home = home or paths.home()
    gpus = None if size == "gpu" else []  # nvidia-smi takes seconds
    chosen = next((each for each in sizes.available(gpus) if each.name == size), None)
    if chosen is None:
        raise sizes.unavailable(size)
    if wheels is not None and not any(wheels.glob("*.whl")):
        text = tr("There are no wheels (files *.whl) in {}.").format(wheels)
        remedy = tr(
            "Download them, on the same kind of system and Python, with `{}` (the file is in {})."
        ).format(offline_command(size), environments.requirements_path(size).parent)
        raise RunError(text, remedy, Kind.WHEEL)
    check_path_length(environments.free_folder(home, size))
    base, uv = _base_and_uv(python)
    if size == "gpu" and base.version[:2] < GPU_OLDEST:
        text = tr("The packages for a GPU need Python {} or newer; {} is older.")
        text = text.format(".".join(map(str, GPU_OLDEST)), base.path)
        raise RunError(text, tr("Choose another Python as base."), Kind.PYTHON)
    return Plan(chosen, base, home, _free_mb(home), wheels, proxy or {}, uv)


def _base_and_uv(python: str) -> tuple[BasePython, str]:
    """Return the base Python, and the path of uv if it installs.

    If pip has settings of an index, which uv does not read, uv is the second choice.
    """
    uv = shutil.which("uv") or ""
    if not uv or not pip_has_index_settings(os.environ):
        return find_base(python, bool(uv)), uv
    try:
        return find_base(python), ""
    except RunError:
        return find_base(python, uv=True), uv


def check_path_length(folder: Path, long_paths: bool | None = None) -> None:
    """Raise RunError if the paths in an environment would be too long for Windows.

    Parameters
    ----------
    folder : the environment's folder.
    long_paths : whether Windows allows long paths; read from the registry if None.
    """
    if os.name != "nt" or len(str(folder)) + LONGEST_PATH <= _MAX_WINDOWS_PATH:
        return
    if _long_paths_enabled() if long_paths is None else long_paths:
        return
    text = tr("The path of the folder {} is too long: Windows could not open the packages in it.")
    remedy = tr(
        "Set the environment variable {} to a short folder, such as C:\\ksdiff, or enable long "
        "paths in Windows (LongPathsEnabled)."
    )
    raise RunError(text.format(folder), remedy.format(paths.HOME_VARIABLE), Kind.PATH)


def _long_paths_enabled() -> bool:
    """Return whether Windows allows long paths."""
    if sys.platform != "win32":
        return True
    import winreg

    try:
        where = r"SYSTEM\CurrentControlSet\Control\FileSystem"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, where) as key:
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
    except OSError:
        return False


def _free_mb(home: Path) -> int:
    """Return the free space on the disk of a folder, which need not exist yet."""
    existing = home
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    try:
        return int(shutil.disk_usage(existing).free / 1e6)
    except OSError:
        return sys.maxsize


# --- settings of pip, uv, and the proxy ---


def installer_variables(environ: Mapping[str, str], proxy: Mapping[str, str]) -> dict[str, str]:
    """Return environment variables for pip and uv: the user's settings apply, not those of QGIS."""
    kept = clean_environment(environ, keep=("PIP_", "UV_"))
    kept = {name: value for name, value in kept.items() if name.upper() not in _IGNORED_SETTINGS}
    return {**kept, **proxy}


def pip_has_index_settings(environ: Mapping[str, str]) -> bool:
    """Return whether pip is configured for an index, by environment variables or a file."""
    if any(_INDEX_SETTINGS.match(name.upper()) for name in environ):
        return True
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or "/nowhere")
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [config / "pip" / "pip.conf", home / ".pip" / "pip.conf", Path("/etc/pip.conf")]
    files += [Path("/etc/xdg/pip/pip.conf"), home / "pip" / "pip.ini"]
    files += [
        Path(environ[n]) / "pip" / "pip.ini" for n in ("APPDATA", "PROGRAMDATA") if n in environ
    ]
    files.append(home / "Library" / "Application Support" / "pip" / "pip.conf")
    return any(path.is_file() for path in files)


def proxy_variables(
    scheme: str,
    host: str,
    port: int,
    user: str,
    password: str,
    excluded: Iterable[str] = (),
) -> dict[str, str]:
    """Return the environment variables of a proxy for pip and uv; empty if there is no proxy.

    Parameters
    ----------
    scheme : ``http`` or ``socks5h``; empty without a proxy.
    host, port : its address; port 0 is the default one.
    user, password : its login; empty without one.
    excluded : URLs, or their beginnings, that are accessed without the proxy.
    """
    if not scheme or not host:
        return {}
    login = ":".join(quote(each, safe="") for each in (user, password) if each)
    address = f"{scheme}://{login}{'@' if login else ''}{host}" + (f":{port}" if port else "")
    found = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), address)
    hosts = ",".join(filter(None, map(_host, excluded)))
    if hosts:
        found.update(NO_PROXY=hosts, no_proxy=hosts)
    return found


def _host(address: str) -> str:
    """Return the host in the beginning of a URL; empty if there is none."""
    address = address.strip()
    try:
        return urlsplit(address if "://" in address else "//" + address).hostname or ""
    except ValueError:
        return ""
