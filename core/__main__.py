# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line: ``python -m core COMMAND ...``.

Each command is a module of its name in `core.cli`.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import re
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

# Checked before anything that an older Python cannot parse.
if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit("KSDiff needs Python 3.10 or newer.")

from core import __version__
from core.cli import COMMANDS
from core.errors import Cancelled, PansharpenError
from core.gdal_names import log_as_called
from core.worker.main import describe_error
from core.worker.protocol import EXIT_CANCELLED, EXIT_ERROR

log = logging.getLogger("core")

EXIT_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of the core. Return the exit code."""
    return run_command("core", COMMANDS, "core.cli.{}", arguments)


def run_command(
    program: str, commands: Mapping[str, str], module: str, arguments: Sequence[str] | None = None
) -> int:
    """Run one command of a program; print an error as its message and its remedy.

    Parameters
    ----------
    program : the name of the package, for the usage text.
    commands : name of a command -> what it does.
    module : dotted name of a command's module, with {} for the command.
    arguments : those of the process by default.

    Returns the exit code.
    """
    width = max(map(len, commands))
    listing = "\n".join(f"  {name:<{width}}  {text}" for name, text in commands.items())
    parser = _Parser(
        prog=f"python -m {program}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"commands:\n{listing}\n\nCOMMAND --help lists its options.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("command", choices=commands, metavar="COMMAND")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    try:
        # Imported only now: a command loads only the packages it needs.
        command = importlib.import_module(module.format(chosen.command))
        parser = _Parser(
            prog=f"python -m {program} {chosen.command}",
            description=f"{commands[chosen.command][0].upper()}{commands[chosen.command][1:]}.",
        )
        text = "print more messages (-vv: all)"
        parser.add_argument("-v", "--verbose", action="count", default=0, help=text)
        command.add_arguments(parser)
        args = parser.parse_args(_joined(chosen.rest))
        _set_up_logging(args.verbose)
        return int(command.run(args))
    except (Cancelled, KeyboardInterrupt):
        sys.stderr.write("Cancelled.\n")
        return EXIT_CANCELLED
    except Exception as error:
        log.info("Where it failed", exc_info=not isinstance(error, PansharpenError))
        _, described = describe_error(error)
        lines = [f"error: {described.message}", described.remedy]
        sys.stderr.write("".join(f"{line}\n" for line in lines if line))
        return EXIT_ERROR


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are not preceded by the list of all options."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"error: {message}\n{self.prog} --help lists the options.\n")


def _joined(arguments: Sequence[str]) -> list[str]:
    """Return ``--extent -10.5,40,-10,41`` as ``--extent=-10.5,40,-10,41``.

    argparse takes a value that begins with a minus for an option, unless it is a single number.
    """
    joined: list[str] = []
    for each in arguments:
        if joined and re.match(r"--[\w-]+$", joined[-1]) and re.match(r"-[.\d]", each):
            joined[-1] += f"={each}"
        else:
            joined.append(each)
    return joined


def _set_up_logging(verbose: int) -> None:
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for handler in logging.getLogger().handlers:
        handler.addFilter(log_as_called)
    log.setLevel(level)


if __name__ == "__main__":
    sys.exit(main())
