# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:bench`: every method on every scene of a folder."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import QgsProcessingFeedback

from ..language import tr
from ..runtime.worker_run import show_table
from ..runtime.worker_translation import table_in_users_words
from . import files, methods
from . import parameters as p
from .toolbox_entry import EVALUATION
from .values import Values
from .worker_algorithm import Outputs, Result, WorkerAlgorithm

DATA, METHODS = "DATA", "METHODS"
CSV, JSON = "CSV", "JSON"
# Methods that are fine-tuned to each scene.
_FINE_TUNED = ("ksdiff-adapted", "auto-adapted", "srino-adapted")
_METHOD_NAMES = (methods.AUTO, methods.KSDIFF, methods.SRINO, *methods.CLASSICAL, *_FINE_TUNED)


class BenchAlgorithm(WorkerAlgorithm):
    """Compare methods on scenes in the worker."""

    key = "bench"
    title = "Compare methods on scenes"
    summary = "Scores of every method on every scene of a folder."
    keywords = "pansharpen,benchmark,compare,quality,ergas,sam,q2n,wald"
    toolbox_group = EVALUATION
    task = "bench"
    destinations: ClassVar[dict[str, str]] = {"csv": CSV, "json": JSON}
    numbers: ClassVar[Outputs] = {
        "ROWS": ("rows", "Rows of the table"),
        "SECONDS": ("seconds", "Run time (s)"),
    }

    def parameters(self) -> list[p.Parameter]:
        return [
            p.folder(
                DATA,
                "Scene folder",
                "Folder with one subfolder per set that holds pairs X_pan.tif and X_ms.tif; or "
                "the path of a PanCollection test file (.h5 or .mat).",
            ),
            p.with_field(
                p.choice(
                    METHODS,
                    "Methods",
                    "All if none is chosen. 'auto' is the method that KSDiff pansharpening would "
                    "select; 'ksdiff-adapted', 'srino-adapted' and 'auto-adapted' fine-tune the "
                    "network to each scene and need a fine-tuning time.",
                    _METHOD_NAMES,
                    None,
                    several=True,
                ),
                "fields.WordChoices",
                titles={name: methods.title(name) for name in _METHOD_NAMES},
            ),
            p.with_field(
                p.adapt(
                    0,
                    tr(
                        "If not 0, the fine-tuned methods are also compared, which takes twice "
                        "that time per scene and resolution."
                    ),
                ),
                "fields.FineTuning",
                each=True,
            ),
            p.file_output(CSV, "Score table", "One row per scene and method.", "CSV (*.csv)"),
            p.file_output(
                JSON, "Score table as JSON", "The same table, for programs.", p.JSON, default=False
            ),
        ]

    def problem(self, values: Values) -> str:
        return (
            files.scenes_problem(values.file(DATA))
            or self._time_problem(values)
            or self.destinations_problem(values, ())
        )

    def _time_problem(self, values: Values) -> str:
        fine_tuned = [name for name in values.words(METHODS) if name in _FINE_TUNED]
        if not fine_tuned or values.integer(p.ADAPT):
            return ""
        return tr("Set the fine-tuning time: {} needs it.").format(", ".join(fine_tuned))

    def request(self, values: Values) -> dict[str, Any]:
        return {
            "data": values.full_path(DATA),
            "methods": values.words(METHODS) or None,
            "adapt": values.integer(p.ADAPT),
        }

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        show_table(feedback, table_in_users_words(str(result.get("table") or "")))
        return super().outputs(result, feedback)
