# SPDX-License-Identifier: GPL-2.0-or-later
"""What fine-tuning a network to a scene changes, at reduced and at full resolution."""
