"""The rows that prepare_data.py wrote: {"id", "text" or "features", "label"} a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from job.errors import JobError


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled row; `content` is the text, or the features by name, as a request sends it."""

    id: str
    content: Any
    label: str


def read_rows(channel: Path, name: str) -> list[Row]:
    """Return the rows of `<channel>/<name>.jsonl`.

    Raises:
        JobError: the file is missing, empty or not what prepare_data.py writes.
    """
    path = channel / f"{name}.jsonl"
    if not path.is_file():
        raise JobError(f"The {name} channel has no {path.name}; run prepare_data.py first.")
    rows: list[Row] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                content = row["text"] if "text" in row else row["features"]
                rows.append(Row(row["id"], content, row["label"]))
            except (ValueError, KeyError, TypeError) as error:
                raise JobError(
                    f"{path.name} line {number} is not a prepared row: {error!r}."
                ) from None
    if not rows:
        raise JobError(f"{path.name} has no rows.")
    return rows
