# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors for the user: a code, and facts.

The English message and remedy of each code are in `resources/errors.json`, with the facts in
braces. The command line and the log show them; for some codes the plugin has a remedy of its own.
"""

from __future__ import annotations

import json
import re
from functools import cache

from core import RESOURCES
from core.gdal_names import as_called
from core.language import say

#: Texts of failed allocations: of onnxruntime and its arena, C++, CUDA's libraries, torch.
NO_MEMORY = (
    "allocate memory",
    "smaller than requested bytes",
    "bad_alloc",
    "bad allocation",
    "out of memory",
    "alloc_failed",
    "not enough memory",
)


class PansharpenError(Exception):
    """Base class of the errors for the user.

    Parameters
    ----------
    code : what is wrong, a key of `resources/errors.json`.
    facts : files, parameters and values for the sentences; of an exception, its reason is kept.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        facts = {name: _for_user(value) for name, value in facts.items()}
        super().__init__(code, facts)
        self.code = code
        self.facts: dict[str, object] = facts

    @property
    def message(self) -> str:
        """The message: what is wrong."""
        return say(_sentences()[self.code][0], **self.facts)

    @property
    def remedy(self) -> str:
        """The remedy: what to do; may be empty."""
        return say(_sentences()[self.code][1], **self.facts)

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the error, for other processes of a cluster."""
        return _unpickled, (type(self), self.code, self.facts)


def _unpickled(kind: type[PansharpenError], code: str, facts: dict[str, object]) -> PansharpenError:
    """Return the copy of an error from another process."""
    error = kind.__new__(kind)
    PansharpenError.__init__(error, code, **facts)
    return error


def _for_user(fact: object) -> object:
    """Return a fact for the user: the reason of an exception, the user's names of files."""
    fact = reason_of(fact) if isinstance(fact, BaseException) else fact
    return as_called(fact) if isinstance(fact, str) else fact


def causes_of(error: BaseException) -> list[BaseException]:
    """Return an exception and its causes, the first cause last."""
    chain = [error]
    while (cause := chain[-1].__cause__) is not None and cause not in chain:
        chain.append(cause)
    return chain


def reason_of(error: BaseException) -> str:
    """Return why something failed: the message of its first cause, without a full stop.

    rasterio says "Read failed. See previous exception for details." and keeps GDAL's reason in the
    exception before it. PROJ names a CRS without a code by a page of JSON; its name is enough.
    """
    first = causes_of(error)[-1]
    text = first.message if isinstance(first, PansharpenError) else str(first)
    text = re.sub(r"'\{.*?\"name\":\s*\"([^\"]*)\".*?\}'(?=\s|$)", r"'\1'", text, flags=re.DOTALL)
    return " ".join(text.split()).rstrip(". ") or type(first).__name__


def out_of_memory(error: BaseException) -> bool:
    """Return whether an allocation failed, on the CPU or a GPU.

    onnxruntime, CUDA and torch raise exceptions of their own for that, known by their texts.
    """
    if isinstance(error, PansharpenError):
        return False
    reason = reason_of(error).lower()
    return isinstance(error, MemoryError) or any(words in reason for words in NO_MEMORY)


@cache
def _sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads((RESOURCES / "errors.json").read_text("utf-8"))
    return found


class InputError(PansharpenError):
    """The files or parameters of the user are wrong."""


class ModelError(PansharpenError):
    """A model file is missing, damaged or does not fit the scene."""


class OutputError(PansharpenError):
    """The result cannot be written."""


class EnvironmentFault(PansharpenError):
    """The Python environment lacks a package, memory ran out, or the program has a fault."""


class Cancelled(PansharpenError):
    """The user cancelled the run."""

    def __init__(self) -> None:
        super().__init__("cancelled")
