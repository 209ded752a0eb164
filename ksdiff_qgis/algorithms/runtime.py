# SPDX-License-Identifier: GPL-2.0-or-later

"""`ksdiff:runtime`: the worker's Python environment, looked at, made, tested, removed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsNetworkAccessManager,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
)
from qgis.PyQt.QtNetwork import QNetworkProxy

from .. import paths
from ..language import tr
from ..runtime import environment, managed, process, proxy, pythons, selftest
from ..runtime.errors import RunCancelled, RunError
from . import parameters as p
from .base import RUNTIME
from .worker import WorkerAlgorithm

ACTION, SIZE, PYTHON, WHEELS = "ACTION", "SIZE", "PYTHON", "WHEELS"
CHECK, INSTALL, REPAIR, REMOVE, SELFTEST = "check", "install", "repair", "remove", "selftest"
_OUTPUTS = {
    "STATE": "State: ready, missing, unfinished, outdated, broken or busy",
    "SIZE_FOUND": "What is installed: light, full or gpu",
    "PYTHON_USED": "Python that runs take",
    "DEVICES": "Devices of the self-test (JSON)",
    "MESSAGE": "What was found, and what to do",
    "FOLDER": "Folder of the environment made by the plugin",
    "LOG": "Log of the installation",
}


class Runtime(WorkerAlgorithm):
    """Find, make, test and remove the environment; needs no project and no layer."""

    section = RUNTIME
    task = "check"
    targets: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        super().__init__()
        self._proxy: dict[str, str] = {}

    def name(self) -> str:
        return "runtime"

    def displayName(self) -> str:
        return tr("Check runtime")

    def shortDescription(self) -> str:
        return tr("Checks, installs, tests or removes the Python environment of KSDiff.")

    def tags(self) -> list[str]:
        return tr("environment,install,python,pytorch,onnxruntime,gpu,cuda,repair").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        file, folder = (
            QgsProcessingParameterFile.Behavior.File,
            (QgsProcessingParameterFile.Behavior.Folder),
        )
        actions = (CHECK, INSTALL, REPAIR, REMOVE, SELFTEST)
        parameters = [
            p.explained(
                p.choice(ACTION, tr("Action"), actions, CHECK),
                tr(
                    "'check' looks and changes nothing; 'install' makes an environment; 'repair' "
                    "makes the one that is there anew; 'remove' deletes what was made; 'selftest' "
                    "sharpens a tiny pair on each device."
                ),
            ),
            p.explained(
                p.choice(SIZE, tr("Size"), managed.NAMES, managed.RECOMMENDED),
                tr(
                    "'light' sharpens; 'full' also adapts to the scene and trains; 'gpu' is full "
                    "for an NVIDIA GPU. The log tells how large each is before it is fetched. Only "
                    "for 'install': 'repair' keeps the size that is there."
                ),
            ),
            p.advanced(
                # The filter that a file has by default wants a dot in its name.
                QgsProcessingParameterFile(
                    PYTHON,
                    tr("Base Python"),
                    behavior=file,
                    optional=True,
                    fileFilter=tr("Python") + " (*)",
                ),
                tr("The interpreter to make the environment from; found where none is given."),
            ),
            p.advanced(
                QgsProcessingParameterFile(
                    WHEELS, tr("Folder of wheels"), behavior=folder, optional=True
                ),
                tr("Install from these files instead of from the network; the help tells how."),
            ),
        ]
        for parameter in parameters:
            self.addParameter(parameter)
        for name, text in _OUTPUTS.items():
            self.addOutput(QgsProcessingOutputString(name, tr(text)))

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return ""

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        self._setting = ProcessingConfig.getSetting(environment.VARIABLE)
        self._proxy = _proxy()
        return True

    def cancelled(self) -> str:
        return tr("Cancelled; what was there before is there still.")

    def work(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        action = self.parameterAsString(parameters, ACTION, context)
        if action == CHECK:
            found = self._look(feedback)
        elif action == SELFTEST:
            found = self._test(feedback)
        elif action == REMOVE:
            found = _remove()
        else:
            found = self._make(self._plan(parameters, context), action == REPAIR, feedback)
        feedback.pushInfo(found["MESSAGE"])
        return found

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        return {}

    def _look(self, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """What runs would use, and whether it works; what is wrong is told, not raised."""
        now = managed.status()
        try:
            python = environment.find(self._setting, paths.ROOT, os.environ)
        except RunError as error:
            named = self._setting or os.environ.get(environment.VARIABLE, "").strip()
            if named or now.state == "missing":
                state = "missing" if now.state == "missing" else "broken"
                return _outputs(now, STATE=state, MESSAGE=str(error))
            return _outputs(now)
        request = {"protocol": paths.protocol_version(), "task": "check"}
        command = environment.command(python.path, paths.WORKER)
        try:
            result = process.run(request, feedback, command)
        except RunCancelled:
            raise
        except RunError as error:
            return _outputs(now, STATE="broken", PYTHON_USED=python.path, MESSAGE=str(error))
        if now.state == "busy":
            return _outputs(now, PYTHON_USED=python.path)
        own = python.path == now.python
        torch = result.get("torch")
        size = now.size if own else ("full" if torch else "light")
        said = tr("Ready: {} ({}), Python {}, onnxruntime {}, PyTorch {}. Providers: {}.").format(
            *(python.path, python.origin, result.get("python"), result.get("onnxruntime")),
            *(torch or tr("not there: no adapting, no training"), ", ".join(result["providers"])),
        )
        devices = (now.facts.get("selftest") or {}).get("devices", []) if own else []
        return _outputs(
            now,
            STATE="ready",
            SIZE_FOUND=size,
            PYTHON_USED=python.path,
            DEVICES=json.dumps(devices),
            MESSAGE=said,
        )

    def _test(self, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        python = environment.find(self._setting, paths.ROOT, os.environ)
        feedback.pushInfo(f"{python.path} ({python.origin})")
        told = selftest.run(python.path, feedback).get("selftest") or {}
        wrong = selftest.problem(told)
        if wrong:
            message = tr("The self-test failed. {}").format(wrong)
            raise RunError(message, environment.to_mend(python.path), "SelfTest")
        return self._tested(python.path, told)

    def _plan(self, parameters: dict[str, Any], context: QgsProcessingContext) -> managed.Plan:
        """What to make: to repair is to make again what is there."""
        size = self.parameterAsString(parameters, SIZE, context)
        if self.parameterAsString(parameters, ACTION, context) == REPAIR:
            size = managed.status().size or size
        python = self.parameterAsString(parameters, PYTHON, context).strip()
        wheels = self.parameterAsString(parameters, WHEELS, context).strip()
        return managed.plan(
            size,
            # One named without a folder is looked for on the PATH, as a shell would.
            python=str(_full(shutil.which(python) or python)) if python else "",
            wheels=_full(wheels) if wheels else None,
            proxy=self._proxy,
        )

    def _make(
        self, plan: managed.Plan, anew: bool, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        now = managed.status(plan.home)
        python, told = now.python, None
        if now.state == "ready" and now.size == plan.size.name and not anew:
            told = _still_good(now, feedback)
        if told is None:
            feedback.pushInfo(plan.summary)
            made = managed.make(plan, feedback)
            python, told = made.python, made.facts.get("selftest") or {}
        try:
            used = environment.find(self._setting, paths.ROOT, os.environ)
            if used.path != python:
                feedback.pushWarning(
                    tr("Runs do not take it, but {} ({}).").format(used.path, used.origin)
                )
        except RunError as error:  # what was named instead is not there
            feedback.pushWarning(str(error))
        return self._tested(python, told)

    def _tested(self, python: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs after a self-test that passed."""
        now = managed.status()
        torch = (told.get("torch") or {}).get("version")
        ran = ", ".join(str(each["ran"]) for each in told.get("devices", []))
        said = tr("The self-test passed: a tiny pair was sharpened on: {}. PyTorch: {}.")
        return _outputs(
            now,
            STATE="ready",
            SIZE_FOUND=now.size if python == now.python else ("full" if torch else "light"),
            PYTHON_USED=python,
            DEVICES=json.dumps(told.get("devices", [])),
            MESSAGE=said.format(ran, torch or tr("not there")),
        )


