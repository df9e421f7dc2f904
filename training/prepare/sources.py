"""The files of a dataset, oldest first: each is read and checked by itself, and all must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from prepare.examples import Columns, Example, Task, build_examples
from prepare.features import check_categories, values_of_categories
from prepare.files import SourceFile, measure, read_source
from prepare.problems import Problems, did_you_mean, quoted
from prepare.tables import FileFormat, Table, detect_format, read_table

# What to do about an earlier file that is gone or no longer fits.
INSTEAD = "Or drop one file with all rows, as a replacement."


@dataclass(slots=True)
class Source:
    """One file of the dataset and how many rows were read of it."""

    file: SourceFile
    file_format: str = "unknown"
    columns: tuple[str, ...] = ()
    read: int = 0

    def to_json(self, kept: int) -> dict[str, object]:
        """Return the shape of `sources[]` in prepare-report.schema.json."""
        return {
            "name": self.file.name[:255],
            "bytes": self.file.size_bytes,
            "sha256": self.file.sha256,
            "rows": {"read": self.read, "kept": kept},
        }


def read_sources(
    sources: Sequence[Source],
    paths: Sequence[Path],
    *,
    max_bytes: int,
    task: Task,
    names: Columns,
    problems: Problems,
) -> list[Example]:
    """Fill `sources` and return the usable rows of all files, oldest file first.

    Raises:
        InvalidDataError: a file is unusable, all are too large together, or a table has other
            features than the oldest one.
    """
    _measure(sources, paths, max_bytes, problems)
    examples: list[Example] = []
    first: Table | None = None
    for number, (source, path) in enumerate(zip(sources, paths, strict=True)):
        problems.file = path.name if len(sources) > 1 else None
        source.file = read_source(path, problems)
        file_format: FileFormat = detect_format(path.name, source.file.text)
        source.file_format = file_format
        table = read_table(source.file.text, file_format, names.label, problems)
        source.columns = tuple(name for name in table.columns if name not in names.no_features())
        source.read = len(table.records)
        if first is None:
            first = table
        elif task == "tabular-classification":
            _require_same_features(table, first, sources[0].file.name, names, problems)
        # The oldest file decides, or a column could be of numbers in one and of texts in another.
        known = values_of_categories(row.content for row in examples) if number else None
        examples += build_examples(table, task, names, problems, number, known)
    problems.file = None
    check_categories((row.content for row in examples), problems)
    return examples


def kept_of(examples: Iterable[Example]) -> Counter[int]:
    """Return how many of the rows each file brought, by its number."""
    return Counter(example.source for example in examples)


def _measure(
    sources: Sequence[Source], paths: Sequence[Path], max_bytes: int, problems: Problems
) -> None:
    for source, path in zip(sources[:-1], paths[:-1], strict=True):
        if not path.is_file():
            raise problems.fail(
                "earlier_file_gone",
                f'The file "{path.name}", which the new rows are appended to, is no longer stored.',
                hint=f"Put it back, if there is a copy. {INSTEAD}",
            )
        source.file = measure(path, max_bytes, problems)
    sources[-1].file = measure(paths[-1], max_bytes, problems)
    together = sum(source.file.size_bytes for source in sources)
    if together > max_bytes:
        raise problems.fail(
            "file_too_large",
            f"The {len(sources):,} files have {together:,} bytes together; at most {max_bytes:,}"
            " are accepted.",
            hint="Drop one smaller file as a replacement: sample the rows, or remove columns that"
            " are not needed.",
        )


def _require_same_features(
    table: Table, first: Table, first_name: str, names: Columns, problems: Problems
) -> None:
    """Record each feature column that only one of the two files has."""
    others = {names.label, *names.no_features()}
    for column in first.columns:
        if column in others or column in table.columns:
            continue
        new = [name for name in table.columns if name not in first.columns]
        problems.error(
            "missing_feature_column",
            f'There is no column "{column[:60]}", which "{first_name}" has; the columns are'
            f" {quoted(table.columns)}.",
            column=column,
            hint=f"{did_you_mean(column, new)} Appended files need the same columns."
            f" {INSTEAD}".strip(),
        )
    for column in table.columns:
        if column not in others and column not in first.columns:
            problems.error(
                "new_feature_column",
                f'The column "{column[:60]}" is not in "{first_name}", which the rows are appended'
                " to.",
                column=column,
                hint=f"Leave it out. {INSTEAD}",
            )
    problems.stop_if_invalid()
