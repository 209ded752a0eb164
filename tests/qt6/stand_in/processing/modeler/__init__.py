# SPDX-License-Identifier: GPL-2.0-or-later
"""Names of the model designer that the plugin uses."""
