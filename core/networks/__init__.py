# SPDX-License-Identifier: GPL-2.0-or-later
"""The torch modules of the methods. Importing them needs torch; running a shipped model does not."""
