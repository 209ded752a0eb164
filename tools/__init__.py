# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that build and check the plugin; not in the zip."""
