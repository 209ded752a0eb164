# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:runtime`: check, install, repair, test or remove the Python environment."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import QgsNetworkAccessManager, QgsProcessingFeedback
from qgis.PyQt.QtNetwork import QNetworkProxy

from .. import paths
from ..language import tr
from ..runtime import environments, install_plan, installer, sizes, worker_run
from ..runtime.environments import PYTHON_VARIABLE, State, Status
from ..runtime.errors import Kind, RunCancelled, RunError
from ..runtime.install_plan import Plan
from ..runtime.interpreter import find_interpreter, worker_command
from . import parameters as p
from .toolbox_entry import RUNTIME
from .values import Values
from .worker_algorithm import Outputs, WorkerAlgorithm

ACTION, SIZE, PYTHON, WHEELS = "ACTION", "SIZE", "PYTHON", "WHEELS"


class Action(Enum):
    """What the algorithm does; the values are those of its parameter ACTION."""

    CHECK = "check"
    INSTALL = "install"
    REPAIR = "repair"
    REMOVE = "remove"
    SELFTEST = "selftest"


class RuntimeAlgorithm(WorkerAlgorithm):
    """Check, install, test and remove the environment; needs no project and no layer."""

    key = "runtime"
    title = "Check runtime"
    summary = "Checks, installs, tests or removes the Python environment of KSDiff."
    keywords = "environment,install,python,pytorch,onnxruntime,gpu,cuda,repair"
    toolbox_group = RUNTIME
    runtime_size = ""
    task = "check"
    texts: ClassVar[Outputs] = {
        "STATE": ("", "State: ready, missing, unfinished, outdated, broken or busy"),
        "SIZE_FOUND": ("", "Installed size: light, full or gpu"),
        "PYTHON_USED": ("", "Python interpreter that runs the algorithms"),
        "DEVICES": ("", "Devices of the self-test (JSON)"),
        "MESSAGE": ("", "Result, and what to do"),
        "FOLDER": ("", "Folder of the plugin's environment"),
        "LOG": ("", "Log of the installation"),
    }

    def __init__(self) -> None:
        super().__init__()
        self._proxy: dict[str, str] = {}

    def parameters(self) -> list[p.Parameter]:
        return [
            p.choice(
                ACTION,
                "Action",
                "'check' changes nothing; 'install' installs an environment; 'repair' installs "
                "the existing one again; 'remove' deletes it; 'selftest' sharpens a tiny pair "
                "on each device.",
                [action.value for action in Action],
                Action.CHECK.value,
                titles={
                    "check": "Check only",
                    "install": "Install",
                    "repair": "Install again",
                    "remove": "Remove",
                    "selftest": "Test on each device",
                },
            ),
            p.choice(
                SIZE,
                "Size",
                "'light' sharpens; 'full' also fine-tunes and trains; 'gpu' is full for an "
                "NVIDIA GPU. The log shows the size of the download before it starts. Only for "
                "'install': 'repair' keeps the installed size.",
                sizes.NAMES,
                # Published so; the window offers the smallest size first.
                sizes.FULL,
                titles=sizes.LABELS,
            ),
            p.file(
                PYTHON,
                "Base Python",
                "Interpreter to create the environment from; searched for if empty.",
                # The filter that a file has by default wants a dot in its name.
                tr("Python") + " (*)",
                optional=True,
                advanced=True,
            ),
            p.folder(
                WHEELS,
                "Folder of wheels",
                "Install from these files, without a network; see the help.",
                optional=True,
                advanced=True,
            ),
        ]

    def before_work(self, values: Values, feedback: QgsProcessingFeedback) -> None:
        self._proxy = _proxy()

    def cancel_message(self) -> str:
        return tr("Cancelled; nothing was changed.")

    def work(self, values: Values, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        action = Action(values.text(ACTION))
        if action is Action.CHECK:
            found = self._check(feedback)
        elif action is Action.SELFTEST:
            found = self._self_test(feedback)
        elif action is Action.REMOVE:
            found = _remove()
        else:
            found = self._install(self._plan(action, values), action, feedback)
        self.outcome = found["MESSAGE"]
        feedback.pushInfo(self.outcome)
        return found

    def _check(self, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Return which interpreter runs take, and whether it works; problems are no errors."""
        now = environments.status()
        broken = State.BROKEN.value
        try:
            python = find_interpreter(self._setting)
        except RunError as error:
            if now.state is State.MISSING:
                return _outputs(now, MESSAGE=str(error))
            if self._setting or os.environ.get(PYTHON_VARIABLE, "").strip():
                return _outputs(now, STATE=broken, MESSAGE=str(error))
            return _outputs(now)
        request = {"protocol": paths.protocol_version(), "task": "check"}
        try:
            command = worker_command(python.path, paths.WORKER)
            result = worker_run.run(request, feedback, command)
        except RunCancelled:
            raise
        except RunError as error:
            return _outputs(now, STATE=broken, PYTHON_USED=python.path, MESSAGE=str(error))
        if now.state is State.BUSY:
            return _outputs(now, PYTHON_USED=python.path)
        torch = result.get("torch")
        message = tr("Ready: {} ({}), Python {}, onnxruntime {}, PyTorch {}. Providers: {}.")
        message = message.format(
            *(python.path, python.origin, result.get("python"), result.get("onnxruntime")),
            *(torch or tr("missing: no fine-tuning, no training"), ", ".join(result["providers"])),
        )
        tested = (now.facts.get("selftest") or {}) if python.path == now.python else {}
        return _ready(now, python.path, bool(torch), tested, message)

    def _self_test(self, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        python = find_interpreter(self._setting)
        feedback.pushInfo(f"{python.path} ({python.origin})")
        tested = worker_run.self_test(python.path, feedback).get("selftest") or {}
        problem = worker_run.self_test_problem(tested)
        if problem:
            message = tr("The self-test failed. {}").format(problem)
            raise RunError(message, environments.how_to_fix(python.path), Kind.SELF_TEST)
        return _tested(python.path, tested)

    def _plan(self, action: Action, values: Values) -> Plan:
        """Return what to install; repairing keeps the installed size."""
        size = values.text(SIZE)
        if action is Action.REPAIR:
            size = environments.status().size or size
        python = values.text(PYTHON).strip()
        wheels = values.text(WHEELS).strip()
        return install_plan.make_plan(
            size,
            # A name without a folder is searched on the PATH, as in a shell.
            python=str(_full(shutil.which(python) or python)) if python else "",
            wheels=_full(wheels) if wheels else None,
            proxy=self._proxy,
        )

    def _install(
        self, plan: Plan, action: Action, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        now = environments.status(plan.home)
        python, tested = now.python, None
        installed = now.state is State.READY and now.size == plan.size.name
        if installed and action is Action.INSTALL:
            tested = _test_installed(now, feedback)
        if tested is None:
            feedback.pushInfo(f"{plan.size.label}. {plan.summary}")
            made = installer.install(plan, feedback)
            python, tested = made.python, made.facts.get("selftest") or {}
        try:
            used = find_interpreter(self._setting)
            if used.path != python:
                text = tr("Runs do not use this environment, but {} ({}).")
                feedback.pushWarning(text.format(used.path, used.origin))
        except RunError as error:  # the interpreter that the user named does not exist
            feedback.pushWarning(str(error))
        return _tested(python, tested)


def _full(path: str) -> Path:
    """Return the absolute path; links stay, see `find_interpreter`."""
    return Path(path).expanduser().absolute()


def _test_installed(now: Status, feedback: QgsProcessingFeedback) -> Mapping[str, Any] | None:
    """Return the self-test of the installed environment; None if it fails."""
    feedback.pushInfo(tr("This size is installed already; it is tested."))
    try:
        tested = worker_run.self_test(now.python, feedback).get("selftest") or {}
        problem = worker_run.self_test_problem(tested, now.size == "gpu", sizes.platform_name())
    except RunCancelled:
        raise
    except RunError as error:
        problem = str(error)
    if not problem and now.size != "light" and not tested.get("torch"):
        problem = tr("PyTorch is missing.")
    if not problem:
        feedback.pushInfo(tr("It works. The action 'repair' installs it again nevertheless."))
        return tested
    feedback.pushWarning(tr("It does not work, and is installed again. {}").format(problem))
    return None


def _proxy() -> dict[str, str]:
    """Return the proxy that QGIS uses, with its password from the authentication database."""
    manager = QgsNetworkAccessManager.instance()
    used, kinds = manager.fallbackProxy(), QNetworkProxy.ProxyType
    schemes = {
        kinds.HttpProxy: "http",
        kinds.HttpCachingProxy: "http",
        kinds.Socks5Proxy: "socks5h",
    }
    direct = [*manager.excludeList(), *manager.noProxyList()]
    scheme = schemes.get(used.type(), "")
    return install_plan.proxy_variables(
        scheme, used.hostName(), used.port(), used.user(), used.password(), direct
    )


def _remove() -> dict[str, Any]:
    removed = environments.remove()
    message = tr("Removed: {}.").format(", ".join(map(str, removed)))
    if not removed:
        message = tr("There was nothing to remove.")
    return _outputs(environments.status(), MESSAGE=message)


def _tested(python: str, tested: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs after a self-test without problems."""
    torch = (tested.get("torch") or {}).get("version")
    devices = ", ".join(str(each["ran"]) for each in tested.get("devices", []))
    message = tr("The self-test passed: a tiny pair was sharpened on: {}. PyTorch: {}.")
    if not torch:
        message = tr("Ready to sharpen: the self-test sharpened a tiny pair on: {}.")
    message = message.format(devices, torch)
    return _ready(environments.status(), python, bool(torch), tested, message)


def _ready(
    now: Status, python: str, torch: bool, tested: Mapping[str, Any], message: str
) -> dict[str, Any]:
    """Return the outputs for an interpreter that works."""
    return _outputs(
        now,
        STATE=State.READY.value,
        SIZE_FOUND=now.size if python == now.python else ("full" if torch else "light"),
        PYTHON_USED=python,
        DEVICES=json.dumps(tested.get("devices", [])),
        MESSAGE=message,
    )


def _outputs(now: Status, **found: str) -> dict[str, Any]:
    """Return all outputs: those of the plugin's environment, replaced by what is given."""
    log = environments.log_path()
    outputs = {
        "STATE": now.state.value,
        "SIZE_FOUND": now.size,
        "PYTHON_USED": now.python,
        "DEVICES": "[]",
        "MESSAGE": f"{now.summary} {now.remedy}".strip(),
        "FOLDER": str(now.folder or ""),
        "LOG": str(log) if log.is_file() else "",
        **found,
    }
    return {name: " ".join(text.splitlines()) for name, text in outputs.items()}
