# SPDX-License-Identifier: GPL-2.0-or-later
"""Every error that the code raises has its sentences, and they name what the code tells them."""

from __future__ import annotations

import ast
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from core import RESOURCES, errors
from core.errors import Cancelled, InputError, PansharpenError, reason_of

ROOT = Path(__file__).resolve().parents[2]
KINDS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, PansharpenError)
} | {"RequestError"}


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Place, code and names of the facts of every error that is made with a literal code."""
    for folder in ("core", "training", "experiments"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                for code in codes(node) if node.func.id in KINDS else ():
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield place, code, {each.arg or "" for each in node.keywords}


def codes(call: ast.Call) -> list[str]:
    """The code, or both of a conditional expression."""
    first = call.args[0] if call.args else None
    either = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
    return [e.value for e in either if isinstance(e, ast.Constant) and isinstance(e.value, str)]


def names(sentences: list[str]) -> set[str]:
    return {name for text in sentences for _, name, _, _ in Formatter().parse(text) if name}


def test_every_code_has_sentences_that_name_its_facts() -> None:
    table = json.loads((RESOURCES / "errors.json").read_text("utf-8"))
    wrong = [
        f"{place}: {code} {sorted(facts)}"
        for place, code, facts in raised()
        if code not in table or not names(table[code]) <= facts
    ]
    assert wrong == []


def test_an_error_reads_as_its_message_and_its_remedy() -> None:
    error = InputError("pan-is-ms", pan="a.tif")
    assert (error.code, error.facts) == ("pan-is-ms", {"pan": "a.tif"})
    assert str(error) == f"{error.message} {error.remedy}"
    assert "a.tif" in error.message


@pytest.mark.parametrize(
    "error", [InputError("job-version", job="j", version=1, here=2), Cancelled()]
)
def test_an_error_comes_whole_from_another_process(error: PansharpenError) -> None:
    """Dask sends those of its workers in its own way, which takes what pickle takes."""
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is type(error)
    assert (str(other), other.facts) == (str(error), error.facts)


def test_a_code_without_sentences_is_a_fault() -> None:
    with pytest.raises(KeyError):
        str(InputError("no-such-code"))


def test_every_code_says_what_to_do() -> None:
    table = json.loads((RESOURCES / "errors.json").read_text("utf-8"))
    assert [code for code, (_, remedy) in table.items() if not remedy] == ["cancelled"]


def raised_from(*texts: str) -> Exception:
    """An exception, raised from one with the next text, and so on."""
    first, *rest = texts
    error = OSError(first)
    error.__cause__ = raised_from(*rest) if rest else None
    return error


def test_the_reason_is_that_of_what_failed_first() -> None:
    error = raised_from("See previous exception for details.", "IReadBlock", "no disk.")
    assert reason_of(error) == "no disk"
    assert reason_of(KeyError()) == "KeyError"
    told = InputError("raster-damaged", path="a.tif", reason=error).message
    assert told == "a.tif cannot be read (no disk)."


def test_a_crs_that_has_no_code_is_told_by_its_name() -> None:
    page = json.dumps({"type": "EngineeringCRS", "name": "Mine", "datum": {"name": "d"}}, indent=2)
    error = OSError(f"Cannot find coordinate operations from '{page}' to 'EPSG:32633'")
    assert reason_of(error) == "Cannot find coordinate operations from 'Mine' to 'EPSG:32633'"
