"""The stages in order, from a file to three sides, and what the report says about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prepare.checks import Limits, check_labels, check_sides, warn_about_leaks
from prepare.duplicates import drop_conflicts_and_copies, find_near_duplicates, sketch
from prepare.examples import Example, Task, build_examples
from prepare.files import SourceFile, measure, read_source
from prepare.problems import Problems, counted, shortened
from prepare.splitting import SIDES, Side, SplitRule
from prepare.tables import detect_format, read_table

# Of a dataset that is accepted, all labels are listed (see Limits.max_classes).
MAX_LISTED_LABELS = 200
MAX_LISTED_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of the command line."""

    input: Path
    task: Task
    label_column: str = "label"
    text_column: str = "text"
    max_bytes: int = 100 * 1024 * 1024
    limits: Limits = field(default_factory=Limits)
    split: SplitRule = field(default_factory=SplitRule)


@dataclass(slots=True)
class Progress:
    """What is known so far; filled stage by stage, so that a refused dataset is described too."""

    source: SourceFile
    file_format: str = "unknown"
    columns: tuple[str, ...] = ()
    read: int = 0
    exact_duplicates: int = 0
    near_duplicates: int = 0
    conflicting: int = 0
    dropped: int = 0
    sides: dict[Side, list[Example]] = field(default_factory=lambda: {side: [] for side in SIDES})

    def to_json(self) -> dict[str, object]:
        """Return the descriptive part of the report, see prepare-report.schema.json."""
        kept = self._kept()
        labels = _largest_labels(kept)
        return {
            "input": {
                "name": shortened(self.source.name),
                "bytes": self.source.size_bytes,
                "sha256": self.source.sha256,
                "format": self.file_format,
            },
            "rows": {
                "read": self.read,
                "kept": len(kept),
                "exactDuplicates": self.exact_duplicates,
                "nearDuplicates": self.near_duplicates,
                "conflicting": self.conflicting,
                "dropped": self.dropped,
            },
            "labels": _label_counts(kept, labels),
            "split": {side: len(self.sides[side]) for side in SIDES},
            "splitLabels": {side: _label_counts(self.sides[side], labels) for side in SIDES},
            "columns": [shortened(name, 100) for name in self.columns[:MAX_LISTED_COLUMNS]],
        }

    def say_what_is_not_listed(self, problems: Problems) -> None:
        """Warn when the report leaves out labels or columns, with how many."""
        counts = Counter(example.label for example in self._kept())
        if len(counts) > MAX_LISTED_LABELS:
            rest = sorted(counts.values(), reverse=True)[MAX_LISTED_LABELS:]
            problems.warn(
                "labels_not_listed",
                f"The report lists the {MAX_LISTED_LABELS} largest of {len(counts):,} labels; the"
                f" other {len(rest):,} have {counted(sum(rest), 'row')}.",
            )
        if len(self.columns) > MAX_LISTED_COLUMNS:
            problems.warn(
                "columns_not_listed",
                f"The report lists the first {MAX_LISTED_COLUMNS} of {len(self.columns):,}"
                " columns.",
            )

    def _kept(self) -> list[Example]:
        return [example for side in SIDES for example in self.sides[side]]


def prepare(settings: Settings, progress: Progress, problems: Problems) -> None:
    """Fill `progress.sides` with the rows to write.

    Raises:
        InvalidDataError: the dataset is unusable; `problems.errors` says why.
    """
    progress.source = measure(settings.input, settings.max_bytes, problems)
    progress.source = read_source(settings.input, problems)
    text = progress.source.text
    file_format = detect_format(settings.input.name, text)
    progress.file_format = file_format

    table = read_table(text, file_format, settings.label_column, problems)
    progress.columns = table.columns
    progress.read = len(table.records)
    examples = build_examples(
        table, settings.task, settings.label_column, settings.text_column, problems
    )
    progress.dropped = progress.read - len(examples)

    examples, progress.exact_duplicates, progress.conflicting = drop_conflicts_and_copies(
        examples, problems
    )
    for example in examples:
        progress.sides[settings.split.side_of(example.key, example.id)].append(example)
    if settings.task == "text-classification":
        _drop_near_duplicates(progress, problems)

    kept = [example for side in SIDES for example in progress.sides[side]]
    check_labels(kept, settings.limits, problems)
    problems.stop_if_invalid()
    check_sides(progress.sides, problems)
    problems.stop_if_invalid()
    warn_about_leaks(progress.sides["train"], problems)


def _drop_near_duplicates(progress: Progress, problems: Problems) -> None:
    """Apply "the more held-out side wins" (see duplicates.py) to validation, then to train."""
    sides = progress.sides
    sketches = {row.id: sketch(row.key) for side in SIDES for row in sides[side]}
    dropped = find_near_duplicates(sides["validation"], sides["test"], sketches)
    sides["validation"] = _without(sides["validation"], dropped)
    held_out = [*sides["test"], *sides["validation"], *dropped]
    near_train = find_near_duplicates(sides["train"], held_out, sketches)
    sides["train"] = _without(sides["train"], near_train)
    dropped += near_train
    progress.near_duplicates = len(dropped)
    if dropped:
        problems.warn(
            "near_duplicates_dropped",
            f"Left out {counted(len(dropped), 'row')}: nearly identical to a held-out row, which"
            " the model must not have seen.",
            [example.row for example in dropped],
        )


def _without(examples: Sequence[Example], dropped: Sequence[Example]) -> list[Example]:
    ids = {example.id for example in dropped}
    return [example for example in examples if example.id not in ids]


def _largest_labels(examples: Sequence[Example]) -> frozenset[str]:
    counts = Counter(example.label for example in examples)
    ordered = sorted(counts, key=lambda label: (-counts[label], label))
    return frozenset(ordered[:MAX_LISTED_LABELS])


def _label_counts(examples: Sequence[Example], listed: frozenset[str]) -> dict[str, int]:
    counts = Counter(example.label for example in examples if example.label in listed)
    return dict(sorted(counts.items()))
