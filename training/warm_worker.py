#!/usr/bin/env python3
r"""Import what a job needs before there is a job, then become that job; local runs only.

    python training/warm_worker.py training/recipes/distilbert/train_imports.py

Runs the file that is named, which imports packages that take seconds. Then it waits for one line on
stdin, {"script": "...", "args": [...], "folder": "...", "variables": {...}}, and runs that script
in that folder as `python script args` would, once. It keeps nothing of this repository's own code,
so the job runs the code as it is on disk when it starts.

Prints {"event": "begun"} right before the script. A job that never got there can be started anew.

Exit status: the script's own. Before it has begun: 0 stdin was closed, 143 SIGTERM, 75 packages
have changed since the import.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import shutil
import signal
import sys
from pathlib import Path
from types import ModuleType

TRAINING_FOLDER = Path(__file__).resolve().parent
# EX_TEMPFAIL of sysexits.h: start a fresh process instead.
EXIT_STALE = 75
EXIT_INTERRUPTED = 143


def main(imports: str) -> None:
    """Import, wait, run."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(EXIT_INTERRUPTED))
    packages = package_folders()
    runpy.run_path(imports)
    forget_own_code()
    # What was imported lives until the end: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()

    line = read_line()
    if line is None:
        # Nobody is left to remove it.
        shutil.rmtree(os.environ.get("TMPDIR", ""), ignore_errors=True)
        os._exit(0)
    job = json.loads(line)
    if package_folders() != packages:
        os._exit(EXIT_STALE)
    os.environ.update(job["variables"])
    os.chdir(job["folder"])
    become(job["script"], job["args"])


def package_folders() -> dict[str, int]:
    """Return when each folder of packages last gained or lost one, in nanoseconds."""
    folders = (path for path in sys.path if Path(path).is_dir() and Path(path) != TRAINING_FOLDER)
    return {path: Path(path).stat().st_mtime_ns for path in folders}


def forget_own_code() -> None:
    """Drop every module of this folder, which may be edited before the job comes."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name != "__main__" and file and Path(file).is_relative_to(TRAINING_FOLDER):
            del sys.modules[name]


def read_line() -> str | None:
    """Return the line on stdin without what follows; None when stdin ends first."""
    received = b""
    while not received.endswith(b"\n"):
        # Not sys.stdin, which would read ahead what is the script's.
        byte = os.read(0, 1)
        if not byte:
            return None
        received += byte
    return received.decode("utf-8")


def become(script: str, arguments: list[str]) -> None:
    """Run a script as the main module of this process."""
    code = compile(Path(script).read_bytes(), script, "exec")
    module = ModuleType("__main__")
    module.__file__ = script
    sys.modules["__main__"] = module
    sys.argv[:] = [script, *arguments]
    sys.path[0] = str(Path(script).parent)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    print(json.dumps({"event": "begun"}), flush=True)
    exec(code, module.__dict__)  # noqa: S102 - the job's own script


if __name__ == "__main__":
    main(sys.argv[1])
