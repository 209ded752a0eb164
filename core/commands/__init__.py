# SPDX-License-Identifier: GPL-2.0-or-later
"""The tasks, one module each, with ``perform(request, progress, pace) -> dict``.

A request is one of `core.requests`; the dict is the result event of the worker. The worker and the
command line both call ``perform``.
"""
