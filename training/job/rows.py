"""The rows that prepare_data.py wrote: {"id", "text" or "features", "label"} per line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from job.errors import JobError
from job.events import log

Features = dict[str, float | str | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled row; `content` is the text, or the features by name, as a request sends it.

    None is a feature that is missing. `slices` are what a held-out row belongs to, by column.
    """

    id: str
    content: str | Features
    label: str
    slices: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    def is_complete(self) -> bool:
        """Return whether no feature is missing."""
        return isinstance(self.content, str) or None not in self.content.values()


def read_rows(channel: Path, name: str, *, incomplete: bool = False) -> list[Row]:
    """Return the rows of `<channel>/<name>.jsonl`; those that lack a feature only if asked.

    Raises:
        JobError: the file is missing, empty or not what prepare_data.py writes; every row lacks a
            feature.
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
    return rows if incomplete else _complete(rows, path.name)


def _complete(rows: list[Row], name: str) -> list[Row]:
    complete = [row for row in rows if row.is_complete()]
    if not complete:
        raise JobError(f"Every row of {name} lacks a feature, and this recipe needs them all.")
    if len(complete) < len(rows):
        log(
            f"{name}: left out {len(rows) - len(complete):,} of {len(rows):,} rows with empty cells"
        )
    return complete


def _row(record: dict[str, object]) -> Row:
    content = record["text"] if "text" in record else record["features"]
    row_id, label = record["id"], record["label"]
    if not isinstance(row_id, str) or not isinstance(label, str):
        raise TypeError("id and label must be strings")
    if not isinstance(content, str | dict):
        raise TypeError("text must be a string, features an object")
    slices = cast("Mapping[str, str]", record.get("slices", {}))
    return Row(row_id, cast("str | Features", content), label, slices)


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
    """Return the numbers of every row by name; NaN for one that is missing.

    Raises:
        JobError: a row has a text instead, or a feature is a category.
    """
    features = [row.content for row in rows if not isinstance(row.content, str)]
    if len(features) < len(rows):
        raise JobError("The rows have no features; this recipe trains on prepared tabular data.")
    return [{name: _number(name, value) for name, value in each.items()} for each in features]


def _number(name: str, value: float | str | None) -> float:
    if isinstance(value, str):
        raise JobError(f'The feature "{name}" is a category; this recipe reads numbers only.')
    return math.nan if value is None else value
