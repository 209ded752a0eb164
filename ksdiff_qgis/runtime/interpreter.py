# SPDX-License-Identifier: GPL-2.0-or-later
"""Python interpreters: the one that runs the worker, and the one to create an environment from."""

from __future__ import annotations

import json
import os
import shutil
import subprocess  # nosec B404
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import paths
from ..language import later, tr
from . import environments
from .environments import PYTHON_VARIABLE
from .errors import Kind, RunError
from .processes import output_of
from .sizes import platform_name

# What the packages support: versions of Python, of macOS, and of the C library of Linux.
OLDEST, NEWEST = (3, 10), (3, 14)
NEWEST_ON_MACOS = (3, 13)
MACOS = {"macos-arm64": (14, 0), "macos-x86_64": (13, 0)}
GLIBC = (2, 28)
# Without one of these, python3 of macOS is a stub that opens a window to install them.
APPLE_TOOLS = (
    Path("/Library/Developer/CommandLineTools/usr/bin/python3"),
    Path("/Applications/Xcode.app/Contents/Developer/usr/bin/python3"),
)
_PROBE_TIMEOUT_S = 30.0
# -S skips the site-packages: OSGeo4W's sitecustomize adds folders of DLLs there, which an
# environment created from it does not see.
_PROBE_OPTIONS = ("-I", "-S", "-c")
_PROBE = """
import importlib.util, json, platform, struct, sys, sysconfig

def exists(name):  # a leftover folder is no module
    found = importlib.util.find_spec(name)
    return found is not None and found.origin is not None

def failure(name):
    try:
        importlib.import_module(name)
    except Exception as error:
        return name + ": " + str(error)

print(json.dumps({
    "version": list(sys.version_info[:3]), "system": sys.platform, "machine": platform.machine(),
    "venv": all(map(exists, ("venv", "ensurepip"))),
    "cpython": sys.implementation.name == "cpython" and struct.calcsize("P") == 8
    and not sysconfig.get_config_var("Py_GIL_DISABLED"),
    "failures": list(filter(None, map(failure, ("ssl", "ctypes")))),
    "libc": platform.libc_ver(), "macos": platform.mac_ver()[0],
}))
"""
_OTHER_PYTHON = later(
    "Install Python 3.12 (from python.org on Windows and macOS, by the package manager on Linux), "
    "and try again, or choose another interpreter as base."
)


# --- the interpreter that runs the worker ---


@dataclass(frozen=True)
class Interpreter:
    """The interpreter that runs the worker, and where its path comes from."""

    path: str
    origin: str


