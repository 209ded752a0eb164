# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker process: its protocol, cancelling, and main; the work is the commands'."""
