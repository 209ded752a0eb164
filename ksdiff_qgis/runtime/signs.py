# SPDX-License-Identifier: GPL-2.0-or-later
"""By what the messages of pip, uv, venv and the worker are known, and what to say of them."""

from __future__ import annotations

from ..language import later

# What remedies have in common; in them {offline}, {wheels} and {repair} stand for it,
# and {home} for the plugin's folder.
OFFLINE = later(
    "Or install offline: on a machine with a network, the same kind of system and the same "
    "version of Python run `{}` (the file is in the plugin's folder resources/locks), and "
    "choose that folder as wheels."
)
WHEELS = later(
    "With a folder of wheels: it must hold every file of the size, made with `{}` on the "
    "same kind of system and Python."
)

# (kind, pattern, message, remedy): the first that matches is told, so what is more exact comes
# before what it leads to (a full disk before "cannot write", a proxy before "no connection").
SIGNS = (
    (
        "Plugin",
        r"can't open file .*worker\.py",
        later("The worker of KSDiff is missing from the plugin."),
        later("Install the plugin again."),
    ),
    (
        "Disk",
        r"No space left on device|Errno 28\b|WinError 112\b|not enough space on the disk|"
        r"Disk quota exceeded|Errno 122\b",
        later("The disk is full."),
        later(
            "Free some space, or let the environment variable KSDIFF_QGIS_HOME name a folder on "
            "another disk, and install again. Nothing unfinished was left."
        ),
    ),
    (
        "Proxy",
        r"407 Proxy|Proxy Authentication Required|proxy authorization required",
        later("The proxy wants a user name and a password."),
        later("Enter them in Settings > Options > Network > Proxy of QGIS, and install again."),
    ),
    (
        "Proxy",
        r"Cannot connect to proxy|ProxyError|Tunnel connection failed|tunnel error",
        later("The proxy does not answer."),
        later(
            "Check the proxy in Settings > Options > Network of QGIS and the environment variables "
            "HTTP_PROXY and HTTPS_PROXY. {offline}"
        ),
    ),
    (
        "Proxy",
        r"Missing dependencies for SOCKS support",
        later("The proxy is a SOCKS proxy, which pip cannot use by itself."),
        later(
            "Set an HTTP proxy in Settings > Options > Network of QGIS, if there is one. {offline}"
        ),
    ),
    (
        "Python",
        r"SSL module is not available|ssl module in Python is not available",
        later("The Python found here cannot fetch anything: its module ssl does not work."),
        later(
            "Install Python 3.12 (from python.org on Windows and macOS, by the package manager on "
            "Linux), and choose it as base."
        ),
    ),
    (
        "Certificate",
        r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|invalid peer certificate|"
        r"self[- ]signed certificate|UnknownIssuer",
        later(
            "The certificate of the package index is not trusted: something between, a company's "
            "proxy or a virus scanner, opens the encrypted connection."
        ),
        later(
            "Ask your administrator for the root certificate as a .pem file and name it with "
            "`pip config set global.cert FILE` or the environment variable PIP_CERT. {offline}"
        ),
    ),
    (
        "Hash",
        r"THESE PACKAGES DO NOT MATCH THE HASHES|Hash mismatch for|hash mismatch",
        later("A package that was fetched is not the one the plugin was made with."),
        later(
            "Install again; the download may have been cut off or changed on the way. If it "
            "happens again, a mirror or a proxy changes packages: use another index. {offline}"
        ),
    ),
    (
        "Library",
        r"GLIBC(?:XX)?_[\d.]+'? not found",
        later("This system is too old for the packages (its C library, glibc)."),
        later("A system of 2019 or later is needed (glibc 2.28: Debian 10, Ubuntu 18.10, RHEL 8)."),
    ),
    (
        "Library",  # also said for want of memory, with the reason
        r"failed to map segment from shared object(?!: Cannot allocate)",
        later("The environment lies on a disk from which nothing may be run (mounted noexec)."),
        later(
            "Let the environment variable KSDIFF_QGIS_HOME name a folder on another disk than that "
            "of {home}, and install again."
        ),
    ),
    (
        "Library",
        r"WinError (?:1260|4551)\b|Application Control policy|blocked by (?:your )?"
        r"(?:group policy|organization)",
        later("A rule for this computer (application control) blocks the packages."),
        later(
            "Ask your administrator to allow the programs and libraries in {home}, or to name "
            "another folder, in which they are allowed, in the environment variable "
            "KSDIFF_QGIS_HOME."
        ),
    ),
    (
        "Library",
        r"DLL load failed|WinError 1114\b|WinError 12[67]\b|VCRUNTIME140|MSVCP140|"
        r"0xC0000135",
        later("A library of the Python environment of KSDiff could not be loaded."),
        later(
            "Install the current Microsoft Visual C++ Redistributable (x64) from Microsoft's site, "
            "start Windows anew, and repair the environment."
        ),
    ),
    (
        "Python",
        r"ensurepip is not\s+available|No module named '?(?:ensurepip|venv)|"
        r"install the python3[\d.]*-venv",
        later("The Python found here cannot make environments: its module venv is missing."),
        later(
            "On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere choose another Python "
            "as base."
        ),
    ),
    (
        "Python",
        r"requires a different Python|current Python version",
        later("The packages do not fit this version of Python."),
        later("Choose a Python of version 3.10 to 3.14 as base; 3.12 has the most packages."),
    ),
    (
        "Python",
        r"ensurepip.{0,60} returned non-zero",
        later("The Python found here could not put pip into the new environment."),
        later(
            "The disk may be full, or a virus scanner in the way. Else choose another Python as "
            "base."
        ),
    ),
    (
        "Path",
        r"WinError 206\b|File ?name (?:or extension )?(?:is )?too long|Errno 36\b|"
        r"Windows Long Path support",
        later("A path is too long for this system."),
        later(
            "Let the environment variable KSDIFF_QGIS_HOME name a short folder, such as "
            "C:\\ksdiff, or allow long paths in Windows, and install again."
        ),
    ),
    (
        "Permission",
        r"WinError (?:5|32)\b|being used by another process|Access is denied",
        later(
            "Windows does not let a file be written or removed: a virus scanner or another "
            "program holds it."
        ),
        later(
            "Close other QGIS windows, exempt the folder of KSDiff from the virus scanner, and "
            "try again."
        ),
    ),
    (
        "Permission",
        r"Permission denied|Errno 13\b|Read-only file system|Errno 30\b",
        later("A file or folder may not be written: {detail}."),
        later(
            "Give yourself the right to write there, or let the environment variable "
            "KSDIFF_QGIS_HOME name another folder."
        ),
    ),
    (
        "Refused",
        r"HTTP error 40[13]\b|\b40[13] (?:(?:Client )?Error|Unauthorized|Forbidden)",
        later("The package index, or your company's copy of it, refuses a package: {detail}."),
        later(
            "Check the address, the user name and the password of the index that pip or uv is set "
            "up for, or ask who keeps it to let the package through. {offline}"
        ),
    ),
    (
        "Wheel",
        r"HTTP error 404\b|\b404 (?:(?:Client )?Error|Not Found)",
        later("The package index, or your company's copy of it, lacks a file: {detail}."),
        later(
            "{wheels} Else the package index, or your company's copy of it, lacks it or did not "
            "answer: try again later."
        ),
    ),
    (
        "Network",
        r"Temporary failure in name resolution|Name or service not known|getaddrinfo failed|"
        r"nodename nor servname|NameResolutionError|dns error|failed to lookup address",
        later("The package index was not found: there is no network, or no name service."),
        later(
            "Check the connection and the proxy in Settings > Options > Network of QGIS, and "
            "install again. {offline}"
        ),
    ),
    (
        "Network",
        r"NewConnectionError|ConnectionError|Connection refused|Connection reset|"
        r"Network is unreachable|Read timed out|ReadTimeout|ConnectTimeout|timed out|"
        r"IncompleteRead|incomplete-download|not enough bytes were received|Connection broken|"
        r"Connection aborted|RemoteDisconnected|"
        r"Max retries exceeded|error sending request|tcp connect error|Failed to fetch|"
        r"50[0234] (?:Server Error|Bad Gateway|Service Unavailable|Gateway)",
        later("The connection to the package index failed."),
        later(
            "Check the connection and the proxy in Settings > Options > Network of QGIS, and "
            "install again. {offline}"
        ),
    ),
    (
        "Wheel",
        r"satisfies the requirement (?P<detail>\S+) \(from versions: none\)",
        later("Nothing at all was found of the package {detail}."),
        later(
            "{wheels} Else the package index, or your company's copy of it, lacks it or did not "
            "answer: try again later."
        ),
    ),
    (
        "Wheel",
        r"(?P<detail0>\S+) is not a supported wheel on this platform|"
        r"No matching distribution found for (?P<detail>[^\s;]+)|"
        r"Could not find a version that satisfies the requirement (?P<detail2>[^\s;]+)|"
        r"Because (?P<detail3>\S+) .*(?:no (?:usable )?wheels|not found in the provided)",
        later("A package cannot be had for this system and Python: {detail}."),
        later("{wheels} Else choose a Python 3.12 as base, or the size light."),
    ),
    (
        "Memory",
        r"MemoryError|bad_alloc|Cannot allocate memory",
        later("KSDiff ran out of memory."),
        later("Close other programs and try again."),
    ),
    (
        "Library",
        r"No module named '?(?P<detail>[\w.]+)",
        later("The Python environment of KSDiff lacks the package {detail}."),
        later(
            "{repair} If you named a Python of your own, install the package into it, or clear "
            "that setting; in a checkout, `make env` does."
        ),
    ),
    (
        "Python",
        # So say virtual environments on Windows.
        r"No Python at|did not find executable at",
        later("The Python that the environment was made from has gone."),
        "{repair}",
    ),
    (
        "Python",
        r"KSDiff needs Python 3\.10|SyntaxError",
        later("The Python interpreter chosen for KSDiff is too old."),
        later("Choose a Python of version 3.10 to 3.14 as base; 3.12 has the most packages."),
    ),
)
