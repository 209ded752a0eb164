# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages under docs/: current and complete."""

from __future__ import annotations

import re

import pytest
from qgis_helpers import ROOT

from tools import parameters

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def test_parameter_tables_are_current(qgis_processing):
    assert parameters.PAGE.read_text(encoding="utf-8") == parameters.page(), "make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_exist(page):
    """As files, since the plugin's help window shows them without a site."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_page_is_in_the_contents():
    contents = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert {page.name for page in PAGES} == set(re.findall(r": (\S+\.md)$", contents, re.MULTILINE))
