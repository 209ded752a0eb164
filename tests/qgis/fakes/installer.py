# SPDX-License-Identifier: GPL-2.0-or-later
"""Stands for a Python that makes environments: as told, it is quick, slow, or fails.

What it was told is KSDIFF_TEST_INSTALLER, a JSON file; it counts the calls of pip in it.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

PLAN = Path(os.environ["KSDIFF_TEST_INSTALLER"])
SELF = os.environ["KSDIFF_TEST_SELF"]
SAID = {
    "network": "WARNING: Retrying (Retry(total=0)) after connection broken by "
    "'NewConnectionError(\"Connection refused\")'\nERROR: Could not find a version that "
    "satisfies the requirement x (from versions: none)\n"
    "ERROR: No matching distribution found for x",
    "passing": "WARNING: Retrying (Retry(total=4)) after connection broken by "
    "'NewConnectionError(\"Connection refused\")'\nERROR: [Errno 5] Input/output error",
    "refused": "ERROR: HTTP error 403 while getting https://index.example/affine.whl",
    "hash": "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
    "disk": "ERROR: Could not install packages: [Errno 28] No space left on device",
    "strange": "pip fell over\nnobody knows why",
}


def main(words):
    told = json.loads(PLAN.read_text())
    if "-c" in words:
        return print(json.dumps(told["probe"]))
    if words[1:3] == ["-m", "venv"]:
        return venv(told, Path(words[-1]))
    if "pip" in words:
        return pip(told, words)
    return worker(told)


def venv(told, folder):
    if told.get("venv") == "fail":
        print("The virtual environment was not created successfully because ensurepip is not")
        print("available.  On Debian/Ubuntu systems, you need to install the python3-venv")
        sys.exit(1)
    (folder / "bin").mkdir(parents=True)
    if "link" in told:
        (folder / "bin" / "python").symlink_to(told["link"])
    else:
        shutil.copy(SELF, folder / "bin" / "python")


def pip(told, words):
    if "download" in words:
        sys.exit(1)
    told["calls"] = [*told.get("calls", []), words]
    names = ("TMPDIR", "TEMP", "TMP", "PIP_CACHE_DIR", "UV_CACHE_DIR")
    told["seen"] = [os.environ[name] for name in names]
    PLAN.write_text(json.dumps(told))
    mode = told["pip"][min(len(told["calls"]), len(told["pip"])) - 1]
    if mode == "silent":
        with Path(os.environ["TMPDIR"], "one.whl").open("wb") as file:
            file.truncate(60_000_000)
        time.sleep(1)
        mode = "ok"
    print("Collecting affine==3.0.1 (from -r /some/where/light.txt (line 3))")
    print("Processing /some/where/wheel-2.0.whl (from -r /some/where/light.txt (line 9))")
    print("  Downloading affine-3.0.1-py3-none-any.whl (10 kB)")
    if mode == "hang":
        started = PLAN.with_name("starting")
        started.write_text(str(os.getpid()))
        started.rename(told["hanging"])  # whole as soon as it is there
        time.sleep(60)
    if mode != "ok":
        sys.exit(SAID[mode])
    print("Installing collected packages: affine")


def worker(told):
    request = json.loads(sys.stdin.readline())
    hello = {"type": "hello", "protocol": request["protocol"], "pid": os.getpid()}
    print(json.dumps(hello), flush=True)
    result = {"type": "result", "python": "3.12.1", "onnxruntime": "1", "torch": None}
    result["providers"] = ["CPUExecutionProvider"]
    if request.get("selftest"):
        tested = {"devices": told["devices"], "raster": True, "torch": told.get("torch")}
        result["selftest"] = tested
    print(json.dumps(result), flush=True)


main(sys.argv[1:])
