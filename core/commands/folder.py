# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen the pairs of a folder or a table: a plan, one run for each pair, and a summary."""

from __future__ import annotations

import csv
import io
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

from core.commands import pansharpen
from core.commands.folder_files import FoundPair
from core.commands.folder_job import on_scheduler
from core.commands.folder_pairs import find_pairs
from core.errors import Cancelled, InputError
from core.fusion.method_selection import reason
from core.fusion.provenance import made_alike
from core.gdal_names import path_in
from core.jobs.planning import SceneRequest
from core.language import in_columns, say
from core.progress import Pace, Progress, labelled, scaled
from core.raster.output_files import check_target, make_folder, remove_stale
from core.raster.writer import write_texts
from core.requests.scenes import Folder, Pansharpen, Sharpening
from core.worker.main import describe_error

log = logging.getLogger(__name__)

#: The name of a result is that of its pair with this ending.
ENDING = "_sharpened.tif"
READY, NO_PAIR, LEFT_OUT = "ready", "no pair", "left out"
SHARPENED, THERE, FAILED = "sharpened", "already there", "not sharpened"


@dataclass(frozen=True)
class Row:
    """A row of the summary.

    Parameters
    ----------
    pan, ms : files; several of single bands with | between them.
    why : the reason for the method.
    ergas, sam : of the method in the comparison on the scene, if there was one; SAM in degrees.
    remark : doubts about the pair, or what is wrong with it.
    """

    pair: str
    pan: str
    ms: str
    out: str
    state: str
    method: str = ""
    why: str = ""
    seconds: float | None = None
    ergas: float | None = None
    sam: float | None = None
    remark: str = ""


def perform(
    request: Folder,
    progress: Progress,
    pace: Pace,
    show: Callable[[Sequence[Row]], None] | None = None,
) -> dict[str, Any]:
    """Sharpen the pairs, write the summary after each, and return it.

    `show` is called with the plan before the run; by default it is logged. The error of a pair is
    in its row. Raises PansharpenError for settings that fit no pair, or where there is no pair.
    """
    started = time.monotonic()
    pansharpen.check_settings(request)
    table = check_target(Path(request.csv), (), (".csv",)) if request.csv else None
    progress(0.0, "Looking for pairs")
    pairs = find_pairs(Path(request.data), Path(request.out_folder))
    if not pairs:
        raise InputError("no-pairs", data=request.data)
    rows = _planned(pairs, request)
    (show or _log_plan)(rows)
    runs: list[dict[str, Any]] = []
    if not request.dry_run:
        make_folder(Path(request.out_folder))
        for row in rows:
            if row.state in (READY, THERE):
                remove_stale(Path(row.out))
        ready = [n for n, row in enumerate(rows) if row.state == READY]
        asked = {n: asked_of(pairs[n], request.out_folder, request) for n in ready}
        work = _Work(rows, asked, table)
        if request.scheduler and ready:
            work.on_workers(request, progress, pace)
        else:
            runs = work.one_by_one(progress, pace)
    _write(rows, table)
    counts = Counter(row.state for row in rows)
    return {
        "pairs": sum(bool(pair.pan and pair.ms) for pair in pairs),
        "sharpened": counts[SHARPENED],
        "there": counts[THERE],
        "failed": counts[FAILED],
        "left_out": counts[NO_PAIR] + counts[LEFT_OUT],
        "rows": [asdict(row) for row in rows],
        "runs": runs,
        "table": as_text(rows),
        "out_folder": request.out_folder,
        "csv": request.csv,
        "seconds": round(time.monotonic() - started, 2),
    }


@dataclass(frozen=True)
class _Work:
    """Pairs to sharpen: `asked` are their requests, by the number of the row of the result."""

    rows: list[Row]
    asked: dict[int, Pansharpen]
    table: Path | None

    def one_by_one(self, progress: Progress, pace: Pace) -> list[dict[str, Any]]:
        """Sharpen the pairs in this process; return the runs."""
        runs: list[dict[str, Any]] = []
        total = len(self.asked)
        pace.start(total)
        for done, (n, asked) in enumerate(self.asked.items()):
            label = f"Pair {done + 1} of {total}, {self.rows[n].pair}"
            part = scaled(labelled(progress, label), done / total, (done + 1) / total)
            self.rows[n], took = _sharpen(self.rows[n], asked, part)
            runs += took
            pace.done(1)
            _write(self.rows, self.table)
        return runs

    def on_workers(self, request: Folder, progress: Progress, pace: Pace) -> None:
        """Sharpen the pairs on the workers of a scheduler; report each result when it is done."""
        rows = self.rows
        of_name = {rows[n].pair: n for n in self.asked}

        def on_collected(name: str, made: dict[str, Any]) -> None:
            n = of_name.pop(name)
            row = _sharpened(rows[n], request.method, made["method"], made["facts"])
            rows[n] = replace(row, seconds=made["seconds"])
            _write(rows, self.table)
            send = getattr(progress, "measure", None)  # only the worker's progress has it
            if send:
                send(**asdict(rows[n]))

        scenes = [SceneRequest(rows[n].pair, asked) for n, asked in self.asked.items()]
        for each in scenes:
            pansharpen.checked_output(each.request)
        scheduler = request.scheduler or ""
        folder = Path(request.out_folder)
        failed = on_scheduler(folder, scenes, scheduler, progress, pace, on_collected)
        for name, n in of_name.items():
            rows[n] = replace(rows[n], state=FAILED, remark=failed.get(name, ""))


