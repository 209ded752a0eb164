# SPDX-License-Identifier: GPL-2.0-or-later
"""Translate progress, log, tables and errors of the worker, which are English.

`resources/worker_sentences.json` has the sentences, with {} for the facts in them; one that is not
listed stays English. Those of errors are in `resources/errors.json`. Reports and results are not
translated here: the worker writes them in the language of the request (`core/language.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from .. import paths
from ..language import tr, with_local_point

_LISTED: dict[str, list[str]] = json.loads(paths.SENTENCES.read_text(encoding="utf-8"))
#: Heads of the columns of tables; a translation must not be longer, or columns become uneven.
HEADS = _LISTED.pop("heads")
#: A longer sentence comes before one that it begins with.
SENTENCES = [sentence for group in _LISTED.values() for sentence in group]

_FACT = re.compile(r"\{(\w*)[^{}]*\}")  # a fact in a sentence; those of errors have names
_HEAD = re.compile(rf"( *)(?<![\w-])({'|'.join(HEADS)})(?![\w-])( *(?=\||$)|)")
_NUMBER = re.compile(r"(?<![\w.,])[+-]?\d+\.\d+(?![\w.])")
_ONLY_A_NUMBER = re.compile(rf"{_NUMBER.pattern}(?: ?%| [a-zA-Z]{{1,3}})?")
_NEXT_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z])")


def in_users_words(text: str) -> str:
    """Translate a sentence of the worker, or several in a row."""
    found = _translated(text)
    if found is None:
        parts = _NEXT_SENTENCE.split(text)
        found = " ".join(_translated(part) or part for part in parts)
    return found


def table_in_users_words(text: str) -> str:
    """Translate the titles and the heads of a table whose columns are even."""
    lines = (_translated(line) or _HEAD.sub(_in_place, line) for line in text.split("\n"))
    return _NUMBER.sub(lambda number: with_local_point(number[0]), "\n".join(lines))


def _in_place(head: re.Match[str]) -> str:
    """Translate the head of a column, which ends where its numbers do."""
    before, word, behind = head.groups()
    if len(before) > 1:
        return tr(word).rjust(len(before) + len(word)) + behind
    return before + tr(word).ljust(len(word) + len(behind))


def error_in_users_words(code: str, facts: Mapping[str, object]) -> list[str]:
    """Return message and remedy of an error of the worker; empty if not translated."""
    given = {
        name: _fact_in_users_words(fact) if isinstance(fact, str) else fact
        for name, fact in facts.items()
    }
    sentences = error_sentences().get(code, ["", ""])
    forms = [tr(sentence) if sentence else "" for sentence in sentences]
    try:
        return [
            "" if form == sentence and _says_something(sentence) else form.format(**given)
            for sentence, form in zip(sentences, forms)
        ]
    except (KeyError, ValueError, TypeError):  # facts of another version
        return ["", ""]


@lru_cache(maxsize=1)
def error_sentences() -> dict[str, list[str]]:
    """Return code -> message and remedy in English, with the facts in braces."""
    found: dict[str, list[str]] = json.loads(paths.ERRORS.read_text(encoding="utf-8"))
    return found


def error_texts() -> list[str]:
    """Return the sentences of errors that have words to translate, not only facts."""
    each = (text for sentences in error_sentences().values() for text in sentences)
    return [text for text in dict.fromkeys(each) if _says_something(text)]


def _says_something(sentence: str) -> bool:
    return bool(re.search("[A-Za-z]{2}", _FACT.sub("", sentence)))


def _translated(text: str) -> str | None:
    """Translate a sentence and the facts in it; None if it is not listed."""
    for sentence, form in _forms():
        match = form.fullmatch(text)
        if match:
            given = [_fact_in_users_words(each) for each in match.groups()]
            return _filled(sentence, given)
    return None


def _fact_in_users_words(text: str) -> str:
    """Translate a fact, or write a number as the locale does."""
    return with_local_point(text) if _ONLY_A_NUMBER.fullmatch(text) else in_users_words(text)


def _filled(sentence: str, given: Sequence[str]) -> str:
    """Translate a sentence and fill in its facts, by name or in turn."""
    named, in_turn = dict(zip(_FACT.findall(sentence), given)), iter(given)
    return _FACT.sub(lambda fact: named[fact[1]] if fact[1] else next(in_turn), tr(sentence))


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the sentences with patterns that match them with any facts."""
    forms = []
    for sentence in (*SENTENCES, *error_texts()):
        words = _FACT.split(sentence)[::2]  # without the names between them
        forms.append((sentence, re.compile("(.+?)".join(map(re.escape, words)), re.DOTALL)))
    return tuple(forms)
