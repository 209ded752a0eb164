# SPDX-License-Identifier: GPL-2.0-or-later
"""The ablations of both papers: networks with one part replaced, trained alike and compared."""
