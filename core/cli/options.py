# SPDX-License-Identifier: GPL-2.0-or-later
"""Make the options of the command line from the fields of a request, and the request from them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

R = TypeVar("R")


def add_options(
    parser: argparse.ArgumentParser, request: type[Any], epilog: str | None = None, **words: object
) -> None:
    """Add an option for each field of a request that has a help text (`scenes.option`).

    `words` fill the braces of the help texts. An option that is not given has no attribute: its
    default is written once, in the request.
    """
    parser.epilog = epilog
    types = get_type_hints(request)
    # Required ones first.
    for each in sorted(fields(request), key=lambda each: not _required(each)):
        if "help" in each.metadata:
            _add_option(parser, each, types[each.name], words)


def request_of(request: type[R], args: argparse.Namespace, **values: object) -> R:
    """Return the request for the options given; `values` are fields that have no option."""
    for each in fields(request):  # type: ignore[arg-type]
        if hasattr(args, each.name):
            value = getattr(args, each.name)
            values[each.name] = _from_list(value) if isinstance(value, list) else value
    return request(**values)


def _from_list(values: list[Any]) -> Any:
    """Return a dict of keys and values, one name, or a tuple of names."""
    if isinstance(values[0], tuple):
        return dict(values)
    return values[0] if len(values) == 1 else tuple(values)


def _add_option(
    parser: argparse.ArgumentParser, field: Field[Any], kind: Any, words: dict[str, object]
) -> None:
    option = field.metadata
    nargs = None
    if isinstance(kind, UnionType):
        kind, *others = (each for each in get_args(kind) if each is not NoneType)
        nargs = "+" if others else None  # a name, or a tuple of names
    more: dict[str, Any] = {"action": "store_true"}
    if kind is not bool:
        more = {
            "action": "append" if get_origin(kind) is dict else "store",
            "nargs": nargs,
            "type": _reader(kind, option.get("metavar")),
            "metavar": option.get("metavar"),
            "choices": option.get("choices"),
            "required": _required(field),
        }
    parser.add_argument(
        option.get("flag") or f"--{field.name.replace('_', '-')}",
        dest=field.name,
        default=argparse.SUPPRESS,
        help=option["help"].format(default=field.default, **words).replace("%", "%%"),
        **more,
    )


def _required(field: Field[Any]) -> bool:
    return field.default is field.default_factory is MISSING


def _reader(kind: Any, form: str | None) -> Callable[[str], Any]:
    """Return the function that parses an argument; its error names the `form` that is expected."""
    read = {tuple: _parts, dict: _key_and_value}.get(get_origin(kind))
    if read is None:
        return kind  # type: ignore[no-any-return]

    def checked(text: str) -> Any:
        try:
            return read(text, get_args(kind))
        except ValueError as error:
            message = f"{text!r} is not of the form {form}"
            raise argparse.ArgumentTypeError(message) from error

    return checked


def _parts(text: str, kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    """Parse values between commas; raise ValueError for another type or number of values."""
    texts = text.split(",")
    if kinds[-1] is not Ellipsis and len(texts) != len(kinds):
        raise ValueError(text)
    values = (kinds[0](part.strip()) for part in texts)
    return tuple(value for value in values if value != "")


def _key_and_value(text: str, kinds: tuple[Any, ...]) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise ValueError(text)
    return key, value
