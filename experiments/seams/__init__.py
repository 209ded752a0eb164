# SPDX-License-Identifier: GPL-2.0-or-later
"""Steps of colour at the seams of scenes that were cut from one another."""
