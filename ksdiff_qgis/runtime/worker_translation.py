# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker's sentences in the language of QGIS: its progress, log, errors, and words on pairs.

The worker speaks English, on the command line too. What users see is translated here, by the
plugin's own table of translations; a sentence that is not listed stays as it is. The sentences of
errors are those of `resources/errors.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from .. import paths
from ..language import tr
from .worker_texts import HEADS, SENTENCES

_FACT = re.compile(r"\{(\w*)[^{}]*\}")  # what is named in a sentence; errors give it a name
_HEAD = re.compile(rf"( *)(?<![\w-])({'|'.join(HEADS)})(?![\w-])( *(?=\||$)|)")
_NEXT_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z])")


def in_users_words(text: str) -> str:
    """Translate what the worker said: one of its sentences, or several after one another."""
    found = _translated(text)
    if found is None:
        parts = _NEXT_SENTENCE.split(text)
        found = " ".join(_translated(part) or part for part in parts)
    return found


def table_in_users_words(text: str) -> str:
    """Translate the titles and the heads of a table whose columns are even."""
    return "\n".join(_translated(line) or _HEAD.sub(_in_place, line) for line in text.split("\n"))


def _in_place(head: re.Match[str]) -> str:
    """Translate the head of a column, which ends where its numbers do."""
    before, word, behind = head.groups()
    if len(before) > 1:
        return tr(word).rjust(len(before) + len(word)) + behind
    return before + tr(word).ljust(len(word) + len(behind))


def error_in_users_words(code: str, facts: Mapping[str, object]) -> list[str]:
    """Return message and remedy of an error of the worker; empty where they are not translated."""
    told = {
        name: in_users_words(fact) if isinstance(fact, str) else fact
        for name, fact in facts.items()
    }
    sentences = error_sentences().get(code, ["", ""])
    forms = [tr(sentence) if sentence else "" for sentence in sentences]
    try:
        return [
            "" if form == sentence and _says_something(sentence) else form.format(**told)
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
    """Translate a sentence and what is named in it; None if it is not known."""
    for sentence, form in _forms():
        match = form.fullmatch(text)
        if match:
            told = [in_users_words(each) for each in match.groups()]
            return _filled(sentence, told)
    return None


def _filled(sentence: str, told: Sequence[str]) -> str:
    """Translate a sentence, with what was named in it by name, or in turn."""
    named, in_turn = dict(zip(_FACT.findall(sentence), told)), iter(told)
    return _FACT.sub(lambda fact: named[fact[1]] if fact[1] else next(in_turn), tr(sentence))


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the sentences with patterns of what they may look like."""
    forms = []
    for sentence in (*SENTENCES, *error_texts()):
        words = _FACT.split(sentence)[::2]  # without the names between them
        forms.append((sentence, re.compile("(.+?)".join(map(re.escape, words)), re.DOTALL)))
    return tuple(forms)
