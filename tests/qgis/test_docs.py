# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages under docs/: current, complete, and light enough to ship."""

from __future__ import annotations

import re

import pytest
from qgis_helpers import ROOT

from tools import parameters

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def test_the_tables_of_parameters_are_those_of_the_algorithms(qgis_processing):
    assert parameters.PAGE.read_text(encoding="utf-8") == parameters.page(), "make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """In the plugin's own window, too, which knows nothing of a site."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_page_is_in_the_contents():
    contents = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert {page.name for page in PAGES} == set(re.findall(r": (\S+\.md)$", contents, re.MULTILINE))


def test_pictures_are_light():
    """The zip of the plugin carries them."""
    pictures = list((DOCS / "images").glob("*.png"))
    assert pictures
    assert sum(picture.stat().st_size for picture in pictures) < 3_000_000
