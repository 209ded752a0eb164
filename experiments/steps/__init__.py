# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO in several steps, and the mean of several samples."""
