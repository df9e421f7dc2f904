"""Decode the input file, reporting the place of anything that is not text; write atomically."""

from __future__ import annotations

import codecs
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from prepare.problems import Problems

UTF8_HINT = 'Save the file as UTF-8 (in Excel: "CSV UTF-8").'


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The input as it is on disk; `sha256` and `text` are empty when it was not read."""

    name: str
    size_bytes: int = 0
    sha256: str = ""
    text: str = ""


def measure(path: Path, max_bytes: int, problems: Problems) -> SourceFile:
    """Look at the file without reading it.

    Raises:
        InvalidDataError: it is missing, not a regular file, empty or above `max_bytes`.
    """
    if not path.exists():
        raise problems.fail("input_not_found", f"There is no file {path.name!r}.")
    if not path.is_file():
        raise problems.fail("not_a_file", f"{path.name!r} is not a regular file.")
    size = path.stat().st_size
    if size == 0:
        raise problems.fail("empty_file", "The file is empty (0 bytes).")
    if size > max_bytes:
        raise problems.fail(
            "file_too_large",
            f"The file has {size:,} bytes; at most {max_bytes:,} are accepted.",
            hint="Make the file smaller: sample its rows, or remove columns that are not needed.",
        )
    return SourceFile(path.name, size)


def read_source(path: Path, problems: Problems) -> SourceFile:
    """Read and decode a file that `measure` accepted; a UTF-8 byte order mark is dropped.

    Raises:
        InvalidDataError: it is not UTF-8 or holds NUL bytes; the message names offset and line.
    """
    data = path.read_bytes()
    source = SourceFile(path.name, len(data), hashlib.sha256(data).hexdigest())
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise problems.fail("wrong_encoding", "The file is UTF-16.", row=1, hint=UTF8_HINT)
    nul = data.find(b"\0")
    if nul >= 0:
        raise problems.fail(
            "nul_byte",
            f"NUL byte at byte offset {nul:,}, line {_line_of(data, nul):,}.",
            row=_line_of(data, nul),
            hint="The file is binary or damaged; export it again as text.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # utf-8-sig counts from behind the byte order mark.
        offset = error.start + (3 if data.startswith(codecs.BOM_UTF8) else 0)
        line = _line_of(data, offset)
        raise problems.fail(
            "wrong_encoding",
            f"Not UTF-8: byte 0x{data[offset]:02x} at byte offset {offset:,}, line {line:,}.",
            row=line,
            hint=UTF8_HINT,
        ) from error
    return SourceFile(source.name, source.size_bytes, source.sha256, text)


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def write_atomically(path: Path, text: str) -> None:
    """Write text under a temporary name in the same folder, then rename it into place."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
