# SPDX-License-Identifier: GPL-2.0-or-later
"""Never stops to write lines that are no events."""

while True:
    print("la " * 100)
