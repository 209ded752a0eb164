# SPDX-License-Identifier: GPL-2.0-or-later
"""The data sets and tables of `bench`; the run itself is the command's."""
