# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a job's files lie: a folder of a file system, or of an S3 store (`/vsis3/BUCKET/KEY`).

A path of a store has the methods of a `Path` (it is a `UPath` of universal_pathlib, over obstore);
what differs is here. An object appears as a whole or not at all, in place of the one before.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from core.errors import EnvironmentFault, InputError, OutputError
from core.raster.output_files import folder_beside, put_in_place

STORE = "/vsis3/"


def place(name: str) -> Path:
    """Return the path of a name; one of a store is settled as GDAL's is, by its variables.

    Raises EnvironmentFault without the packages for a store, InputError where it does not answer.
    """
    if not name.startswith(STORE):
        return Path(name)
    try:
        from obstore.exceptions import BaseError
        from obstore.fsspec import register
        from upath import UPath
    except ModuleNotFoundError as error:
        raise EnvironmentFault("store-needs-package", package=error.name) from error
    register("s3")
    key = name.removeprefix(STORE)
    path = UPath(f"s3://{key}", **_as_gdal(key.partition("/")[0]))
    try:
        path.exists()
    except BaseError as error:
        reason = str(error).partition("Debug source")[0].strip()
        raise InputError("store-not-reached", path=name, reason=reason) from error
    return cast(Path, path)


def _as_gdal(bucket: str) -> dict[str, Any]:
    """Return the settings of GDAL's variables; keys and region have the same names in both.

    A bucket is the beginning of the host, unless its name has dots, or GDAL is told otherwise.
    """
    host, off = os.environ.get("AWS_S3_ENDPOINT"), ("NO", "FALSE", "OFF", "0")
    plain = os.environ.get("AWS_HTTPS", "YES").upper() in off
    by_path = "." in bucket or os.environ.get("AWS_VIRTUAL_HOSTING", "TRUE").upper() in off
    unsigned = os.environ.get("AWS_NO_SIGN_REQUEST", "NO").upper() not in off
    config: dict[str, Any] = {"virtual_hosted_style_request": not by_path}
    if host:
        at = host if by_path else f"{bucket}.{host}"
        config["endpoint"] = f"{'http' if plain else 'https'}://{at}"
    return {
        "config": {**config, "skip_signature": unsigned},
        "client_options": {"allow_http": plain},
    }


def name_of(path: Path) -> str:
    """Return the name of a path: absolute, and as GDAL has it. `place` is its inverse."""
    return str(path.absolute()) if isinstance(path, Path) else f"{STORE}{path.path}"


def read_bytes(path: Path) -> bytes:
    """Return the content of a file. Raises OSError."""
    return path.read_bytes() if isinstance(path, Path) else cast(bytes, path.fs.cat_file(path.path))


@contextmanager
def folder_for(path: Path) -> Iterator[Path]:
    """Provide a hidden folder to make a file in, which is always removed; `put` is what follows.

    It lies beside the file, or here where that is an object of a store.
    """
    here = path if isinstance(path, Path) else Path(tempfile.gettempdir()) / path.name
    with folder_beside(here) as folder:
        yield folder


def put(made: Path, path: Path) -> None:
    """Put a file that is made in its place: synced and renamed, or uploaded. Raises OutputError."""
    if isinstance(path, Path):
        put_in_place(made, path)
        return
    from obstore.exceptions import BaseError

    try:
        path.fs.put_file(str(made), path.path)
    except BaseError as error:
        raise OutputError("output-not-writable", path=name_of(path), reason=error) from error


@contextmanager
def fetched(name: str | None) -> Iterator[str | None]:
    """Provide a file by a name that Python can open: its own, or that of a copy."""
    if not name or not name.startswith(STORE):
        yield name
        return
    path = place(name)
    with folder_for(path) as folder:
        copy = folder / path.name
        copy.write_bytes(read_bytes(path))
        yield str(copy)
