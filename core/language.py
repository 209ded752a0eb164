# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts for people, in the language of the request: English, unless it names another.

The English text is the key, as in gettext. `make translations` collects what is marked by `say` and
`later`, and the texts of reports' templates, and writes the translations to `resources/i18n`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

_BLOCK = re.compile(r"(<(p|h2|h3)\b[^>]*>)(.*?)(?=</\2>)", re.DOTALL)  # a text of a template
_texts: dict[str, str] = {}  # translations; the process serves one request


def later(text: str) -> str:
    """Mark a text for translation; `say` translates it where it is shown."""
    return text


def say(text: str, /, *in_turn: object, **named: object) -> str:
    """Return a text in the language of the request, its {} and {name} filled in."""
    return _texts.get(text, text).format(*in_turn, **named)


def say_template(html: str) -> str:
    """Return a template with its headings and paragraphs translated; its $names stay."""
    return _BLOCK.sub(lambda block: block[1] + _texts.get(_line(block[3]), block[3]), html)


def texts_of_template(html: str) -> list[str]:
    """Return the headings and paragraphs of a template, each as one line."""
    found = [_line(block[3]) for block in _BLOCK.finditer(html)]
    return [text for text in found if re.search(r"[A-Za-z]{2}", re.sub(r"\$\w+|<[^>]*>", "", text))]


def _line(text: str) -> str:
    return " ".join(text.split())


@contextmanager
def speaking(translations: Mapping[str, str]) -> Iterator[None]:
    """Translate texts within the block, as far as there are translations."""
    _texts.update(translations)
    try:
        yield
    finally:
        _texts.clear()


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 tile, 2 tiles."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def in_columns(rows: Sequence[Sequence[str]], left: int = 1) -> list[list[str]]:
    """Pad the cells of a table to columns of equal width, the first `left` aligned left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        [*map(str.ljust, row[:left], widths[:left]), *map(str.rjust, row[left:], widths[left:])]
        for row in rows
    ]
