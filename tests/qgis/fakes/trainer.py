# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers the tasks of training as the real worker does, with fixed numbers."""

import json
import os
import shutil
import sys
import time
from pathlib import Path


def trainingset(asked):
    Path(asked["out"]).write_bytes(b"patches")
    facts = {"pairs": len(asked["pans"]), "patches": 12, "held_out": 3, "made_up": 0, "refused": 0}
    return {**facts, "out": asked["out"], "recipe": "r.json", "mb": 1.5, "bands": [4],
            "sensors": ["quickbird"], "seconds": 0.5}  # fmt: skip


def train(asked):
    Path(asked["run"]).mkdir(parents=True)
    for stage, steps in ((1, asked["stage1"]), (2, asked["stage2"])):
        for step in range(1, steps + 1):
            point = {"stage": stage, "step": step, "steps": steps, "loss": 1.0 / (step + stage)}
            errors = {"ksdiff": 1.25, "bdsd-pc": 2.5} if stage == 2 else None
            say(type="measure", **point, validation=errors)
            say(type="progress", fraction=0.5, message="Training", remaining_s=60)
            time.sleep(float(os.environ.get("KSDIFF_TEST_STEP_S", "0")))
    target = Path(asked["models"]) / asked["name"]
    source = Path(os.environ["KSDIFF_TEST_MODEL"])
    shutil.copytree(source, target)
    return {
        "file": str(target / (asked["name"] + ".safetensors")),
        "name": asked["name"],
        "run": asked["run"],
        "steps_done": asked["stage1"] + asked["stage2"],
        "seconds": 1.5,
        "loss": 0.125,
        "device": "cpu",
        "ergas": 1.25,
        "ergas_before": 1.5,
        "ergas_classical": 2.5,
        "sentence": "On 2 windows that were held out ERGAS is 1.25.",
        "scores": {"held out": {"scenes": 2}},
    }


def model(asked):
    refusal = os.environ.get("KSDIFF_TEST_REFUSE")
    if refusal:
        say(type="error", kind="ModelError", message=refusal, remedy="Take another.")
        sys.exit(1)
    if asked["action"] == "import":
        source = Path(asked["file"]).parent
        shutil.copytree(source, Path(asked["models"]) / asked["name"])
    return {"file": asked["file"], "name": asked["name"]}


def say(**event):
    print(json.dumps(event), flush=True)


say(type="hello", protocol=2, version="0.1.0")
request = json.loads(sys.stdin.readline())
if os.environ.get("KSDIFF_TEST_REQUEST"):
    Path(os.environ["KSDIFF_TEST_REQUEST"]).write_text(json.dumps(request))
done = globals()[request["task"]](request)
say(type="result", **done)
