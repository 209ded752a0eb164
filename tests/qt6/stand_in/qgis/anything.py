# SPDX-License-Identifier: GPL-2.0-or-later
"""A thing that has every attribute, can be called, and gives more of its kind."""

from __future__ import annotations

from typing import Any


class _Kind(type):
    """A class that has every attribute, as the enumerations of QGIS' classes."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()


class Anything(metaclass=_Kind):
    """See the module."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Anything()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __iter__(self) -> Any:
        return iter(())

    def __bool__(self) -> bool:
        return False

    def __or__(self, other: Any) -> Any:
        return self


def named(name: str) -> type:
    """A class of that name, to be called or inherited from."""
    if name.startswith("__"):
        raise AttributeError(name)
    return _Kind(name, (Anything,), {})
