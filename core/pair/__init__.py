# SPDX-License-Identifier: GPL-2.0-or-later
"""A PAN and its MS, at full and at reduced resolution; nothing of how they are fused."""