def find_interpreter(
    setting: str | None, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> Interpreter:
    """Find the interpreter that runs the worker.

    The order is: environment variable, the plugin's setting, environment made by the plugin,
    environment of a checkout. A path that was named and does not exist is an error: to take the
    next one silently would run something else than the user asked for.

    Parameters
    ----------
    setting : the plugin's setting; None or empty if unset.
    environ : environment variables of this process.
    home : the plugin's folder for environments; `paths.home()` if None.

    Raises RunError: there is none, or the one that was named does not exist.
    """
    named = (
        (environ.get(PYTHON_VARIABLE), environments.variable_name()),
        (setting, environments.setting_name()),
    )
    for path, origin in named:
        if path and path.strip():
            return _checked(path.strip(), origin)
    home = home or paths.home()
    made = environments.usable(home)
    if made is not None:
        return Interpreter(str(made.python), tr("the environment made by the plugin"))
    own = environments.python_of(paths.ROOT / ".venv")
    if own.is_file():
        return Interpreter(str(own), tr("the project's own environment"))
    now = environments.status(home)
    raise RunError(now.summary, now.remedy, Kind.NO_RUNTIME)


def _checked(path: str, origin: str) -> Interpreter:
    # Symbolic links stay: the interpreter of a virtual environment is a link, and the file it
    # leads to does not see the environment's packages.
    full = Path(path).expanduser().absolute()
    if full.is_file():
        return Interpreter(str(full), origin)
    text = tr("{} names a Python that does not exist: {}")
    if full.is_dir():
        text = tr("{} names a folder instead of a Python interpreter: {}")
    text = text.format(origin[0].upper() + origin[1:], path)
    raise RunError(text, environments.how_to_correct(origin), Kind.NO_RUNTIME)


def worker_command(interpreter: str, worker: Path) -> list[str]:
    """Return the command line of the worker.

    `-I` ignores PYTHON* variables and the current folder, so that UTF-8 pipes need `-X utf8`;
    `-u` disables buffering.
    """
    return [interpreter, "-I", "-u", "-X", "utf8", str(worker)]


# --- the interpreter to create an environment from ---


@dataclass(frozen=True)
class BasePython:
    """An interpreter that was probed.

    Parameters
    ----------
    path : the interpreter.
    version : major, minor, micro.
    platform : system and machine, see `platform_name`.
    venv : whether it has the modules venv and ensurepip.
    problem : why no environment can be created from it, even by uv; empty if one can.
    """

    path: str
    version: tuple[int, int, int]
    platform: str
    venv: bool
    problem: str = ""


def find_base(named: str = "", uv: bool = False) -> BasePython:
    """Find the interpreter to create an environment from.

    Parameters
    ----------
    named : the user's choice, which is taken or an error; searched for if empty.
    uv : whether uv creates the environment, which needs no module venv.

    Raises RunError with the reasons if none is suitable.
    """
    paths_to_try = (
        [str(Path(named.strip()).expanduser())] if named.strip() else candidates(os.environ)
    )
    seen, reasons, lacks_venv = set(), [], False
    for path in paths_to_try:
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        python = probe(path)
        if python is None:
            reason = tr("It does not start as Python 3.")
        elif python.problem:
            reason = python.problem
        elif python.venv or uv:
            return python
        else:
            lacks_venv = True
            reason = tr("Python {} lacks the module venv or ensurepip (package python3-venv).")
            reason = reason.format(".".join(map(str, python.version)))
        reasons.append(f"{path}: {reason}")
    text = tr("No suitable Python was found to create the environment from.")
    remedy = tr(_OTHER_PYTHON)
    if lacks_venv:
        remedy = tr("On Debian and Ubuntu: sudo apt install python3-venv.") + " " + remedy
    raise RunError("\n".join([text, *reasons]), remedy, Kind.PYTHON)


def candidates(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield paths of possible interpreters: QGIS' own first, then those on the PATH."""
    # In QGIS on Windows and macOS `sys.executable` is QGIS: starting it would open another one.
    if Path(sys.executable or "").name.lower().startswith("python"):
        yield sys.executable
    prefix = Path(sys.exec_prefix)
    if os.name == "nt":
        places = [prefix / "python.exe", prefix / "python3.exe"]
        apps = Path(environ.get("OSGEO4W_ROOT", str(prefix.parent.parent))) / "apps"
        places += sorted(apps.glob("Python3*/python.exe"), reverse=True)
        local = Path(environ.get("LOCALAPPDATA", "")) / "Programs" / "Python"
        places += sorted(local.glob("Python3*/python.exe"), reverse=True)
    else:
        places = [prefix / "bin" / "python3"]
        if sys.platform == "darwin":
            inside = [parent for parent in prefix.parents if parent.name == "Contents"]
            places += [path for each in inside for path in sorted(each.glob("MacOS/**/python3*"))]
            framework = Path("/Library/Frameworks/Python.framework/Versions")
            places += sorted(framework.glob("3.*/bin/python3"), reverse=True)
            places += [Path("/opt/homebrew/bin/python3"), Path("/usr/local/bin/python3")]
        places.append(Path("/usr/bin/python3"))
    found = [str(path) for path in places if path.is_file()]
    names = [f"python3.{minor}" for minor in (12, 13, 11, 10, 14)] + ["python3", "python"]
    found += [shutil.which(name, path=environ.get("PATH")) or "" for name in names]
    yield from (path for path in found if path and not _is_stub(path))


def _is_stub(path: str) -> bool:
    """Return whether it offers to install a Python instead of being one."""
    if sys.platform == "darwin" and Path(path).parent == Path("/usr/bin"):
        return not any(tool.exists() for tool in APPLE_TOOLS)
    return "WindowsApps" in path


def probe(path: str) -> BasePython | None:
    """Start an interpreter and inspect it; return None if it does not start as Python 3."""
    try:
        facts = json.loads(output_of([path, *_PROBE_OPTIONS, _PROBE], _PROBE_TIMEOUT_S))
        major, minor, micro = facts["version"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return None
    platform = platform_name(facts["system"], facts["machine"])
    python = BasePython(path, (major, minor, micro), platform, bool(facts["venv"]))
    return replace(python, problem=_problem(python, facts))


def _problem(python: BasePython, facts: Mapping[str, Any]) -> str:
    """Return why the packages do not run in an interpreter, from the facts of the probe."""
    version = ".".join(map(str, python.version))
    if not facts.get("cpython"):
        return tr("Python {} is not a 64-bit CPython, which the packages need.").format(version)
    newest = NEWEST_ON_MACOS if python.platform in MACOS else NEWEST
    if not OLDEST <= python.version[:2] <= newest:
        text = tr("It is Python {}; KSDiff needs {}.{} to {}.{}.")
        return text.format(version, *OLDEST, *newest)
    if python.platform in MACOS and _numbers(facts.get("macos")) < MACOS[python.platform]:
        text = tr("This is macOS {}; the packages need macOS {} or newer.")
        return text.format(facts.get("macos"), MACOS[python.platform][0])
    if python.platform.startswith("linux"):
        library, release = facts.get("libc") or ("", "")
        if library != "glibc" or _numbers(release) < GLIBC:
            found = f"{library} {release}".strip() or tr("not glibc")
            text = tr("The C library of this system ({}) is not supported; glibc {} is needed.")
            return text.format(found, ".".join(map(str, GLIBC)))
    if facts.get("failures"):
        text = tr("In an environment created from Python {}, modules do not work ({}).")
        return text.format(version, "; ".join(map(str, facts["failures"])))
    return ""


def _numbers(version: Any) -> tuple[int, ...]:
    """Return the first two numbers of a version; empty if it has none."""
    return tuple(int(part) for part in str(version or "").split(".")[:2] if part.isdigit())
