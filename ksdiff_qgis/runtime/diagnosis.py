# SPDX-License-Identifier: GPL-2.0-or-later
"""Diagnose failures from error messages (pip, uv, venv, worker) and exit codes."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .. import paths
from ..language import later, tr
from .errors import Kind, RunError, how_to_repair, remedy_in_qgis
from .worker_translation import error_in_users_words

# Placeholders of remedies: {offline} and {wheels} are the next two, {home} is the plugin's folder,
# {torch} the host of PyTorch's own builds.
OFFLINE = later(
    "Or install offline: on a machine with a network, the same kind of system and the same "
    "version of Python run `{}` (the file is in the plugin's folder resources/locks), and "
    "choose that folder as wheels."
)
WHEELS = later(
    "A folder of wheels must contain every file of the size; create it with `{}` on the same kind "
    "of system and Python."
)
_SMALLER = later(
    "Choose a smaller tile (an advanced parameter) or a smaller extent, or close other programs."
)
_SHOWN_LINES = 8
_DLL_NOT_FOUND = 0xC0000135  # exit code on Windows
_CRASHED = 0xC0000000  # exit codes of crashes on Windows, from here on


@dataclass(frozen=True)
class ErrorPattern:
    """A known error message.

    Parameters
    ----------
    kind : the cause.
    regex : finds the message; its group `detail`, or else the line, is quoted as {detail}.
    message, remedy : what happened and what to do, to be translated.
    retried : whether pip retries after it, with a warning: then it counts only in the final error.
    """

    kind: Kind
    regex: str
    message: str
    remedy: str
    retried: bool = False


# The first match wins: causes come before their consequences (a full disk before "cannot write",
# a proxy before "no connection").
PATTERNS = (
    ErrorPattern(
        Kind.DISK,
        r"No space left on device|Errno 28\b|WinError 112\b|not enough space on the disk|"
        r"Disk quota exceeded|Errno 122\b",
        later("The disk is full."),
        later(
            "Free some space, or set the environment variable KSDIFF_QGIS_HOME to a folder on "
            "another disk, and install again. The incomplete installation was removed."
        ),
    ),
    ErrorPattern(
        Kind.PROXY,
        r"(?P<detail>407 Proxy Authentication Required|proxy authorization required|"
        r"Cannot connect to proxy|Tunnel connection failed|tunnel error|"
        r"Missing dependencies for SOCKS support)",
        later("The proxy server cannot be used: {detail}."),
        later(
            "Check address, user name and password of the proxy in Settings > Options > Network "
            "of QGIS, or the environment variables HTTP_PROXY and HTTPS_PROXY. pip needs an HTTP "
            "proxy, not SOCKS. {offline}"
        ),
        retried=True,
    ),
    ErrorPattern(
        Kind.CERTIFICATE,
        r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|invalid peer certificate|"
        r"self[- ]signed certificate|UnknownIssuer",
        later(
            "The certificate of the package index is not trusted: a company's proxy or a virus "
            "scanner intercepts the encrypted connection."
        ),
        later(
            "Ask your administrator for the root certificate as a .pem file and name it with "
            "`pip config set global.cert FILE` or the environment variable PIP_CERT. {offline}"
        ),
    ),
    ErrorPattern(
        Kind.HASH,
        r"THESE PACKAGES DO NOT MATCH THE HASHES|Hash mismatch for|hash mismatch",
        later("The hash of a downloaded package is wrong."),
        later(
            "Install again; the download may be incomplete. If it happens again, a mirror or a "
            "proxy changes packages: use another index. {offline}"
        ),
    ),
    ErrorPattern(
        Kind.LIBRARY,
        # The system also reports a failed mapping for lack of memory, with that reason.
        r"DLL load failed|WinError (?:1114|126|127|1260|4551)\b|0xC0000135|"
        r"failed to map segment from shared object(?!: Cannot allocate)",
        later("A library of the Python environment cannot be loaded: {detail}."),
        later(
            "On Windows, install the current Microsoft Visual C++ Redistributable (x64), and "
            "restart Windows. If a policy (application control) blocks it, or the disk of {home} "
            "is mounted noexec, ask your administrator for a folder from which programs may run, "
            "set the environment variable KSDIFF_QGIS_HOME to it, and install again."
        ),
    ),
    ErrorPattern(
        Kind.PYTHON,
        r"ensurepip is not\s+available|No module named '?(?:ensurepip|venv)|"
        r"ensurepip.{0,60} returned non-zero",
        later("This Python cannot create environments: its module venv or ensurepip fails."),
        later(
            "On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere choose another Python "
            "as base."
        ),
    ),
    ErrorPattern(
        Kind.PERMISSION,
        r"WinError (?:5|32)\b|being used by another process|Access is denied|"
        r"Permission denied|Errno 13\b|Read-only file system|Errno 30\b",
        later("A file or folder is not writable: {detail}."),
        later(
            "Change its permissions, or set the environment variable KSDIFF_QGIS_HOME to another "
            "folder. On Windows, close other QGIS windows, exclude the folder {home} from the "
            "virus scanner, and try again."
        ),
    ),
    ErrorPattern(
        Kind.REFUSED,
        r"HTTP error 40[134]\b|\b40[134] (?:(?:Client )?Error|Unauthorized|Forbidden|Not Found)",
        later("The package index refuses or lacks a file: {detail}."),
        later(
            "Check the address, the user name and the password of the index that pip or uv is "
            "configured for, or ask its administrator to provide the package. {offline}"
        ),
        retried=True,
    ),
    ErrorPattern(
        Kind.NETWORK,
        r"NewConnectionError|ConnectionError|Connection refused|Connection reset|"
        r"NameResolutionError|getaddrinfo failed|dns error|Network is unreachable|"
        r"Read timed out|ReadTimeout|ConnectTimeout|timed out|Max retries exceeded|"
        r"IncompleteRead|incomplete-download|Connection broken|RemoteDisconnected|"
        r"error sending request|Failed to fetch|"
        r"50[0234] (?:Server Error|Bad Gateway|Service Unavailable|Gateway)",
        later("The connection to the package index failed."),
        later(
            "Check the connection and the proxy in Settings > Options > Network of QGIS, and "
            "install again. {offline}"
        ),
        retried=True,
    ),
    ErrorPattern(
        Kind.WHEEL,
        r"No matching distribution found for torch==\S+\+cpu",
        later(
            "PyTorch's build for the CPU was not found, neither at PyTorch's own address nor in "
            "the package index that pip is configured for."
        ),
        later(
            "Let connections to {torch} through, or choose the size light, which sharpens, too. "
            "{offline}"
        ),
    ),
    ErrorPattern(
        Kind.WHEEL,
        r"No matching distribution found for (?P<detail>[^\s;]+)|"
        r"(?P<detail2>\S+) is not a supported wheel on this platform|"
        r"Because (?P<detail3>\S+) .*(?:no (?:usable )?wheels|not found in the provided)",
        later("No package was found for this system and Python: {detail}."),
        later("{wheels} Otherwise try again later, choose Python 3.12 as base, or the size light."),
    ),
    ErrorPattern(
        Kind.MEMORY,
        r"MemoryError|bad_alloc|Cannot allocate memory",
        later("KSDiff ran out of memory."),
        later("Close other programs and try again."),
    ),
)

# Patterns that apply to a run of the worker, and their remedies if they are not those of an
# installation.
_REMEDIES_OF_RUNS: dict[str, str] = {
    Kind.DISK: later("Free some space, or write the output to another disk."),
    Kind.LIBRARY: "",
    Kind.MEMORY: _SMALLER,
}


def diagnose(
    text: str, size: str = "light", kinds: Container[str] | None = None
) -> RunError | None:
    """Return the error that a program's output reports; None if no pattern matches.

    Parameters
    ----------
    text : the output, any number of lines.
    size : the size being installed, for commands in the remedy.
    kinds : causes to consider; all if None.
    """
    for pattern in PATTERNS:
        if kinds is not None and pattern.kind not in kinds:
            continue
        searched = _final_error(text) if pattern.retried else text
        found = re.search(pattern.regex, searched, re.IGNORECASE)
        if found:
            message = tr(pattern.message).format(detail=_detail(found))
            command = offline_command(size)
            remedy = tr(pattern.remedy).format(
                offline=tr(OFFLINE).format(command),
                wheels=tr(WHEELS).format(command),
                torch=urlsplit(paths.torch_cpu_page()).hostname,
                home=paths.home(),
            )
            return RunError(message, remedy, pattern.kind)
    return None


def offline_command(size: str) -> str:
    """Return the command that downloads a size's files into a folder."""
    command = f"pip download --only-binary :all: --no-deps -d wheels -r {size}.txt"
    if size == "full" and sys.platform.startswith("linux"):
        command += f" --find-links {paths.torch_cpu_page()}"
    return command


