# SPDX-License-Identifier: GPL-2.0-or-later
"""The methods, each with `prepare` and `fuse`; no files, no tiles."""
