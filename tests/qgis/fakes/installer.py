# SPDX-License-Identifier: GPL-2.0-or-later
"""Stand-in for a Python that creates environments: python -m venv, pip, and the worker.

It behaves as the JSON file KSDIFF_TEST_INSTALLER says, and records the calls of pip in it.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

PLAN = Path(os.environ["KSDIFF_TEST_INSTALLER"])
SELF = os.environ["KSDIFF_TEST_SELF"]
RETRYING = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by "
    "'NewConnectionError(\"Connection refused\")'\n"
)
FAILURES = {
    "network": RETRYING + "ERROR: Could not find a version that satisfies the requirement x "
    "(from versions: none)\nERROR: No matching distribution found for x",
    "transient": RETRYING + "ERROR: [Errno 5] Input/output error",
    "refused": "ERROR: HTTP error 403 while getting https://index.example/affine.whl",
    "hash": "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
    "disk": "ERROR: Could not install packages: [Errno 28] No space left on device",
    "unknown": "pip fell over\nnobody knows why",
}


def main(words):
    plan = json.loads(PLAN.read_text())
    if "-c" in words:
        return print(json.dumps(plan["probe"]))
    if words[1:3] == ["-m", "venv"]:
        return venv(plan, Path(words[-1]))
    if "pip" in words:
        return pip(plan, words)
    return worker(plan)


def venv(plan, folder):
    if not plan.get("venv", True):
        print("The virtual environment was not created successfully because ensurepip is not")
        print("available.  On Debian/Ubuntu systems, you need to install the python3-venv")
        sys.exit(1)
    (folder / "bin").mkdir(parents=True)
    if "link" in plan:
        (folder / "bin" / "python").symlink_to(plan["link"])
    else:
        shutil.copy(SELF, folder / "bin" / "python")


def pip(plan, words):
    plan["calls"] = [*plan.get("calls", []), words]
    names = ("TMPDIR", "TEMP", "TMP", "PIP_CACHE_DIR", "UV_CACHE_DIR")
    plan["folders"] = [os.environ[name] for name in names]
    PLAN.write_text(json.dumps(plan))
    mode = plan["pip"][min(len(plan["calls"]), len(plan["pip"])) - 1]
    if mode == "silent":
        with Path(os.environ["TMPDIR"], "one.whl").open("wb") as file:
            file.truncate(60_000_000)
        time.sleep(1)
        mode = "ok"
    if "download" in words:
        Path(words[words.index("--dest") + 1], "torch-2+cpu-py3-none-any.whl").touch()
    print("Collecting affine==3.0.1 (from -r /some/where/light.txt (line 3))")
    print("Processing /some/where/wheel-2.0.whl (from -r /some/where/light.txt (line 9))")
    print("  Downloading affine-3.0.1-py3-none-any.whl (10 kB)")
    if mode == "hang":
        started = PLAN.with_name("starting")
        started.write_text(str(os.getpid()))
        started.rename(plan["hanging"])  # complete as soon as it exists
        time.sleep(60)
    if mode != "ok":
        sys.exit(FAILURES[mode])
    print("Installing collected packages: affine")


def worker(plan):
    request = json.loads(sys.stdin.readline())
    hello = {"type": "hello", "protocol": request["protocol"], "pid": os.getpid()}
    print(json.dumps(hello), flush=True)
    result = {"type": "result", "python": "3.12.1", "onnxruntime": "1", "torch": None}
    result["providers"] = ["CPUExecutionProvider"]
    if request.get("selftest"):
        tested = {"devices": plan["devices"], "raster": True, "torch": plan.get("torch")}
        result["selftest"] = tested
    print(json.dumps(result), flush=True)


main(sys.argv[1:])