def _final_error(text: str) -> str:
    """Return the output from its first error on.

    If pip found no version at all, the reason is in the warnings before: then all of it.
    """
    error = re.search(r"(?m)^(?:ERROR|error): ", text)
    return text[error.start() :] if error and "(from versions: none)" not in text else text


def _detail(found: re.Match[str]) -> str:
    """Return the named group that matched, or else the line of the match."""
    named = [value for value in found.groupdict().values() if value]
    if named:
        return named[0]
    text = found.string
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    line = text[start : end if end >= 0 else len(text)].strip()
    line = re.sub(r"^(?:(?:ERROR|[Ee]rror|OSError|PermissionError|Caused by): *)+", "", line)
    return line[:200].rstrip(".")


# --- failures of the worker ---


def cannot_start(python: str, error: OSError, remedy: str) -> RunError:
    """Return the error for an interpreter that the system does not start.

    Parameters
    ----------
    remedy : what to do about the interpreter, see `environments.how_to_fix`.
    """
    text = tr("The Python of KSDiff cannot be started: {} ({})")
    text = text.format(python, error.strerror or error)
    known = diagnose(str(error), kinds=(Kind.LIBRARY,))
    return known or RunError(text, remedy, Kind.NO_RUNTIME)


def reported(event: Mapping[str, Any]) -> RunError:
    """Return the error for an `error` event of the worker."""
    message = str(event.get("message") or tr("KSDiff failed without a reason."))
    kind = str(event.get("kind") or Kind.INTERNAL.value)
    # The worker does not know what the system does to its libraries.
    known = diagnose(message, kinds=(Kind.LIBRARY,)) if kind == Kind.INTERNAL else None
    code, facts = str(event.get("code")), event.get("facts") or {}
    translated, what_to_do = error_in_users_words(code, facts)
    remedy = remedy_in_qgis(code, facts) or what_to_do or str(event.get("remedy") or "")
    return known or RunError(translated or message, remedy, kind)


