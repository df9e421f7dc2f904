#!/usr/bin/env python3
"""Install what a recipe needs and the image lacks, then become the script: SageMaker's way in.

    python3 /opt/ml/input/data/code/run_script.py recipes/distilbert/train.py

The images bring most packages; pip is asked only for what the requirements.txt beside the script
names and nobody has installed. Then this process is replaced (exec) by the script, so that SIGTERM
still reaches process 1. A script without that file starts as it is: evaluate_model.py runs in the
serving image exactly as an endpoint will, which installs nothing either.

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
    """Prepare the environment of the script named first, and become it."""
    Interruption().install()
    script = TRAINING_FOLDER / arguments[0]
    requirements = script.with_name("requirements.txt")
    if requirements.is_file():
        missing = lacking(requirements.read_text(encoding="utf-8"))
        if missing:
            install(requirements, missing)
    os.execv(sys.executable, [sys.executable, str(script), *arguments[1:]])  # noqa: S606


def lacking(text: str) -> list[str]:
    """Return the lines of a requirements.txt that the installed packages do not fulfil."""
    lines = [re.sub(r"(^|\s)#.*$", "", line).strip() for line in text.splitlines()]
    # An option of pip, such as --index-url, asks for nothing itself.
    return [line for line in lines if line and not line.startswith("--") and not is_fulfilled(line)]


def is_fulfilled(line: str) -> bool:
    """Say whether a line asks for nothing more; False for one that only pip understands."""
    try:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate():
            return True
        found = version(requirement.name)
    except (InvalidRequirement, PackageNotFoundError):
        return False
    return not requirement.extras and requirement.specifier.contains(found, prereleases=True)


def install(requirements: Path, missing: list[str]) -> None:
    """Let pip add what is missing; it leaves alone what is fulfilled. Ends the job if it cannot."""
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
    lines = done.stdout.strip().splitlines() or ["pip said nothing"]
    reason = next((line for line in lines if line.startswith("ERROR:")), lines[-1])
    write_failure(
        JobPaths.from_environment(),
        f"Could not install {', '.join(missing)}, which {file} asks for: {reason}",
    )
    sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    main(sys.argv[1:])
