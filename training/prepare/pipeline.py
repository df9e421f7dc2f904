"""The stages in order, from a file to three sides, and what the report says about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prepare.checks import Limits, check_labels, check_sides, warn_about_leaks
from prepare.duplicates import ConflictPolicy, drop_copies
from prepare.examples import Columns, Example, Task
from prepare.near_duplicates import Groups, join_near_duplicates
from prepare.problems import Problems, counted, shortened
from prepare.seen import Earlier, SeenTexts, seen_features
from prepare.sketches import Sketch, sketch
from prepare.sources import Source, kept_of, read_sources
from prepare.splitting import (
    SIDES,
    Side,
    Split,
    SplitRule,
    split_by_content,
    split_by_time,
    to_units,
)

# Of a dataset that is accepted, all labels are listed (see Limits.max_classes).
MAX_LISTED_LABELS = 200
MAX_LISTED_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of the command line."""

    input: Path
    task: Task
    # Earlier files of the dataset, oldest first.
    append_to: Sequence[Path] = ()
    columns: Columns = field(default_factory=Columns)
    on_conflict: ConflictPolicy = "keep"
    earlier: Sequence[Earlier] = ()
    max_bytes: int = 100 * 1024 * 1024
    limits: Limits = field(default_factory=Limits)
    split: SplitRule = field(default_factory=SplitRule)


@dataclass(slots=True)
class Progress:
    """What is known so far; filled stage by stage, so that a refused dataset is described too."""

    # Of the files of the dataset, oldest first.
    sources: list[Source]
    read: int = 0
    exact_duplicates: int = 0
    conflicting: int = 0
    dropped: int = 0
    sides: dict[Side, list[Example]] = field(default_factory=lambda: {side: [] for side in SIDES})
    # Ids of the held-out rows that a version was trained on; None where that cannot be told.
    seen: dict[int, list[str] | None] = field(default_factory=dict[int, "list[str] | None"])

    def to_json(self) -> dict[str, object]:
        """Return the descriptive part of the report, see prepare-report.schema.json."""
        kept = self._kept()
        labels = _largest_labels(kept)
        newest = self.sources[-1]
        return {
            "input": {
                "name": shortened(newest.file.name),
                "bytes": newest.file.size_bytes,
                "sha256": newest.file.sha256,
                "format": newest.file_format,
            },
            **self._sources_to_json(kept),
            "rows": {
                "read": self.read,
                "kept": len(kept),
                "exactDuplicates": self.exact_duplicates,
                # Near-duplicates stay, each group on one side.
                "nearDuplicates": 0,
                "conflicting": self.conflicting,
                "dropped": self.dropped,
            },
            "labels": _label_counts(kept, labels),
            "split": {side: len(self.sides[side]) for side in SIDES},
            "splitLabels": {side: _label_counts(self.sides[side], labels) for side in SIDES},
            "seen": [
                {"version": version, "rows": None if ids is None else len(ids)}
                for version, ids in sorted(self.seen.items())
            ],
            "columns": [shortened(name, 100) for name in newest.columns[:MAX_LISTED_COLUMNS]],
        }

    def _sources_to_json(self, kept: Sequence[Example]) -> dict[str, object]:
        if len(self.sources) < 2:
            return {}
        rows = kept_of(kept)
        return {"sources": [each.to_json(rows[index]) for index, each in enumerate(self.sources)]}

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
        columns = self.sources[-1].columns
        if len(columns) > MAX_LISTED_COLUMNS:
            problems.warn(
                "columns_not_listed",
                f"The report lists the first {MAX_LISTED_COLUMNS} of {len(columns):,} columns.",
            )

    def _kept(self) -> list[Example]:
        return [example for side in SIDES for example in self.sides[side]]


