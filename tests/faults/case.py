# SPDX-License-Identifier: GPL-2.0-or-later
"""A case: a pair, a request, the trouble, and what is right.

Whatever a case is about, some things must always be so: a run ends with a result or with an error
that says what to do; no input is changed; where there is an error, the earlier result is as it was;
nothing else is left in its folder.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import rasterio
from rasterio.crs import CRS

from core.progress import Pace
from core.requests.scenes import TASKS
from core.worker.main import describe_error
from tests.faults.rasters import Pair, files_in

EARLIER = b"an earlier result"
FAULTS = {"program-fault", "package-broken", "packages-missing", "out-of-memory", "other"}


@dataclass(frozen=True)
class Outcome:
    """What a run gave.

    code, text : of the error, both empty without one.
    said : warnings and notes, with their level.
    stages : what the progress said was being done.
    folder : of the case; `in` has the inputs.
    """

    case: Case
    folder: Path
    out: Path
    code: str = ""
    text: str = ""
    said: tuple[tuple[str, str], ...] = ()
    stages: tuple[str, ...] = ()

    @property
    def warnings(self) -> str:
        return "\n".join(text for level, text in self.said if level == "WARNING")


#: What must be so; gives a sentence for everything that is not.
Check = Callable[[Outcome], Iterable[str]]
Run = Callable[["Case", Any, Path], Outcome]


@contextmanager
def listening() -> Iterator[list[tuple[str, str]]]:
    """Collect what the core logs."""
    heard: list[tuple[str, str]] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append((record.levelname, record.getMessage()))

    log, ear = logging.getLogger("core"), Ear(logging.INFO)
    level = log.level
    log.addHandler(ear)
    log.setLevel(logging.INFO)
    try:
        yield heard
    finally:
        log.removeHandler(ear)
        log.setLevel(level)


def in_process(case: Case, request: Any, folder: Path) -> Outcome:
    """Run a request in this process, as the worker would."""
    stages: list[str] = []
    out, code, text = folder / "out" / case.target, "", ""
    with listening() as said:
        try:
            module = import_module(f"core.commands.{case.task}")
            module.perform(request, lambda _, message: stages.append(message), Pace())
        except Exception as error:
            _, told = describe_error(error)
            code, text = told.code, f"{told.message} {told.remedy}"
    return Outcome(case, folder, out, code, text, tuple(said), tuple(stages))


@dataclass(frozen=True)
class Case:
    """One member of the table.

    id : words, with the group first.
    right : the result's properties, or the error.
    ask : fields of the request; "{in}" and "{out}" in texts are the folders.
    task : of the worker.
    target : name of the result.
    earlier : whether there is a result of an earlier run.
    around : the trouble, as a context that is given the case's folder.
    run : how the request is performed.
    """

    id: str
    right: tuple[Check, ...]
    pair: Pair = field(default_factory=Pair)
    ask: Mapping[str, Any] = field(default_factory=dict)
    task: str = "pansharpen"
    target: str = "o.tif"
    earlier: bool = True
    around: Callable[[Path], AbstractContextManager[Any]] = nullcontext
    run: Run = in_process

    def outcome(self, folder: Path) -> Outcome:
        """Write the inputs and run."""
        names = dict(zip(("pan", "ms"), self.pair.write(folder / "in"), strict=True))
        (folder / "out").mkdir()
        out = folder / "out" / self.target
        if self.earlier:
            out.write_bytes(EARLIER)
        kind = TASKS[self.task]
        asked = {"out": str(out), "method": "exp", "adapt": 0.0} | names | dict(self.ask)
        for key, value in asked.items():
            if isinstance(value, str):
                asked[key] = value.replace("{in}", f"{folder}/in").replace("{out}", f"{folder}/out")
        known = {each.name for each in fields(kind)}
        request = kind(**{key: value for key, value in asked.items() if key in known})
        with self.around(folder):
            return self.run(self, request, folder)

    def wrongs(self, folder: Path) -> list[str]:
        """Try the case in an empty folder; return what is wrong."""
        folder.mkdir(parents=True, exist_ok=True)
        before: dict[str, bytes] = {}
        inner = self.run

        def watched(case: Case, request: Any, at: Path) -> Outcome:
            before.update(files_in(at / "in"))
            return inner(case, request, at)

        done = replace(self, run=watched).outcome(folder)
        found = [*_always(done), *(text for check in self.right for text in check(done))]
        after = files_in(folder / "in")
        if after != before | {name: after[name] for name in before if before[name] == b"closed"}:
            found.append("a file of the inputs was changed, made or removed")
        return found


def _always(done: Outcome) -> Iterator[str]:
    if done.code in FAULTS:
        yield f"passes through as {done.code}: {done.text}"
    if done.code and len(done.text.split()) < 4:
        yield f"the error {done.code} says nothing: {done.text!r}"
    if "See previous exception" in done.text:
        yield f"the reason is hidden: {done.text}"
    if done.code and done.case.earlier and done.out.read_bytes() != EARLIER:
        yield "the earlier result was changed by a run that failed"
    if done.code and not done.case.earlier and done.out.exists():
        yield "a run that failed left a file"
    names = {path.name for path in (done.folder / "out").iterdir()} - {done.case.target}
    if hidden := [name for name in names if name.startswith(".")]:
        yield f"left behind: {hidden}"
    if not done.code and done.case.task == "pansharpen":
        yield from _on_pans_grid(done)


def _on_pans_grid(done: Outcome) -> Iterator[str]:
    """The result has PAN's place, and MS' bands and type unless others were asked for.

    A turned or unplaced PAN may be brought to another grid.
    """
    pair, ask = done.case.pair, done.case.ask
    pan = pair.pan
    with rasterio.open(done.out) as made:
        kept = made.shape == pan.shape and made.transform.almost_equals(pan.grid, 1e-9)
        turned = pan.place != "grid" or pan.grid.b or pan.grid.d
        if not (kept or turned or "extent" in ask):
            yield f"the grid is {made.shape}, {made.transform}, not {pan.shape}, {pan.grid}"
        told = [CRS.from_user_input(crs) for crs in (pan.crs, pair.ms.crs) if crs]
        known = [crs for crs in told if crs.is_projected or crs.is_geographic] or told
        if known and pan.place == "grid" and made.crs != known[0]:
            yield f"the CRS is {made.crs}, not {known[0]}"
        dtype = ask.get("output_type") or pair.ms.dtype
        if set(made.dtypes) != {dtype}:
            yield f"the type is {made.dtypes}, not {dtype}"
        bands = len(ask.get("ms_bands") or range(pair.bands))
        if made.count != bands:
            yield f"there are {made.count} bands, not {bands}"
