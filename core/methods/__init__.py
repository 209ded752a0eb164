# SPDX-License-Identifier: GPL-2.0-or-later
"""The methods, each a `prepare` and a `fuse`; no files and no tiles."""
