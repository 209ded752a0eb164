# SPDX-License-Identifier: GPL-2.0-or-later
"""What the analyst sees beside the algorithm dialogs: the layer menu, the styled result."""
