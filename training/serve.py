#!/usr/bin/env python3
r"""Serve one model over HTTP, as a SageMaker endpoint does.

Example:
    python training/serve.py --model-dir job/model --port 8080 &
    curl -s localhost:8080/invocations -H 'content-type: application/json' \
        -d '{"inputs": ["Win money now", "See you at the meeting"]}'

GET /ping answers 200 once the model is loaded. POST /invocations answers what inference.py makes of
the body, or {"error": "..."} with 400 (bad input), 413 (over 4 MB), 415 (not JSON) or 500 (the
traceback goes to stderr). Prints {"event": "ready", "port": 8080, "seconds": 1.9} when it serves,
and every second, if there was something to count, {"event": "inputs", "inputs": 2, "counts": {…}}
(see serving/input_counts.py). On SIGTERM it answers the open requests and exits with 0.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from job.errors import JobError
from job.events import emit, log, reserve_stdout
from serving.http_server import ModelServer
from serving.served_model import load_model

SECONDS_BETWEEN_COUNTS = 1


def main() -> int:
    """Run the command line and return the exit status."""
    options = _parser().parse_args()
    started = time.monotonic()
    reserve_stdout()
    # Until it serves there is nothing to drain.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if options.exit_with_parent:
        threading.Thread(target=_exit_at_end_of_stdin, daemon=True).start()
    try:
        server = ModelServer((options.host, options.port))
        model = load_model(options.model_dir, "served")
    except (JobError, OSError) as error:
        log(str(error))
        return 1
    # Draining joins the loop that the handler interrupts, so it needs a thread of its own.
    signal.signal(
        signal.SIGTERM, lambda *_: threading.Thread(target=_drain_and_exit, args=[server]).start()
    )
    port = server.server_address[1]
    emit("ready", port=port, seconds=round(time.monotonic() - started, 3))
    if model.counter is not None:
        threading.Thread(target=_report_counts, args=[server], daemon=True).start()
    server.serve(model)
    # `drain` ended the loop; its thread ends the process once the open requests are answered.
    threading.Event().wait()
    return 0


def _report_counts(server: ModelServer) -> None:
    while True:
        time.sleep(SECONDS_BETWEEN_COUNTS)
        counts = server.take_counts()
        if counts is not None:
            emit("inputs", **counts)


def _drain_and_exit(server: ModelServer) -> None:
    server.drain()
    os._exit(0)


def _exit_at_end_of_stdin() -> None:
    """End with the parent, however it died: the kernel closes its end of the pipe."""
    # Not sys.stdin.buffer: an exit during its read is a fatal error of the interpreter (SIGABRT).
    while os.read(0, 4096):
        pass
    os._exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model-dir", type=Path, required=True, help="extracted, or with model.tar.gz in it"
    )
    parser.add_argument("--port", type=int, default=0, help="default: 0, any free port")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument(
        "--exit-with-parent", action="store_true", help="exit when stdin reaches its end"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