def _full(path: str) -> Path:
    """The path for a program that runs in another folder; links stay, see `environment.find`."""
    return Path(path).expanduser().absolute()


def _still_good(now: managed.Status, feedback: QgsProcessingFeedback) -> Mapping[str, Any] | None:
    """What the self-test of the environment that is there tells; None when it fails."""
    feedback.pushInfo(tr("It is there already, and is tested."))
    try:
        told = selftest.run(now.python, feedback).get("selftest") or {}
        wrong = selftest.problem(told, now.size == "gpu", pythons.platform_name())
    except RunCancelled:
        raise
    except RunError as error:
        wrong = str(error)
    if not wrong and now.size != "light" and not told.get("torch"):
        wrong = tr("PyTorch is missing.")
    if not wrong:
        feedback.pushInfo(tr("It works; the action 'repair' makes it anew all the same."))
        return told
    feedback.pushWarning(tr("It does not work, and is made anew. {}").format(wrong))
    return None


def _proxy() -> dict[str, str]:
    """The proxy that QGIS uses now, with the password that its store of passwords may hold."""
    manager = QgsNetworkAccessManager.instance()
    used, kinds = manager.fallbackProxy(), QNetworkProxy.ProxyType
    schemes = {
        kinds.HttpProxy: "http",
        kinds.HttpCachingProxy: "http",
        kinds.Socks5Proxy: "socks5h",
    }
    direct = [*manager.excludeList(), *manager.noProxyList()]
    scheme = schemes.get(used.type(), "")
    return proxy.variables(
        scheme, used.hostName(), used.port(), used.user(), used.password(), direct
    )


def _remove() -> dict[str, Any]:
    removed = managed.remove()
    said = tr("Removed: {}.").format(", ".join(map(str, removed)))
    if not removed:
        said = tr("There was nothing to remove.")
    return _outputs(managed.status(), MESSAGE=said)


def _outputs(now: managed.Status, **found: str) -> dict[str, Any]:
    """All outputs: those of the plugin's own environment, but for what was found otherwise."""
    log = managed.log_path()
    outputs = {
        "STATE": now.state,
        "SIZE_FOUND": now.size,
        "PYTHON_USED": now.python,
        "DEVICES": "[]",
        "MESSAGE": now.message,
        "FOLDER": str(now.folder or ""),
        "LOG": str(log) if log.is_file() else "",
        **found,
    }
    return {name: " ".join(text.splitlines()) for name, text in outputs.items()}
