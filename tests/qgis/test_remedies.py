# SPDX-License-Identifier: GPL-2.0-or-later
"""Remedies for the worker's errors, in QGIS' words."""

from __future__ import annotations

import json
import string

import pytest
from qgis_helpers import ROOT

from ksdiff_qgis.runtime.diagnosis import reported
from ksdiff_qgis.runtime.errors import NEED_FULL, REMEDIES

SENTENCES = json.loads((ROOT / "resources" / "errors.json").read_text(encoding="utf-8"))


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", [*REMEDIES, *NEED_FULL])
def test_a_remedy_is_for_a_code_of_the_worker_and_names_its_facts(code):
    facts = {"packages": "numpy", "python": "python3"}
    named = names(REMEDIES.get(code, ""))
    assert named <= names(" ".join(SENTENCES[code])) and named <= set(facts)
    error = reported({"kind": "X", "code": code, "facts": facts, "message": "M.", "remedy": "R."})
    assert error.message == "M."
    assert error.remedy and error.remedy != "R."


@pytest.mark.parametrize("more", [{}, {"code": "pan-is-ms", "facts": {}}])
def test_other_errors_keep_the_remedy_of_the_worker(more):
    error = reported({"kind": "InputError", "message": "M.", "remedy": "R.", **more})
    assert (error.message, error.remedy) == ("M.", "R.")


def test_error_without_a_remedy_is_reported():
    assert reported({"kind": "InputError", "message": "M."}).message == "M."
