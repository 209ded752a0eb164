# SPDX-License-Identifier: GPL-2.0-or-later
"""HTML pages for people: the quality of a fused image, and the comparison of methods."""

from core.report.pages import write_report, write_test_report

__all__ = ["write_report", "write_test_report"]
