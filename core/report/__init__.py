# SPDX-License-Identifier: GPL-2.0-or-later
"""HTML pages for people; nothing is measured here."""
