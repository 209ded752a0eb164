# SPDX-License-Identifier: GPL-2.0-or-later
"""Options are made of a request's fields, and a request of the options given."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, fields

import pytest

from core.__main__ import COMMANDS, main
from core.cli import pansharpen
from core.cli.options import add_options, request_of
from core.requests.jobs import JOB_TASKS
from core.requests.scenes import TASKS, Extent, Pansharpen, option


@dataclass(frozen=True)
class Request:
    """One field of each kind."""

    path: str | tuple[str, ...] = field(metadata={"help": "a file, or several"})
    hidden: str
    number: int | None = option(None, "default {default}, not {other}", "N")
    share: float = option(0.5, "a share")
    loud: bool = option(False, "a switch")
    kind_of: str = option("a", "one of two", choices=("a", "b"))
    bands: tuple[int, ...] | None = option(None, "numbers", "1,2")
    names: tuple[str, ...] = option((), "words", "A,B")
    extent: Extent | None = option(None, "corners", "XMIN,YMIN,XMAX,YMAX")
    settings: dict[str, str] = field(
        default_factory=dict, metadata={"help": "pairs", "metavar": "KEY=VALUE", "flag": "--set"}
    )


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser()
    add_options(made, Request, other="seven")
    return made


def read(line: str) -> Request:
    return request_of(Request, parser().parse_args(line.split()), hidden="h")


def test_request_without_options_has_the_defaults() -> None:
    assert read("--path p") == Request("p", "h")


def test_one_file_is_its_name_and_several_are_all_names() -> None:
    assert read("--path a.tif").path == "a.tif"
    assert read("--path a.tif b.tif --loud").path == ("a.tif", "b.tif")


def test_request_has_what_was_given() -> None:
    line = "--path p --number 3 --share 0.1 --loud --kind-of b --bands 3,1 --names x,y"
    line += " --extent=-1,2,3,4.5 --set A=1 --set B=x=y"
    expected = Request(
        "p", "h", 3, 0.1, True, "b", (3, 1), ("x", "y"), (-1, 2, 3, 4.5), {"A": "1", "B": "x=y"}
    )
    assert read(line) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        "--number 1.5",
        "--kind-of c",
        "--bands 1-3",
        "--bands 1,,3",
        "--extent 1,2,3",
        "--extent a,b,c,d",
        "--set LZW",
        "--hidden h",
    ],
)
def test_wrong_value_ends_with_usage(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read(f"--path p {wrong}")
    assert ended.value.code == 2
    assert wrong.split()[0] in capsys.readouterr().err


def test_help_shows_default_words_and_form() -> None:
    text = parser().format_help()
    assert "default None, not seven" in text
    assert "--set KEY=VALUE" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_field_of_a_request_is_an_option_with_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    text = capsys.readouterr().out
    flags = {"creation_options": "--co"}
    flags |= dict.fromkeys(("out_pan", "out_ms", "out_reference"), "--out")
    for each in fields({**TASKS, **JOB_TASKS}[command]):
        assert flags.get(each.name, f"--{each.name.replace('_', '-')}") in text


def pansharpen_request(line: str) -> Pansharpen:
    made = argparse.ArgumentParser()
    pansharpen.add_arguments(made)
    return pansharpen.request_from(made.parse_args(f"--pan p --ms m --out o {line}".split()))


@pytest.mark.parametrize(
    ("line", "seconds"),
    [("", 0), ("--method ksdiff", 0), ("--adapt 5", 5), ("--method ksdiff-adapted", 60)],
)
def test_networks_are_fine_tuned_on_demand_only(line: str, seconds: float) -> None:
    assert pansharpen_request(line).adapt == seconds


def test_report_asks_for_the_comparison() -> None:
    assert pansharpen_request("--report r.html").scene_test
