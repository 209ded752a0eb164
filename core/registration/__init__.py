# SPDX-License-Identifier: GPL-2.0-or-later
"""The shift between MS and PAN, or between two images of the same ground; no warping of pixels."""
