# SPDX-License-Identifier: GPL-2.0-or-later
"""The proxy of QGIS' settings, as the address that pip and uv understand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

_SCHEMES = {"HttpProxy": "http", "HttpCachingProxy": "http", "Socks5Proxy": "socks5h"}


def address(settings: Mapping[str, Any]) -> str:
    """Address of the proxy; empty where none is set, or where it is left to the system.

    Parameters
    ----------
    settings : what QGIS keeps under ``proxy/``: ``proxyEnabled``, ``proxyType``, ``proxyHost``,
        ``proxyPort``, ``proxyUser`` and ``proxyPassword``, each as a text or as what it is.
    """
    if str(settings.get("proxyEnabled") or "").lower() not in ("true", "1"):
        return ""
    scheme = _SCHEMES.get(str(settings.get("proxyType") or ""))
    host = str(settings.get("proxyHost") or "").strip()
    if scheme is None or not host:
        return ""
    user = quote(str(settings.get("proxyUser") or ""), safe="")
    password = quote(str(settings.get("proxyPassword") or ""), safe="")
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    port = str(settings.get("proxyPort") or "").strip()
    return f"{scheme}://{who}{host}" + (f":{port}" if port else "")
