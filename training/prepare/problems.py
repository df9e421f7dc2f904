"""Errors and warnings about a dataset, worded so that its owner can fix them."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

MAX_LISTED_ERRORS = 20
MAX_LISTED_ROWS = 20
MAX_LISTED_WARNINGS = 20
# The report becomes part of the run's record, which DynamoDB limits to 400 KB.
MAX_TEXT_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class DataError:
    """One reason to refuse the dataset; `row` is a 1-based line of the file, as editors count."""

    code: str
    message: str
    row: int | None = None
    column: str | None = None
    hint: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the shape of `errors[]` in prepare-report.schema.json."""
        return {
            "code": self.code,
            "message": shortened(self.message),
            "row": self.row,
            "column": None if self.column is None else shortened(self.column, 100),
            "hint": shortened(self.hint),
        }


@dataclass(frozen=True, slots=True)
class DataWarning:
    """Something the owner should know about a dataset that is used all the same."""

    code: str
    message: str
    rows: tuple[int, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the shape of `warnings[]`, with at most `MAX_LISTED_ROWS` rows."""
        return {
            "code": self.code,
            "message": shortened(self.message),
            "rows": list(self.rows[:MAX_LISTED_ROWS]),
        }


class InvalidDataError(Exception):
    """The dataset cannot be used; the reasons are in `Problems.errors`."""


class Problems:
    """Collects errors and warnings; a stage ends with `stop_if_invalid`."""

    def __init__(self) -> None:
        self.errors: list[DataError] = []
        self.warnings: list[DataWarning] = []
        # The file of several that is read at the moment; its name begins each sentence.
        self.file: str | None = None

    def error(
        self,
        code: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        hint: str = "",
    ) -> None:
        """Record one error and continue, so that the owner sees all of them at once."""
        self.errors.append(DataError(code, self._placed(message), row, column, hint))

    def warn(self, code: str, message: str, rows: Iterable[int] = ()) -> None:
        """Record one warning about the given rows."""
        self.warnings.append(DataWarning(code, self._placed(message), tuple(sorted(rows))))

    def fail(
        self,
        code: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        hint: str = "",
    ) -> InvalidDataError:
        """Record an error that makes further reading pointless; the caller raises the result."""
        self.error(code, message, row=row, column=column, hint=hint)
        return InvalidDataError(message)

    def _placed(self, message: str) -> str:
        return message if self.file is None else f"{shortened(self.file, 60)}: {message}"

    def stop_if_invalid(self) -> None:
        """Raise InvalidDataError when any error was recorded so far."""
        if self.errors:
            raise InvalidDataError(f"{len(self.errors)} problems")

    def errors_to_json(self) -> list[dict[str, object]]:
        """Return the first errors by row; past the limit, a last entry counts the rest by code."""
        ordered = sorted(self.errors, key=lambda error: error.row or 0)
        listed = [error.to_json() for error in ordered[:MAX_LISTED_ERRORS]]
        rest = ordered[MAX_LISTED_ERRORS:]
        if rest:
            counts = Counter(error.code for error in rest).most_common()
            summary = ", ".join(f"{count} x {code}" for code, count in counts)
            more = DataError("more_problems", f"and {len(rest):,} more: {summary}")
            listed.append(more.to_json())
        return listed

    def warnings_to_json(self) -> list[dict[str, object]]:
        """Return the first warnings; past the limit, a last entry counts the rest by code."""
        listed = [warning.to_json() for warning in self.warnings[:MAX_LISTED_WARNINGS]]
        rest = self.warnings[MAX_LISTED_WARNINGS:]
        if rest:
            counts = Counter(warning.code for warning in rest).most_common()
            summary = ", ".join(f"{count} x {code}" for code, count in counts)
            more = DataWarning("more_warnings", f"and {len(rest):,} more: {summary}")
            listed.append(more.to_json())
        return listed


def shortened(text: str, limit: int = MAX_TEXT_CHARACTERS) -> str:
    """Return the text, cut with "..." when it is longer than the limit."""
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Return 'Did you mean "x"?' for the nearest known name, or an empty string."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(wrong.lower(), list(by_lower), n=1, cutoff=0.6)
    return f'Did you mean "{by_lower[close[0]]}"?' if close else ""


def counted(number: int, noun: str) -> str:
    """Return "1 row" or "1,200 rows"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def quoted(names: Iterable[str], limit: int = 20) -> str:
    """Return names as a readable list: "a", "b" and 3 more; long names are cut at 60 characters."""
    listed = [name if len(name) <= 60 else f"{name[:57]}..." for name in names]
    text = ", ".join(f'"{name}"' for name in listed[:limit])
    return text if len(listed) <= limit else f"{text} and {len(listed) - limit:,} more"
