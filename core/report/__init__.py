# SPDX-License-Identifier: GPL-2.0-or-later
"""HTML pages for people: the quality of a fused image, and the comparison of methods."""

from core.report.pages import quality_page, write_test_report

__all__ = ["quality_page", "write_test_report"]
