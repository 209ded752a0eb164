# SPDX-License-Identifier: GPL-2.0-or-later
"""What builds and checks the plugin; none of it is shipped."""
