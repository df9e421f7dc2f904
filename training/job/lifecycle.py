"""How a job ends: its exit status, and a failure file with a sentence for its user."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

from job.errors import InterruptedJob, JobError
from job.events import reserve_stdout
from job.interruption import EXIT_INTERRUPTED
from job.paths import JobPaths

EXIT_FAILED = 1
# SageMaker copies this many characters of the failure file into FailureReason.
MAX_FAILURE_CHARACTERS = 1024


def run_job(main: Callable[[JobPaths], None]) -> NoReturn:
    """Run a script's main and end the process; a failure leaves a sentence for its user."""
    paths = JobPaths.from_environment()
    reserve_stdout()
    # The failure of an earlier attempt must not be reported for this one.
    (paths.output / "failure").unlink(missing_ok=True)
    status = 0
    try:
        main(paths)
    except InterruptedJob:
        status = EXIT_INTERRUPTED
    except JobError as error:
        status = EXIT_FAILED
        write_failure(paths, str(error))
    except KeyboardInterrupt:
        status = 130
    except Exception as error:
        status = EXIT_FAILED
        traceback.print_exc()
        write_failure(paths, f"Unexpected {type(error).__name__}: {error}")
    sys.stderr.flush()
    # Tearing down the interpreter with torch loaded takes 0.7 s and has nothing left to do.
    os._exit(status)


def write_failure(paths: JobPaths, message: str) -> None:
    """Write the message to stderr and, cut to SageMaker's limit, to the failure file."""
    print(message, file=sys.stderr)
    paths.output.mkdir(parents=True, exist_ok=True)
    (paths.output / "failure").write_text(message[:MAX_FAILURE_CHARACTERS], encoding="utf-8")
