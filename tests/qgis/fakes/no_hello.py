# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts, and never says a word."""

import time

time.sleep(60)
