#!/usr/bin/env python3
r"""Fit a baseline, and ask it, before there is a candidate to show it beside; local runs only.

    SM_CHANNEL_TRAIN=prepared SM_CHANNEL_TEST=prepared SM_INPUT_CONFIG_DIR=config \
    SM_OUTPUT_DIR=baseline SM_OUTPUT_DATA_DIR=baseline python training/fit_baseline.py

The local job runner starts it beside a training, which uses one core. It needs nothing of the
training: the rows are there before. Writes baseline.json to SM_OUTPUT_DATA_DIR for the channel
baseline of evaluate_model.py; whatever goes wrong here, the evaluation fits the baseline itself.

Exit status: 0 done, 143 interrupted, 1 failed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from job.interruption import Interruption

Interruption().install()

from evaluation.fitting import asked_kind, finish, fitting
from evaluation.ready_baseline import write_ready
from job.lifecycle import run_job
from job.paths import JobPaths
from job.rows import read_rows

# Whatever people wait for comes first.
NICENESS = 10


def main(paths: JobPaths) -> None:
    """Fit, ask, write."""
    os.nice(NICENESS)
    kind = asked_kind(paths)
    if kind is None:
        return
    train = read_rows(paths.channel("train"), "train", incomplete=True)
    rows = read_rows(paths.channel("test"), "test", incomplete=True)
    with tempfile.TemporaryDirectory(prefix="baseline-") as folder:
        scratch = Path(folder)
        with fitting(kind, train, scratch / "baseline") as fit:
            write_ready(paths, kind, rows, finish(fit, rows, scratch))


if __name__ == "__main__":
    run_job(main)
