#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run a planned job on Slurm: sh slurm-submit.sh JOB [TASKS [COLLECTORS]]
#
# An array of TASKS (50) does the parts; one of COLLECTORS (1) waits for them all and puts the scenes
# together, each a share of them; where one of them fails, the collection is cancelled. Submit again
# then: what is done is passed over.
# KSDIFF_PYTHON is the Python to use; options of sbatch that your site needs (account, partition) go
# into SBATCH_ACCOUNT, SBATCH_PARTITION.
set -eu
case $1 in
  /vsis3/*) job=$1 ;;
  *) job=$(realpath "$1") ;;
esac
tasks=${2:-50}
collectors=${3:-1}
here=$(realpath "$(dirname "$0")")
PYTHONPATH=$(realpath "$here/..")  # the checkout
export PYTHONPATH
# What a part takes, by the plan, in MiB; and some more for what the node counts to it.
memory=$("${KSDIFF_PYTHON:-python3}" -c \
  'import sys
from core.jobs.job import Job
from core.jobs.storage import place
print(256 + Job.open(place(sys.argv[1])).memory // 2**20)' "$job")
array=$(sbatch --parsable --array="1-$tasks" --mem="${memory}M" \
  "$here/slurm-part.sh" "$job" "$tasks")
# Without the second option it would wait for ever for an array of which a task has failed.
collect=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes \
  --array="1-$collectors" "$here/slurm-collect.sh" "$job" "$collectors")
echo "parts: $array, collection: $collect"