def _planned(pairs: Sequence[FoundPair], request: Folder) -> list[Row]:
    """Return a row for each pair: whether it will be sharpened, and why not."""
    rows: list[Row] = []
    for pair in pairs:
        asked = asked_of(pair, request.out_folder, request)
        out = asked.out
        state, remark = READY, " ".join(pair.doubts)
        if pair.problem:
            state, remark = FAILED if pair.pan and pair.ms else NO_PAIR, pair.problem
        elif any(row.out == out for row in rows):
            state, remark = FAILED, say("Its result would replace that of another pair.")
        if pair.name in request.leave_out or (state == READY and remark and request.skip_doubtful):
            state = LEFT_OUT
        there = made_alike(Path(out), asked) if state == READY else None
        state, method = (state, "") if there is None else (THERE, there)
        pan, ms = _joined(pair.pan), _joined(pair.ms)
        rows.append(Row(pair.name, pan, ms, out, state, method, remark=remark))
    return rows


def asked_of(pair: FoundPair, folder: str, settings: Sharpening) -> Pansharpen:
    """Return the request for one of the pairs, whose results are in a folder."""
    out = pair.out or str(Path(folder) / f"{pair.name}{ENDING}")
    common = {each.name: getattr(settings, each.name) for each in fields(Sharpening)}
    return Pansharpen(pan=pair.pan or "", ms=pair.ms or "", out=out, **common)


def _joined(names: str | tuple[str, ...] | None) -> str:
    return "|".join(names) if isinstance(names, tuple) else names or ""


def _log_plan(rows: Sequence[Row]) -> None:
    """Log the plan: a summary, and a line for each pair, with a warning for doubtful ones."""
    first, *lines = plan_lines(rows)
    log.info(first)
    for row, line in zip(rows, lines, strict=True):
        log.log(logging.WARNING if row.remark else logging.INFO, line)


def plan_lines(rows: Sequence[Row]) -> list[str]:
    """Return the plan as lines: a summary, then each pair with its files and its state."""
    ready = [row for row in rows if row.state == READY]
    doubtful = sum(bool(row.remark) for row in ready)
    lines = [f"To sharpen: {len(ready)} of {len(rows)}, {doubtful} of them doubtful."]
    for row in rows:
        both = " + ".join(_shown(each) for each in (row.pan, row.ms) if each)
        doubt = "doubtful" if row.state == READY and row.remark else row.state
        lines.append(f"{row.pair}: {both}; {doubt}. {row.remark}".rstrip())
    return lines


def _shown(names: str) -> str:
    """Return the names of files without their folders."""
    return ", ".join(path_in(name).name for name in names.split("|"))


def _sharpen(row: Row, asked: Pansharpen, progress: Progress) -> tuple[Row, list[dict[str, Any]]]:
    """Sharpen a pair by the command for one pair; return its row, and the seconds of the run."""
    started = time.monotonic()
    progress(0.0, "Opening the files")
    try:
        done = pansharpen.perform(asked, progress, Pace())
    except Cancelled:
        raise
    except Exception as error:
        _, described = describe_error(error)
        remark = f"{described.message} {described.remedy}".strip()
        log.warning(
            "%s was not sharpened: %s", row.pair, remark, exc_info=log.isEnabledFor(logging.DEBUG)
        )
        return replace(row, state=FAILED, remark=remark), []
    sharpened = _sharpened(row, asked.method, done["method"], done["scene_test"])
    sharpened = replace(sharpened, seconds=round(time.monotonic() - started, 2))
    took = {key: done[key] for key in ("seconds", "tile_seconds")}
    return sharpened, [{"out": row.out, **took}]


def _sharpened(row: Row, asked: str, method: str, test: dict[str, Any] | None) -> Row:
    """Return the row of a sharpened pair: method, the reason for it, scores."""
    compared: list[dict[str, Any]] = test["rows"] if test else []
    scores = next((each for each in compared if each["method"] == method), {})
    return replace(
        row,
        state=SHARPENED,
        method=method,
        why=reason(asked, test, method),
        ergas=scores.get("ERGAS"),
        sam=scores.get("SAM"),
    )


def _write(rows: Iterable[Row], path: Path | None) -> None:
    """Write the summary if a file was named; raise OutputError where that fails."""
    if path is None:
        return
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(each.name for each in fields(Row))
    for row in rows:
        values = astuple(row)
        writer.writerow(f"{v:.6g}" if isinstance(v, float) else v for v in values)
    write_texts({path: text.getvalue()})


def as_text(rows: Sequence[Row]) -> str:
    """Return the summary as lines for a terminal and a log."""
    head = ("pair", "state", "method", "ERGAS", "seconds")
    cells = [
        (
            row.pair,
            row.state,
            row.method,
            "" if row.ergas is None else f"{row.ergas:.4f}",
            "" if row.seconds is None else f"{row.seconds:.1f}",
        )
        for row in rows
    ]
    remarks = ["remark", *(row.remark for row in rows)]
    padded = zip(in_columns([head, *cells], left=3), remarks, strict=True)
    return "\n".join("  ".join([*each, remark]).rstrip() for each, remark in padded)
