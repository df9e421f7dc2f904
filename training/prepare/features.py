"""Which columns of a table are features, and whether each holds numbers or categories."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import cast

from prepare.cells import is_empty, read_category, read_number
from prepare.problems import Problems, counted
from prepare.tables import Record, Table

# A column of words is a category up to here; above it is more likely an id, a name or free text.
MAX_CATEGORIES = 50
# Cells that decide whether a column holds numbers.
SAMPLED_CELLS = 1_000

# Also as a spreadsheet of another country writes one, which is a mistake and no category.
_NUMBER = re.compile(
    r"[-+]?[\d.,'\s]*\d[\d.,'\s]*(e[-+]?\d+)?%?|[-+]?(nan|inf|infinity)", re.IGNORECASE
)

# None is a value that is missing.
Features = dict[str, float | str | None]


def feature_columns(table: Table, others: Collection[str], problems: Problems) -> tuple[str, ...]:
    """Return the columns that are not among `others`.

    Raises:
        InvalidDataError: there are none, or one has no name.
    """
    columns = tuple(name for name in table.columns if name not in others)
    if not columns:
        raise problems.fail("no_features", "The file has no column besides the label.")
    if "" in columns:
        raise problems.fail(
            "unnamed_column",
            "A feature column has no name.",
            row=1,
            hint="Name it, or export without the index column (pandas: index=False).",
        )
    return columns


def category_columns(table: Table, columns: Collection[str], problems: Problems) -> frozenset[str]:
    """Return the columns of which less than half of the cells look like numbers.

    Raises:
        InvalidDataError: one of them has too many different values.
    """
    categories = {name for name in columns if not _holds_numbers(table.records, name)}
    counts = {name: _count_values(table.records, name) for name in columns if name in categories}
    _judge_counts(counts, problems)
    if counts:
        listed = ", ".join(f'"{name}" ({counted(n, "value")})' for name, n in counts.items())
        problems.warn("category_columns", f"Read as categories: {listed}."[:500])
    return frozenset(categories)


def values_of_categories(contents: Iterable[object]) -> dict[str, set[str]]:
    """Return the different texts of each feature of these rows that has any."""
    values: dict[str, set[str]] = defaultdict(set)
    for content in contents:
        if not isinstance(content, str):
            for name, value in cast("Features", content).items():
                if isinstance(value, str):
                    values[name].add(value)
    return values


def check_categories(contents: Iterable[object], problems: Problems) -> None:
    """Refuse a category that has too many different values in all files together.

    Raises:
        InvalidDataError: there is one.
    """
    values = values_of_categories(contents)
    _judge_counts({name: len(texts) for name, texts in values.items()}, problems)


def _judge_counts(counts: Mapping[str, int], problems: Problems) -> None:
    for name, count in counts.items():
        if count > MAX_CATEGORIES:
            problems.error(
                "too_many_categories",
                f'Column "{name}" has {count:,} different values that are not numbers; at most'
                f" {MAX_CATEGORIES} are read as categories.",
                column=name,
                hint="Remove a column of ids, names or free text, or name it in data.group or"
                " gate.slices of the model, which makes it no feature. Of a category, merge the"
                " rare values.",
            )
    problems.stop_if_invalid()


def _holds_numbers(records: list[Record], column: str) -> bool:
    step = -(-len(records) // SAMPLED_CELLS)
    cells = [record for record in records[::step] if not is_empty(record, column)]
    return 2 * sum(_looks_like_a_number(record.values[column]) for record in cells) >= len(cells)


def _looks_like_a_number(value: object) -> bool:
    if isinstance(value, str):
        return _NUMBER.fullmatch(value.strip()) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count_values(records: list[Record], column: str) -> int:
    return len({str(record.values[column]) for record in records if not is_empty(record, column)})


def read_features(
    record: Record, columns: Collection[str], categories: Collection[str]
) -> tuple[str, Features]:
    """Return the features as compared and as written.

    Raises:
        CellError: a cell is neither a number nor, in a column of categories, a text.
    """
    features: Features = {}
    for column in columns:
        if is_empty(record, column):
            features[column] = None
        elif column in categories:
            features[column] = read_category(record, column)
        else:
            features[column] = read_number(record, column)
    return features_key(features), features


def features_key(features: Features) -> str:
    """Return the features as compared: JSON with sorted names, so column order is irrelevant."""
    return json.dumps(features, sort_keys=True, separators=(",", ":"))
