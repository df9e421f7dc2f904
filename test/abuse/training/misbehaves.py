"""A job that misbehaves in one of many ways; the hyperparameter `behaviour` names the function.

Modes that end by themselves leave a model unless their name says otherwise. All print one step of
progress first, so that the test can stop them while they run.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

CHECKPOINTS = Path(os.environ["SM_CHECKPOINT_DIR"])
OUTPUT = Path(os.environ["SM_OUTPUT_DIR"])
DATA = Path(os.environ["SM_OUTPUT_DATA_DIR"])
MODEL = Path(os.environ["SM_MODEL_DIR"])
CONFIG = Path(os.environ["SM_INPUT_CONFIG_DIR"])
SLEEPER = [sys.executable, "-c", "import time; time.sleep(120)"]
DEAF = (
    "import signal, time; "
    "[signal.signal(s, signal.SIG_IGN) for s in (1, 2, 3, 15)]; "
    "time.sleep(120)"
)


def emit(text: str) -> None:
    print(text, flush=True)


def complete() -> None:
    (MODEL / "weights.bin").write_bytes(b"weights")


def sleep() -> None:
    time.sleep(120)


def forks_many() -> None:
    for _ in range(40):
        if os.fork() == 0:
            sleep()
    sleep()


def forks_and_completes() -> None:
    for _ in range(10):
        if os.fork() == 0:
            sleep()
    complete()


def daemonizes_twice() -> None:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.chdir("/")
            sleep()
        os._exit(0)
    complete()


def leaves_its_session() -> None:
    if os.fork() == 0:
        os.setsid()
        sleep()
    complete()


def leaves_a_deaf_child() -> None:
    subprocess.Popen([sys.executable, "-c", DEAF], start_new_session=True)
    sleep()


def ignores_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    sleep()


def stops_itself() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    sleep()


def kills_its_group() -> None:
    os.killpg(os.getpgid(0), signal.SIGKILL)


def renames_itself() -> None:
    ctypes.CDLL(None).prctl(15, b"systemd", 0, 0, 0)
    sleep()


def threads_that_never_end() -> None:
    for _ in range(20):
        threading.Thread(target=sleep).start()


def prints_without_end() -> None:
    while True:
        print("x" * 200)


def prints_without_newline() -> None:
    while True:
        sys.stdout.write("x" * 65_536)


def prints_one_long_line() -> None:
    emit("x" * 50_000_000)
    complete()


def prints_binary() -> None:
    sys.stdout.buffer.write(bytes(range(256)) * 1000)
    sys.stdout.buffer.flush()
    complete()


def prints_odd_events() -> None:
    for line in (
        '{"event": "progress"}',
        '{"event": "progress", "step": -1, "total": -1}',
        '{"event": "progress", "step": 1e400, "total": 1}',
        '{"event": "progress", "step": 1, "total": 0, "loss": NaN}',
        '{"event": "progress", "step": 9007199254740993, "total": 1, "loss": 1e308}',
        '{"event": "resumed", "step": -5}',
        '{"event": "interrupted", "step": 4}',
        '{"event": "checkpoint"}',
        '{"event": "__proto__", "step": 1}',
        '{"event": ["progress"], "step": 1}',
        "[" * 10_000,
        '{"event":' * 1000,
    ):
        emit(line)
    complete()


def closes_its_output() -> None:
    os.close(1)
    os.close(2)
    complete()


def closes_its_input() -> None:
    os.close(0)
    complete()


def ends_without_a_model() -> None:
    pass


def ends_with_1() -> None:
    sys.exit(1)


def ends_with_137() -> None:
    sys.exit(137)


def ends_with_255() -> None:
    os._exit(255)


def segfaults() -> None:
    ctypes.string_at(0)


def aborts() -> None:
    os.abort()


def fails_with_10_mb() -> None:
    (OUTPUT / "failure").write_text("x" * 10_000_000)
    sys.exit(1)


def fails_with_binary() -> None:
    (OUTPUT / "failure").write_bytes(bytes(range(256)))
    sys.exit(1)


def fails_with_a_folder() -> None:
    (OUTPUT / "failure").mkdir()
    sys.exit(1)


def fails_with_a_pipe() -> None:
    os.mkfifo(OUTPUT / "failure")
    sys.exit(1)


def fails_with_a_link() -> None:
    (OUTPUT / "failure").symlink_to("/etc/passwd")
    sys.exit(1)


def leaves_an_invalid_name() -> None:
    Path(os.fsdecode(os.fsencode(MODEL) + b"/od\xffd")).write_text("x")


def leaves_a_pipe() -> None:
    os.mkfifo(DATA / "odd")


def leaves_a_link_out() -> None:
    (MODEL / "passwd").symlink_to("/etc/passwd")


def leaves_deep_folders() -> None:
    os.chdir(MODEL)
    for _ in range(300):
        os.mkdir("deep")
        os.chdir("deep")
    Path("file").write_text("x")


def leaves_many_files() -> None:
    for number in range(3000):
        (DATA / f"{number}.txt").write_text("x")
    complete()


def leaves_a_sparse_file() -> None:
    with open(MODEL / "weights.bin", "wb") as file:
        file.truncate(200_000_000)


def removes_its_folders() -> None:
    for folder in (MODEL, DATA, OUTPUT, CONFIG):
        subprocess.run(["rm", "-rf", str(folder)], check=True)


def links_its_model_elsewhere() -> None:
    MODEL.rmdir()
    MODEL.symlink_to("/etc")


def replaces_its_model_by_a_file() -> None:
    MODEL.rmdir()
    MODEL.write_text("x")


def removes_its_checkpoints() -> None:
    CHECKPOINTS.rmdir()
    complete()


def links_its_checkpoints_elsewhere() -> None:
    CHECKPOINTS.rmdir()
    CHECKPOINTS.symlink_to("/etc")
    complete()


def main() -> None:
    hyperparameters = json.loads((CONFIG / "hyperparameters.json").read_text())
    emit('{"event": "progress", "step": 1, "total": 2}')
    globals()[hyperparameters["behaviour"]]()


main()
