# SPDX-License-Identifier: GPL-2.0-or-later
"""An sbatch that runs an array, and what depends on it, on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from fakes import ROOT
from made_jobs import Made

EXAMPLES = ROOT / "examples"
#: Runs the tasks of an array at once. A job that depends on one that failed is pending for ever,
#: unless it is to be cancelled.
SBATCH = """#!/bin/bash
state=$(dirname "$0")
number=$(( $(cat "$state/last" 2>/dev/null || echo 0) + 1 ))
echo $number > "$state/last"
while [ "${1#--}" != "$1" ]; do
  case $1 in
    --array=*) array=${1#--array=} ;;
    --dependency=afterok:*) after=${1#--dependency=afterok:} ;;
    --kill-on-invalid-dep=yes) unmet=cancelled ;;
    --mem=*) echo "${1#--mem=}" > "$state/memory-$number" ;;
    --parsable) ;;
    *) echo "sbatch: unrecognized option '$1'" >&2; exit 1 ;;
  esac
  shift
done
echo $number
if [ -n "$after" ] && [ "$(cat "$state/$after")" != ok ]; then
  echo "${unmet:-pending}" > "$state/$number"
  exit 0
fi
pids=()
for task in $( [ -z "$array" ] && echo 0 || seq ${array/-/ } ); do
  [ "$task" = "$FAILING_TASK" ] && { pids+=(none); continue; }
  cp "$1" "$state/script-$number-$task"  # as Slurm keeps its own copy
  (cd "$state" && SLURM_ARRAY_TASK_ID=$task SLURM_CPUS_PER_TASK=1 \\
    sh "$state/script-$number-$task" "${@:2}" > "$state/log-$number-$task" 2>&1) & pids+=($!)
done
result=ok
for pid in "${pids[@]}"; do wait $pid 2>/dev/null || result=failed; done
echo $result > "$state/$number"
"""


def submit(job: Made, state: Path, tasks: int, failing: str = "") -> str:
    """Submit as a user does; return how the collection ended."""
    state.mkdir(exist_ok=True)
    (state / "sbatch").write_text(SBATCH)
    (state / "sbatch").chmod(0o755)
    more = {"PATH": f"{state}:{os.environ['PATH']}", "KSDIFF_PYTHON": sys.executable}
    env = {**os.environ, **more, "FAILING_TASK": failing}
    command = ["sh", str(EXAMPLES / "slurm-submit.sh"), job.job, str(tasks)]
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    found = re.fullmatch(r"parts: (\d+), collection: (\d+)\n", done.stdout)
    assert found, done.stdout + done.stderr
    return (state / found[2]).read_text().strip()
