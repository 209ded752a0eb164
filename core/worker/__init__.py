# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker process: protocol, cancellation, and the loop that serves one request."""
