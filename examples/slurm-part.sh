#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#SBATCH --job-name=ksdiff-part
#SBATCH --cpus-per-task=4
#SBATCH --time=02:00:00
#SBATCH --requeue
# One share of the parts, with the memory that slurm-submit.sh asks for. With a GPU add --gres=gpu:1,
# and as many tasks as there are GPUs.
exec "${KSDIFF_PYTHON:-python3}" -m core run --job "$1" --part "$SLURM_ARRAY_TASK_ID/$2" \
  --threads "${SLURM_CPUS_PER_TASK:-1}"