def unexpected_exit(
    code: int | None, tail: Sequence[str], python: str, greeted: bool, remedy: str
) -> RunError:
    """Return the error for a worker that ended without a result and without an error event.

    Parameters
    ----------
    code : exit code of `subprocess` (negative: a signal); None if it did not exit.
    tail : last lines of its standard error.
    python : its interpreter.
    greeted : whether it had sent its `hello` event.
    remedy : what to do about the interpreter, see `environments.how_to_fix`.
    """
    if code in (-9, 137):
        text = tr("The system stopped KSDiff, most likely for lack of memory.")
        return RunError(text, tr(_SMALLER), Kind.MEMORY)
    text = "\n".join(tail)
    if code is not None and code & 0xFFFFFFFF == _DLL_NOT_FOUND:
        text += f"\n0x{_DLL_NOT_FOUND:X}"
    known = diagnose(text, kinds=_REMEDIES_OF_RUNS)
    if known is not None:
        other = _REMEDIES_OF_RUNS[known.kind]
        return RunError(
            known.message + _quote(tail), tr(other) if other else known.remedy, known.kind
        )
    if not greeted:
        text = tr("This Python does not work with KSDiff: {} ({}).")
        text = text.format(python, _exit_text(code)) + _quote(tail)
        return RunError(text, remedy, Kind.NO_RUNTIME)
    text = tr("KSDiff ended without a result ({}).").format(_exit_text(code)) + _quote(tail)
    if code is not None and (code < 0 or code >= _CRASHED):
        return RunError(text, tr("If it happens again: {}").format(remedy))
    return RunError(text, how_to_match() if code == 2 else "")


def how_to_match() -> str:
    """Return what to do if plugin and worker are of different versions."""
    return tr(
        "The versions of the plugin and of its worker do not match: update the plugin, and restart "
        "QGIS. Or repair the environment; in a checkout, `make env` does it. {}"
    ).format(how_to_repair())


def _exit_text(code: int | None) -> str:
    if code is None:
        return tr("it did not exit")
    if code >= _CRASHED:
        return tr("it crashed: {}").format(f"0x{code:08X}")
    if code >= 0:
        return tr("exit code {}").format(code)
    try:
        return tr("it crashed: {}").format(signal.Signals(-code).name)
    except ValueError:
        return tr("signal {}").format(-code)


def _quote(tail: Sequence[str]) -> str:
    lines = [line for line in tail if line.strip()][-_SHOWN_LINES:]
    return "\n" + tr("Last output:") + "\n" + "\n".join(lines) if lines else ""
