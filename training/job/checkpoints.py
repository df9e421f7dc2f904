"""Checkpoints that are either complete or absent.

A job can be killed at any moment, even during a save, and SageMaker copies /opt/ml/checkpoints to
S3 file by file. So a checkpoint is written under a staging name, listed with sizes and digests in
MANIFEST.json, flushed to disk and renamed; a start takes the newest one whose manifest verifies.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path

from job.events import log

MANIFEST_NAME = "MANIFEST.json"
STAGING_PREFIX = ".staging-"
_CHECKPOINT_NAME = re.compile(r"checkpoint-(\d+)")


class CheckpointStore:
    """The checkpoints of one run, `checkpoint-<step>` under `root`; keeps the newest `keep`."""

    def __init__(self, root: Path, keep: int = 2) -> None:
        self.root = root
        self._keep = keep

    def open(self) -> Path | None:
        """Return the newest intact checkpoint; remove damaged and half-written ones."""
        self.root.mkdir(parents=True, exist_ok=True)
        for leftover in self.root.glob(f"{STAGING_PREFIX}*"):
            shutil.rmtree(leftover)
        for checkpoint in self._newest_first():
            damage = find_damage(checkpoint)
            if damage is None:
                return checkpoint
            log(f"{checkpoint.name} is damaged ({damage}); trying an older one")
            shutil.rmtree(checkpoint)
        return None

    def staging_folder(self) -> Path:
        """Return a folder to write the next checkpoint into; `commit` makes it one."""
        folder = self.root / f"{STAGING_PREFIX}{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def commit(self, written: Path, step: int, best: int | None = None) -> Path:
        """Turn a fully written folder into the checkpoint of this step, and delete old ones.

        That of the step `best` stays, however old.
        """
        files = sorted(path for path in written.rglob("*") if path.is_file())
        manifest = {
            str(path.relative_to(written)): {"bytes": path.stat().st_size, "sha256": digest(path)}
            for path in files
        }
        manifest_path = written / MANIFEST_NAME
        manifest_path.write_text(json.dumps({"step": step, "files": manifest}, indent=2))
        for path in (*files, manifest_path, written):
            flush_to_disk(path)
        checkpoint = self.root / f"checkpoint-{step}"
        if checkpoint.exists():
            shutil.rmtree(checkpoint)
        written.rename(checkpoint)
        flush_to_disk(self.root)
        for old in self._newest_first()[self._keep :]:
            if step_of(old) != best:
                shutil.rmtree(old)
        return checkpoint

    def _newest_first(self) -> list[Path]:
        found = [path for path in self.root.iterdir() if _CHECKPOINT_NAME.fullmatch(path.name)]
        return sorted(found, key=step_of, reverse=True)


def step_of(checkpoint: Path) -> int:
    """Return the optimizer step a checkpoint was taken after."""
    match = _CHECKPOINT_NAME.fullmatch(checkpoint.name)
    if match is None:
        raise ValueError(f"{checkpoint.name} is not the name of a checkpoint")
    return int(match[1])


def find_damage(checkpoint: Path) -> str | None:
    """Return what is wrong with a checkpoint, or None when every file is as it was written."""
    try:
        manifest = json.loads((checkpoint / MANIFEST_NAME).read_text(encoding="utf-8"))
        files = manifest["files"]
        if not files:
            return "its manifest lists no files"
        for name, expected in files.items():
            path = checkpoint / name
            if not path.is_file():
                return f"{name} is missing"
            if path.stat().st_size != expected["bytes"]:
                return f"{name} has {path.stat().st_size} bytes instead of {expected['bytes']}"
            if digest(path) != expected["sha256"]:
                return f"{name} has changed since it was written"
    except FileNotFoundError:
        return f"it has no {MANIFEST_NAME}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{MANIFEST_NAME} is damaged"
    return None


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush_to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
