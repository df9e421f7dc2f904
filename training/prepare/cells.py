"""What may stand in a cell: a label, a number, a category, a group, a time, a slice."""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, datetime

from prepare.tables import Record

MAX_LABEL_CHARACTERS = 64
# Enough to tell slices apart; they are shown in Slack messages.
MAX_SLICE_CHARACTERS = 64
MAX_CATEGORY_CHARACTERS = 100


class CellError(ValueError):
    """A cell that cannot be used, and the code of the error in the report."""

    def __init__(self, code: str, column: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.column = column


def is_empty(record: Record, column: str) -> bool:
    """Return whether the row has nothing but white space in this column."""
    value = record.values.get(column)
    return value is None or (isinstance(value, str) and not value.strip())


def read_label(record: Record, column: str) -> str:
    """Return a text or whole number as a label.

    Raises:
        CellError: it is not usable; the same for the other readers.
    """
    value = record.values[column]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise CellError("label_not_text", column, "The label is neither text nor a whole number.")
    label = str(value).strip()
    if len(label) > MAX_LABEL_CHARACTERS:
        raise CellError(
            "label_too_long",
            column,
            f"The label has {len(label):,} characters; at most {MAX_LABEL_CHARACTERS} are accepted"
            f" (it begins {label[:30]!r}).",
        )
    if any(unicodedata.category(character).startswith("C") for character in label):
        raise CellError(
            "label_control_character", column, f"The label {label!r} contains a control character."
        )
    return label


def read_group(record: Record, column: str | None) -> str | None:
    """Return the cell as text, white space collapsed; None without a column."""
    return None if column is None else " ".join(str(record.values[column]).split())


def read_slice(record: Record, column: str) -> str:
    """Return the cell as text, white space collapsed, cut, and empty where nothing is there."""
    if is_empty(record, column):
        return ""
    text = " ".join(str(record.values[column]).split())[:MAX_SLICE_CHARACTERS]
    # A lone surrogate cannot be written.
    return text.encode("utf-8", "replace").decode("utf-8")


def read_time(record: Record, column: str | None) -> float | None:
    """Return seconds since 1970, of a number or an ISO 8601 date; without a zone, in UTC."""
    if column is None:
        return None
    value = record.values[column]
    text = str(value).strip()
    try:
        if isinstance(value, bool):
            raise ValueError
        try:
            number = float(text)
        except ValueError:
            when = datetime.fromisoformat(text)
            number = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
        if not math.isfinite(number):
            raise ValueError
    except (ValueError, OverflowError):
        raise CellError(
            "not_a_time",
            column,
            f'"{text[:40]}" in column "{column}" is neither an ISO 8601 date, such as'
            " 2026-01-31 or 2026-01-31T12:00:00Z, nor a number.",
        ) from None
    return number


def read_number(record: Record, column: str) -> float:
    """Return a finite number."""
    value = record.values[column]
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError
        number = float(value)
        if not math.isfinite(number):
            raise ValueError
    except (ValueError, OverflowError):
        shown = str(value)[:40]
        raise CellError(
            "not_a_number", column, f'"{shown}" in column "{column}" is not a finite number.'
        ) from None
    return number


def read_category(record: Record, column: str) -> str:
    """Return a text, a number or a truth value as the name of a category, white space collapsed."""
    value = record.values[column]
    if not isinstance(value, str | int | float):
        raise CellError(
            "not_a_category", column, f'The cell of column "{column}" is a list or an object.'
        )
    name = " ".join(str(value).lower().split() if isinstance(value, bool) else str(value).split())
    if len(name) > MAX_CATEGORY_CHARACTERS:
        raise CellError(
            "category_too_long",
            column,
            f'A value of column "{column}" has {len(name):,} characters; a category has at most'
            f" {MAX_CATEGORY_CHARACTERS}.",
        )
    # Refuses a lone surrogate, which cannot be written.
    name.encode("utf-8")
    return name
