# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker's environment and one run of it. Standard library only, no PyQGIS."""
