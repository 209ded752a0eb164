# SPDX-License-Identifier: GPL-2.0-or-later
"""A Python to make the worker's environment from."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess  # nosec B404
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..language import later, tr
from .child import hidden
from .environment import clean
from .errors import RunError

OLDEST, NEWEST = (3, 10), (3, 14)
GPU_OLDEST = (3, 11)  # older ones have onnxruntime-gpu for another CUDA than torch
# What the packages are made for: newest Python on macOS, systems there, C library of Linux.
NEWEST_ON_MACOS = (3, 13)
MACOS = {"macos-arm64": (14, 0), "macos-x86_64": (13, 0)}
GLIBC = (2, 28)
# Without one of these, the python3 of macOS is a stand-in that opens a window to install them.
APPLE_TOOLS = (
    Path("/Library/Developer/CommandLineTools/usr/bin/python3"),
    Path("/Applications/Xcode.app/Contents/Developer/usr/bin/python3"),
)
_PATIENCE_S = 30.0
# Without what its folder of packages does at the start (-S): OSGeo4W's says there where libraries
# lie, and no environment made from it sees that.
_ASKED = ("-I", "-S", "-c")
_PROBE = """
import importlib.util, json, platform, struct, sys, sysconfig

def there(name):  # a folder that was left is no package
    found = importlib.util.find_spec(name)
    return found is not None and found.origin is not None

def lacks(name):
    try:
        importlib.import_module(name)
    except Exception as error:
        return name + ": " + str(error)

print(json.dumps({
    "version": list(sys.version_info[:3]), "system": sys.platform, "machine": platform.machine(),
    "venv": all(map(there, ("venv", "ensurepip"))),
    "cpython": sys.implementation.name == "cpython" and struct.calcsize("P") == 8
    and not sysconfig.get_config_var("Py_GIL_DISABLED"),
    "lacks": list(filter(None, map(lacks, ("ssl", "ctypes")))),
    "libc": platform.libc_ver(), "macos": platform.mac_ver()[0],
}))
"""
_OTHER = later(
    "Install Python 3.12 (from python.org on Windows and macOS, by the package manager on Linux), "
    "and try again, or choose another interpreter as base."
)


@dataclass(frozen=True)
class BasePython:
    """An interpreter that was started and looked at.

    Parameters
    ----------
    path : the interpreter.
    version : major, minor, micro.
    platform : system and machine, as `platform_name` gives them.
    venv : whether it can make environments with pip by itself.
    problem : why no environment can be made from it, whatever makes it; empty when one can.
    """

    path: str
    version: tuple[int, int, int]
    platform: str
    venv: bool
    problem: str = ""


def platform_name(system: str = sys.platform, machine: str = "") -> str:
    """System and machine by the names that the table of sizes has, e.g. ``linux-x86_64``."""
    machine = (machine or platform.machine()).lower()
    machine = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if system == "darwin":
        return "macos-" + machine.replace("aarch64", "arm64")
    return ("windows-" if system.startswith("win") else "linux-") + machine


def find(named: str = "", uv: bool = False, environ: Mapping[str, str] = os.environ) -> BasePython:
    """The interpreter to make an environment from.

    Parameters
    ----------
    named : the user's own choice; taken, or an error.
    uv : whether uv makes the environment: then the modules venv and ensurepip are not needed.
    environ : environment variables of this process.

    Raises
    ------
    RunError : none is there that can be used; it says why, and what to do.
    """
    if named.strip():
        path = str(Path(named.strip()).expanduser())
        python = look(path, environ)
        reason = tr("It is no Python 3 that starts.") if python is None else _unfit(python, uv)
        if python is None or reason:
            text = tr("No environment can be made from {}. {}").format(path, reason)
            raise RunError(text, _remedy(_lacks_venv(python)), "Python")
        return python
    seen, reasons, lacks_venv = set(), [], False
    for path in candidates(environ):
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        python = look(path, environ)
        reason = "" if python is None else _unfit(python, uv)
        if python is not None and not reason:
            return python
        if python is not None:
            reasons.append(f"{path}: {reason}")
            lacks_venv = lacks_venv or _lacks_venv(python)
    found = "\n".join(reasons) or tr("None was found.")
    text = tr("There is no Python to make an environment from.")
    raise RunError(f"{text}\n{found}", _remedy(lacks_venv), "Python")


def _remedy(lacks_venv: bool) -> str:
    said = [tr("On Debian and Ubuntu: sudo apt install python3-venv.")] if lacks_venv else []
    return " ".join([*said, tr(_OTHER)])


def candidates(environ: Mapping[str, str]) -> Iterator[str]:
    """Where interpreters may be: QGIS' own first, then what is on the PATH."""
    # In QGIS on Windows and macOS `sys.executable` is QGIS itself: to start it would open more.
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
    yield from (path for path in found if path and not _is_stand_in(path))


