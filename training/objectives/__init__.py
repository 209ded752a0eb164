# SPDX-License-Identifier: GPL-2.0-or-later
"""What differs between methods in training and export: one `Objective` each, and their table."""
