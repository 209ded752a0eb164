# SPDX-License-Identifier: GPL-2.0-or-later
"""Reports as HTML pages; nothing is measured here."""
