# SPDX-License-Identifier: GPL-2.0-or-later
"""The torch modules of the methods, for training; a shipped model runs without torch."""
