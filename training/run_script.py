#!/usr/bin/env python3
"""Start a job on AWS: install what the recipe needs and the image lacks, then run the script.

    python3 /opt/ml/input/data/code/run_script.py recipes/distilbert/train.py

The images bring most packages; pip installs only those requirements in the requirements.txt beside
the script that are not met. Then the script replaces this process (exec), so that SIGTERM still
reaches process 1. Without that file nothing is installed: evaluate_model.py runs in the serving
image exactly as an endpoint does.

Exit status: the script's own; 143 stopped while installing, 1 not installed (see output/failure).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn

from job.interruption import Interruption

try:
    from packaging.requirements import InvalidRequirement, Requirement
except ImportError:
    # Every pip carries a copy.
    from pip._vendor.packaging.requirements import InvalidRequirement, Requirement

TRAINING_FOLDER = Path(__file__).resolve().parent


def main(arguments: list[str]) -> NoReturn:
    """Install what the script named first needs, and replace this process by it."""
    Interruption().install()
    script = TRAINING_FOLDER / arguments[0]
    requirements = script.with_name("requirements.txt")
    if requirements.is_file():
        missing = lacking(requirements.read_text(encoding="utf-8"))
        if missing:
            install(requirements, missing)
    os.execv(sys.executable, [sys.executable, str(script), *arguments[1:]])  # noqa: S606


def lacking(text: str) -> list[str]:
    """Return the lines of a requirements.txt that the installed packages do not meet."""
    lines = [re.sub(r"(^|\s)#.*$", "", line).strip() for line in text.splitlines()]
    # An option of pip, such as --index-url, is not a requirement.
    return [line for line in lines if line and not line.startswith("--") and not is_fulfilled(line)]


def is_fulfilled(line: str) -> bool:
    """Return whether a requirement is met; False for a line that only pip understands."""
    try:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate():
            return True
        found = version(requirement.name)
    except (InvalidRequirement, PackageNotFoundError):
        return False
    return not requirement.extras and requirement.specifier.contains(found, prereleases=True)


def install(requirements: Path, missing: list[str]) -> None:
    """Install what is missing and leave the rest alone; end the job when pip fails."""
    file = f"{requirements.parent.name}/{requirements.name}"
    print(f"Installing {', '.join(missing)} for {file}", file=sys.stderr, flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(  # noqa: S603 - our own interpreter on a file of the code channel
        [*pip, "--quiet", "-r", str(requirements)],
        env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    from job.lifecycle import EXIT_FAILED, write_failure
    from job.paths import JobPaths

    print(done.stdout, file=sys.stderr)
    lines = done.stdout.strip().splitlines() or ["pip printed nothing"]
    reason = next((line for line in lines if line.startswith("ERROR:")), lines[-1])
    write_failure(
        JobPaths.from_environment(),
        f"Could not install {', '.join(missing)}, which {file} requires: {reason}",
    )
    sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    main(sys.argv[1:])
