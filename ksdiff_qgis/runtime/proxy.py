# SPDX-License-Identifier: GPL-2.0-or-later
"""The proxy that QGIS uses, as the environment variables that pip and uv understand."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlsplit


def variables(
    scheme: str,
    host: str,
    port: int,
    user: str,
    password: str,
    direct: Iterable[str] = (),
) -> dict[str, str]:
    """Environment variables; none where no proxy is set, or where it is left to the system.

    Parameters
    ----------
    scheme : ``http`` or ``socks5h``; empty where there is no proxy.
    host, port : where it listens; port 0 is the usual one.
    user, password : who asks it; empty where it asks for nobody.
    direct : what is reached without it: addresses, or their beginnings.
    """
    if not scheme or not host:
        return {}
    who = ":".join(quote(each, safe="") for each in (user, password) if each)
    address = f"{scheme}://{who}{'@' if who else ''}{host}" + (f":{port}" if port else "")
    found = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), address)
    hosts = ",".join(filter(None, map(_host, direct)))
    if hosts:
        found.update(NO_PROXY=hosts, no_proxy=hosts)
    return found


def _host(address: str) -> str:
    """The host in the beginning of an address; empty where there is none."""
    address = address.strip()
    try:
        return urlsplit(address if "://" in address else "//" + address).hostname or ""
    except ValueError:
        return ""