def prepare(settings: Settings, progress: Progress, problems: Problems) -> None:
    """Fill `progress.sides` with the rows to write.

    Raises:
        InvalidDataError: the dataset is unusable; `problems.errors` says why.
    """
    try:
        examples = read_sources(
            progress.sources,
            [*settings.append_to, settings.input],
            max_bytes=settings.max_bytes,
            task=settings.task,
            names=settings.columns,
            problems=problems,
        )
    finally:
        progress.read = sum(source.read for source in progress.sources)
    progress.dropped = progress.read - len(examples)

    examples, progress.exact_duplicates, progress.conflicting = drop_copies(
        examples, settings.on_conflict, problems
    )
    # Whatever the order in the file.
    examples.sort(key=lambda example: example.id)
    sketches = (
        [sketch(example.key) for example in examples]
        if settings.task == "text-classification"
        else None
    )
    split = _split(settings, examples, sketches, problems)
    for example, side in zip(examples, split.sides, strict=True):
        progress.sides[side].append(example)
    check_labels(examples, settings.limits, problems)
    problems.stop_if_invalid()
    check_sides(progress.sides, problems)
    problems.stop_if_invalid()
    warn_about_leaks(progress.sides["train"], problems)
    progress.seen = _seen(settings, progress.sides, examples, sketches, is_torn=split.torn > 0)


def _seen(
    settings: Settings,
    sides: Mapping[Side, Sequence[Example]],
    examples: Sequence[Example],
    sketches: Sequence[Sketch[int]] | None,
    *,
    is_torn: bool,
) -> dict[int, list[str] | None]:
    known = [earlier for earlier in settings.earlier if earlier.is_known()]
    found: dict[int, list[str] | None] = {earlier.version: None for earlier in settings.earlier}
    if sketches is None:
        for earlier in known:
            found[earlier.version] = seen_features(sides["test"], examples, earlier)
    elif known:
        by_id = {row.id: elements for row, elements in zip(examples, sketches, strict=True)}
        others = [] if is_torn else [*sides["train"], *sides["validation"]]
        texts = SeenTexts(sides["test"], {row.id for row in others}, by_id)
        for earlier in known:
            found[earlier.version] = texts.seen_by(earlier)
    return found


def _split(
    settings: Settings,
    examples: Sequence[Example],
    sketches: Sequence[Sketch[int]] | None,
    problems: Problems,
) -> Split:
    """Return the sides; rows with the same content, nearly the same text or one group share one."""
    groups = Groups(len(examples))
    _join_equal([example.key for example in examples], groups)
    if sketches is not None:
        join_near_duplicates(sketches, groups)
        _say_what_is_alike(groups, problems)
    grouped = [example.group for example in examples if example.group is not None]
    if grouped:
        _join_equal(grouped, groups)
    names = [example.key if example.group is None else example.group for example in examples]
    units = to_units(groups.members(), names, [example.label for example in examples])
    times = [example.time for example in examples if example.time is not None]
    if times:
        return split_by_time(units, times, settings.split)
    split = split_by_content(units, names, settings.split, may_tear=not grouped)
    if split.torn:
        problems.warn(
            "near_duplicates_torn",
            f"{counted(split.torn, 'row')} are near-copies of so few texts that some are held out"
            " and some are trained on, or a side would be empty. The held-out figures say little"
            " about other texts.",
        )
    return split


def _join_equal(values: Sequence[str], groups: Groups) -> None:
    first: dict[str, int] = {}
    for row, value in enumerate(values):
        groups.join(first.setdefault(value, row), row)


def _say_what_is_alike(groups: Groups, problems: Problems) -> None:
    sizes = [len(rows) for rows in groups.members() if len(rows) > 1]
    if sizes:
        problems.warn(
            "near_duplicates_together",
            f"{counted(sum(sizes), 'row')} are nearly identical to others, in"
            f" {counted(len(sizes), 'group')}. Each group is either trained on or held out.",
        )


def _largest_labels(examples: Sequence[Example]) -> frozenset[str]:
    counts = Counter(example.label for example in examples)
    ordered = sorted(counts, key=lambda label: (-counts[label], label))
    return frozenset(ordered[:MAX_LISTED_LABELS])


def _label_counts(examples: Sequence[Example], listed: frozenset[str]) -> dict[str, int]:
    counts = Counter(example.label for example in examples if example.label in listed)
    return dict(sorted(counts.items()))
