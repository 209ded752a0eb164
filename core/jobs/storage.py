# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a job's files lie: a folder of a file system, or of an S3 store (`/vsis3/BUCKET/KEY`).

A path in a store has the methods of a `Path` (it is a `UPath` of universal_pathlib, over obstore);
what differs is here. An object is replaced as a whole or not at all.
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from core.errors import EnvironmentFault, InputError
from core.raster.output_files import folder_beside, put_in_place

STORE = "/vsis3/"
Perform = TypeVar("Perform", bound=Callable[..., dict[str, Any]])


def place(name: str) -> Path:
    """Return the path of a name; a store is configured by the environment variables of GDAL.

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
        raise InputError("store-not-reached", path=name, reason=_reason(error)) from error
    return cast(Path, path)


@contextmanager
def store_errors(name: str) -> Iterator[None]:
    """Raise EnvironmentFault where the store of a name fails during the block.

    Without obstore, `place` has raised before.
    """
    try:
        yield
    except Exception as error:
        ours = type(error).__module__.startswith("obstore") or isinstance(error, FileNotFoundError)
        if not (ours and name.startswith(STORE)):
            raise
        raise EnvironmentFault("store-failed", path=name, reason=_reason(error)) from error


def with_store(perform: Perform) -> Perform:
    """Decorate a command on a job: it raises what `store_errors` makes of a failing store."""

    @functools.wraps(perform)
    def performed(request: Any, *more: Any, **named: Any) -> dict[str, Any]:
        with store_errors(request.job):
            return perform(request, *more, **named)

    return cast(Perform, performed)


def _reason(error: Exception) -> str:
    return str(error).partition("Debug source")[0].strip()


def _as_gdal(bucket: str) -> dict[str, Any]:
    """Return the configuration of obstore from GDAL's variables; both read keys and region alike.

    The host's name begins with the bucket, unless that has dots, or GDAL is told otherwise.
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
    """Return the content of a file. Raises OSError, or what a store raises, see `store_errors`."""
    return path.read_bytes() if isinstance(path, Path) else cast(bytes, path.fs.cat_file(path.path))


@contextmanager
def folder_for(path: Path) -> Iterator[Path]:
    """Provide a hidden folder to make a file in, for `put`; it is removed in any case.

    It lies beside the file; of an object in a store, among the temporary files of this machine.
    """
    here = path if isinstance(path, Path) else Path(tempfile.gettempdir()) / path.name
    with folder_beside(here) as folder:
        yield folder


def put(made: Path, path: Path) -> None:
    """Move a complete file into place: sync and rename it, or upload it. Raises OutputError."""
    if isinstance(path, Path):
        put_in_place(made, path)
    else:
        path.fs.put_file(str(made), path.path)


@contextmanager
def fetched(name: str | None) -> Iterator[str | None]:
    """Provide the name of a local file: the file itself, or a copy of an object in a store."""
    if not name or not name.startswith(STORE):
        yield name
        return
    path = place(name)
    with folder_for(path) as folder:
        copy = folder / path.name
        copy.write_bytes(read_bytes(path))
        yield str(copy)
