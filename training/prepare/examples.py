"""Turn records into labelled examples, after checking that columns exist and cells are usable."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from prepare.cells import (
    CellError,
    is_empty,
    read_group,
    read_label,
    read_slice,
    read_time,
)
from prepare.features import Features, category_columns, feature_columns, read_features
from prepare.problems import Problems, counted, did_you_mean, quoted
from prepare.tables import Record, Table

Task = Literal["text-classification", "tabular-classification"]
# A few empty cells are noise, and their rows are dropped; more of them mean a broken export.
MAX_EMPTY_SHARE = 0.05
# A feature may be missing: those rows are kept, and a recipe decides whether it can use them.
MAX_MISSING_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Example:
    """One usable row.

    `key` is its normalised content, by which duplicates are found and the side is decided; `id`
    is a hash of it. `content` is what is written: the text, or the features by name, None for one
    that is missing. `group` and `time` (seconds since 1970) are None unless a column was named for
    them. `slices` are what it belongs to, by the columns that were named for that.
    """

    row: int
    id: str
    key: str
    label: str
    content: str | Features
    group: str | None = None
    time: float | None = None
    slices: Mapping[str, str] = field(default_factory=dict[str, str])
    # Number of its file: a later one is newer.
    source: int = 0


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a dataset are called."""

    label: str = "label"
    text: str = "text"
    group: str | None = None
    time: str | None = None
    slices: tuple[str, ...] = ()

    def for_split(self) -> tuple[str, ...]:
        """Return the columns that decide about the split."""
        return tuple(name for name in (self.group, self.time) if name is not None)

    def no_features(self) -> tuple[str, ...]:
        """Return the columns that a model never sees, without the label."""
        return (*self.for_split(), *self.slices)


def text_key(text: str) -> str:
    """Return the text as compared: Unicode NFKC, case folded, white space collapsed."""
    normalised = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(normalised.casefold().split())


def content_id(key: str) -> str:
    """Return the 16 hexadecimal digits that name this content in every version of a dataset.

    Raises:
        UnicodeEncodeError: the key holds a lone surrogate, which no UTF-8 file can.
    """
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:16]


def build_examples(
    table: Table,
    task: Task,
    names: Columns,
    problems: Problems,
    source: int = 0,
    categories: Collection[str] | None = None,
) -> list[Example]:
    """Check columns and cells; rows without label or text, or without any feature, are left out.

    `categories` are the features that hold texts; None: the cells decide.

    Raises:
        InvalidDataError: a column is missing, a cell is unusable, more than `MAX_EMPTY_SHARE` of
            the rows are left out for one column, or more than `MAX_MISSING_SHARE` lack a feature.
    """
    _require_column("label", names.label, table, problems)
    roles = (("group", names.group), ("time", names.time), *(("slice", s) for s in names.slices))
    for role, column in roles:
        if column is not None:
            _require_column(role, column, table, problems)
    if task == "text-classification":
        _require_column("text", names.text, table, problems)
        problems.stop_if_invalid()
        columns = (names.text,)
    else:
        problems.stop_if_invalid()
        columns = feature_columns(table, {names.label, *names.no_features()}, problems)
        if categories is None:
            categories = category_columns(table, columns, problems)

    def read(record: Record) -> tuple[str, str | Features]:
        if task == "text-classification":
            return _read_text(record, names.text)
        return read_features(record, columns, categories or ())

    examples: list[Example] = []
    empty_rows: dict[str, list[int]] = defaultdict(list)
    missing_rows: dict[str, list[int]] = defaultdict(list)
    needed = (names.label, *names.for_split())
    for record in table.records:
        missing = [name for name in columns if is_empty(record, name)]
        empty = [name for name in needed if is_empty(record, name)]
        if len(missing) == len(columns):
            empty.append(missing[0])
        if empty:
            empty_rows[empty[0]].append(record.row)
            continue
        for name in missing:
            missing_rows[name].append(record.row)
        try:
            label = read_label(record, names.label)
            key, content = read(record)
            group = read_group(record, names.group)
            time = read_time(record, names.time)
            slices = {name: read_slice(record, name) for name in names.slices}
            row_id = content_id(key)
            examples.append(
                Example(record.row, row_id, key, label, content, group, time, slices, source)
            )
        except CellError as error:
            problems.error(error.code, str(error), row=record.row, column=error.column)
        except UnicodeEncodeError:
            problems.error(
                "invalid_unicode",
                "The row contains a broken Unicode character (a lone surrogate).",
                row=record.row,
            )
    _judge_empty_rows(empty_rows, len(table.records), problems)
    _judge_missing_values(missing_rows, len(table.records), problems)
    problems.stop_if_invalid()
    return examples


def _require_column(role: str, column: str, table: Table, problems: Problems) -> None:
    if column in table.columns:
        return
    guess = did_you_mean(column, table.columns)
    setting = {"group": "data.group", "time": "data.time", "slice": "gate.slices"}.get(
        role, f"columns.{role}"
    )
    problems.error(
        f"missing_{role}_column",
        f'There is no {role} column "{column}"; the columns are {quoted(table.columns)}.',
        column=column,
        hint=f"{guess} Rename the column in the file, or set {setting} of the model in"
        " mlops.config.ts.".strip(),
    )


def _judge_empty_rows(empty_rows: dict[str, list[int]], total: int, problems: Problems) -> None:
    for column, rows in empty_rows.items():
        if len(rows) > max(1, MAX_EMPTY_SHARE * total):
            problems.error(
                "too_many_empty",
                f'Column "{column}" is empty in {len(rows):,} of {total:,} rows; at most'
                f" {MAX_EMPTY_SHARE:.0%} may be empty.",
                row=rows[0],
                column=column,
                hint="Fill the cells or remove the rows.",
            )
        else:
            problems.warn(
                "empty_rows_dropped",
                f'Left out {counted(len(rows), "row")}: column "{column}" is empty.',
                rows,
            )


def _judge_missing_values(
    missing_rows: dict[str, list[int]], total: int, problems: Problems
) -> None:
    for column, rows in missing_rows.items():
        if len(rows) > MAX_MISSING_SHARE * total:
            problems.error(
                "too_many_empty",
                f'Column "{column}" is empty in {len(rows):,} of {total:,} rows; at most'
                f" {MAX_MISSING_SHARE:.0%} may be empty.",
                row=rows[0],
                column=column,
                hint="Fill the cells or remove the column.",
            )
    rows = sorted(set[int]().union(*missing_rows.values()))
    if rows:
        cells = sum(map(len, missing_rows.values()))
        problems.warn(
            "missing_values",
            f"{counted(len(rows), 'row')} with {counted(cells, 'empty cell')} in feature columns."
            " They are kept; a recipe that needs every value leaves them out.",
            rows,
        )


def _read_text(record: Record, column: str) -> tuple[str, str]:
    value = record.values[column]
    if not isinstance(value, str):
        raise CellError("text_not_string", column, "The text is not a string.")
    return text_key(value), value.strip()