def _is_stand_in(path: str) -> bool:
    """Whether it offers to install a Python instead of being one."""
    if sys.platform == "darwin" and Path(path).parent == Path("/usr/bin"):
        return not any(tool.exists() for tool in APPLE_TOOLS)
    return "WindowsApps" in path


def look(path: str, environ: Mapping[str, str]) -> BasePython | None:
    """Start an interpreter and ask it; None where it is no Python that starts."""
    command = [path, *_ASKED, _PROBE]
    try:
        done = subprocess.run(  # nosec B603
            command,
            env=clean(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
            **hidden(),
        )
        told = json.loads(done.stdout)
        major, minor, micro = told["version"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return None
    where = platform_name(told["system"], told["machine"])
    python = BasePython(path, (major, minor, micro), where, bool(told["venv"]))
    return replace(python, problem=_problem(python, told))


def _problem(python: BasePython, told: Mapping[str, Any]) -> str:
    """What makes an interpreter useless, of what it told."""
    version = ".".join(map(str, python.version))
    if not told.get("cpython"):
        text = tr("Python {} is not the usual 64-bit CPython, for which the packages are made.")
        return text.format(version)
    newest = NEWEST_ON_MACOS if python.platform in MACOS else NEWEST
    if not OLDEST <= python.version[:2] <= newest:
        text = tr("It is Python {}; KSDiff needs {}.{} to {}.{}.")
        return text.format(version, *OLDEST, *newest)
    if python.platform in MACOS and _numbers(told.get("macos")) < MACOS[python.platform]:
        text = tr("This is macOS {}; the packages need macOS {} or newer.")
        return text.format(told.get("macos"), MACOS[python.platform][0])
    if python.platform.startswith("linux"):
        library, release = told.get("libc") or ("", "")
        if library != "glibc" or _numbers(release) < GLIBC:
            found = f"{library} {release}".strip() or tr("not glibc")
            text = tr("This system's C library ({}) will not do; glibc {} is needed.")
            return text.format(found, ".".join(map(str, GLIBC)))
    if told.get("lacks"):
        text = tr("In an environment made from it, a module of Python {} does not work ({}).")
        return text.format(version, "; ".join(map(str, told["lacks"])))
    return ""


def _numbers(version: Any) -> tuple[int, ...]:
    """The first two numbers of a version; none where it has none."""
    return tuple(int(part) for part in str(version or "").split(".")[:2] if part.isdigit())


def _unfit(python: BasePython, uv: bool) -> str:
    """Why an interpreter cannot be used; empty when it can."""
    if uv or not _lacks_venv(python):
        return python.problem
    text = tr("Python {} lacks the module venv or ensurepip (package python3-venv).")
    return text.format(".".join(map(str, python.version)))


def _lacks_venv(python: BasePython | None) -> bool:
    """Whether nothing but the modules that make environments is wrong with it."""
    return python is not None and not python.problem and not python.venv
