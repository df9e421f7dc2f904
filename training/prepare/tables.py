"""Read CSV and JSON Lines into records, each with the line of the file that it starts on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from prepare.problems import Problems, counted, quoted

FileFormat = Literal["csv", "jsonl"]
DELIMITERS = (",", ";", "\t")
# A mail or an article fits in one cell; the csv module's own limit of 128 KiB is too small.
MAX_FIELD_CHARACTERS = 16 * 1024 * 1024

_JSON_TYPES: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One row: `row` is its first line in the file, `values` maps column to cell."""

    row: int
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """All records of a file; `columns` in the order in which they are first seen."""

    columns: tuple[str, ...]
    records: list[Record]


def detect_format(name: str, text: str) -> FileFormat:
    """Return the format by extension, else by whether the text begins like JSON."""
    lowered = name.lower()
    if lowered.endswith((".jsonl", ".ndjson", ".json")):
        return "jsonl"
    if lowered.endswith((".csv", ".tsv", ".txt")):
        return "csv"
    return "jsonl" if text.lstrip().startswith(("{", "[")) else "csv"


def read_table(text: str, file_format: FileFormat, label_column: str, problems: Problems) -> Table:
    """Parse the whole file.

    Raises:
        InvalidDataError: no rows at all, or text that cannot be parsed any further. Ragged rows
            and single malformed lines are recorded in `problems`, and reading continues.
    """
    if not text.strip():
        raise problems.fail("empty_file", "The file contains only white space.")
    if file_format == "csv":
        table = _read_csv(text, label_column, problems)
    else:
        table = _read_json_lines(text, problems)
    if not table.records:
        problems.stop_if_invalid()
        raise problems.fail("no_rows", "The file has a header but no rows.")
    return table


def _read_csv(text: str, label_column: str, problems: Problems) -> Table:
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    delimiter = _sniff_delimiter(text, label_column)
    rows = _csv_rows(text, delimiter, problems)
    header_row, header = next(rows)
    columns = tuple(name.strip() for name in header)
    repeated = [name for name, count in Counter(columns).items() if count > 1 and name]
    if repeated:
        raise problems.fail(
            "duplicate_column",
            f"The header names {quoted(repeated)} more than once.",
            row=header_row,
            column=repeated[0],
            hint="Give every column its own name.",
        )
    records: list[Record] = []
    for row, cells in rows:
        if len(cells) == len(columns):
            records.append(Record(row, dict(zip(columns, cells, strict=True))))
            continue
        problems.error(
            "ragged_row",
            f"The row has {counted(len(cells), 'field')}, but the header has {len(columns)}.",
            row=row,
            hint="Quote cells that contain the delimiter, a quote or a line break.",
        )
    return Table(columns, records)


def _csv_rows(text: str, delimiter: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, cells) of every row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        first_line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise problems.fail(
                "malformed_csv",
                f"Not valid CSV: {error}.",
                row=first_line,
                hint='Check the quotes in this row; inside a cell, write a quote as "". A cell has'
                f" at most {MAX_FIELD_CHARACTERS:,} characters.",
            ) from error
        if cells:
            yield first_line, cells


def _sniff_delimiter(text: str, label_column: str) -> str:
    """Return the delimiter whose header has the label column, else the one with most columns."""
    # Old Macintosh exports end their lines with "\r" alone.
    first_line = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]

    def fitness(delimiter: str) -> tuple[bool, int]:
        try:
            columns = next(csv.reader([first_line], delimiter=delimiter), list[str]())
        except csv.Error:
            # Such as a cell that is too large; reading the rows says which.
            return False, 0
        return label_column in [column.strip() for column in columns], len(columns)

    return max(DELIMITERS, key=fitness)


def _read_json_lines(text: str, problems: Problems) -> Table:
    if text.lstrip().startswith("["):
        raise problems.fail(
            "json_array",
            "The file is one JSON array.",
            row=1,
            hint='Write JSON Lines, one object per line: {"text": "...", "label": "..."}.',
        )
    columns: dict[str, None] = {}
    records: list[Record] = []
    # Not str.splitlines: it also splits at characters that are legal inside a JSON string.
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        values = _parse_json_line(line, row, problems)
        if values is not None:
            columns.update(dict.fromkeys(values))
            records.append(Record(row, values))
    return Table(tuple(columns), records)


def _parse_json_line(line: str, row: int, problems: Problems) -> dict[str, object] | None:
    try:
        value: object = json.loads(
            line, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        problems.error(
            "malformed_json",
            f"Not valid JSON at column {error.colno}: {error.msg}.",
            row=row,
            hint="Every line must be one complete JSON object.",
        )
        return None
    except (ValueError, RecursionError) as error:
        problems.error("malformed_json", f"Not usable JSON: {error}.", row=row)
        return None
    if not isinstance(value, dict):
        found = _JSON_TYPES.get(type(value), "number")
        problems.error("not_an_object", f"The line is a JSON {found}, not an object.", row=row)
        return None
    return cast("dict[str, object]", value)


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
        raise ValueError(f"the key {quoted(repeated)} appears more than once")
    return values


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")
