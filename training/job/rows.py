"""The rows that prepare_data.py wrote: {"id", "text" or "features", "label"} per line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from job.errors import JobError


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled row; `content` is the text, or the features by name, as a request sends it."""

    id: str
    content: str | dict[str, float]
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
                rows.append(_row(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise JobError(
                    f"{path.name} line {number} is not a prepared row: {error!r}."
                ) from None
    if not rows:
        raise JobError(f"{path.name} has no rows.")
    return rows


def _row(record: dict[str, object]) -> Row:
    content = record["text"] if "text" in record else record["features"]
    row_id, label = record["id"], record["label"]
    if not isinstance(row_id, str) or not isinstance(label, str):
        raise TypeError("id and label must be strings")
    if not isinstance(content, str | dict):
        raise TypeError("text must be a string, features an object")
    return Row(row_id, cast("str | dict[str, float]", content), label)


def texts_of(rows: Sequence[Row]) -> list[str]:
    """Return the text of every row.

    Raises:
        JobError: a row has features instead.
    """
    texts = [row.content for row in rows if isinstance(row.content, str)]
    if len(texts) < len(rows):
        raise JobError("The rows have no text; this recipe trains on prepared text data.")
    return texts


def features_of(rows: Sequence[Row]) -> list[dict[str, float]]:
    """Return the features of every row by name.

    Raises:
        JobError: a row has a text instead.
    """
    features = [row.content for row in rows if not isinstance(row.content, str)]
    if len(features) < len(rows):
        raise JobError("The rows have no features; this recipe trains on prepared tabular data.")
    return features
