# SPDX-License-Identifier: GPL-2.0-or-later
"""How a job's throughput grows with its workers, and what would limit it on many machines."""
