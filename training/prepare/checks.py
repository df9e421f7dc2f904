"""Checks on a whole dataset: enough rows and classes, and nothing that gives the label away."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from prepare.examples import Example
from prepare.problems import Problems, counted, quoted
from prepare.splitting import SIDES, Side

# A word is suspicious when, as a classifier for one label, it alone reaches this F1.
LEAK_F1 = 0.98
# With fewer rows than this, a perfect word may be chance.
LEAK_MIN_ROWS = 20
LEAK_SAMPLE_ROWS = 5_000
_WORD = re.compile(r"\w+")
# Turns every ASCII character that is in no word into a space; twice as fast as the pattern.
_ASCII_SPACES = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}


@dataclass(frozen=True, slots=True)
class Limits:
    """The smallest and the most varied dataset that is accepted, counted after deduplication."""

    min_rows: int = 50
    min_rows_per_class: int = 5
    max_classes: int = 200


def check_labels(examples: Sequence[Example], limits: Limits, problems: Problems) -> None:
    """Refuse too few rows, fewer than two classes, classes too small and classes too many."""
    counts = Counter(example.label for example in examples)
    if len(examples) < limits.min_rows:
        problems.error(
            "too_few_rows",
            f"The dataset has {counted(len(examples), 'usable row')}; it needs at least"
            f" {limits.min_rows:,}.",
            hint="Empty, repeated and contradictory rows do not count.",
        )
    if len(counts) == 1:
        only = next(iter(counts))
        problems.error(
            "one_class",
            f'All rows have the label "{only}"; a classifier needs at least two labels.',
        )
    if len(counts) > limits.max_classes:
        problems.error(
            "too_many_classes",
            f"The dataset has {len(counts):,} different labels; at most {limits.max_classes:,} are"
            " accepted.",
            hint="Is the label column an id, free text or a measurement? Set columns.label of the"
            " model in mlops.config.ts to a column with classes.",
        )
        return
    newest = max((example.source for example in examples), default=0)
    small = {label: n for label, n in sorted(counts.items()) if n < limits.min_rows_per_class}
    for label, count in small.items():
        problems.error(
            "class_too_small",
            f'The label "{label}" has {counted(count, "usable row")}; it needs at least'
            f" {limits.min_rows_per_class}.",
            row=min(
                (row.row for row in examples if row.label == label and row.source == newest),
                default=None,
            ),
            hint="Add rows with this label, or merge it into another.",
        )
    _warn_about_spellings(counts, problems)


def _warn_about_spellings(counts: Mapping[str, int], problems: Problems) -> None:
    spellings: dict[str, list[str]] = {}
    for label in counts:
        spellings.setdefault(" ".join(label.casefold().split()), []).append(label)
    for labels in spellings.values():
        if len(labels) > 1:
            problems.warn(
                "similar_labels",
                f"The labels {quoted(sorted(labels))} differ only in case or spaces; each is"
                " treated as a class of its own.",
            )


def check_sides(sides: Mapping[Side, Sequence[Example]], problems: Problems) -> None:
    """Refuse an empty side and a class without train rows; warn of one without held-out rows."""
    for side in SIDES:
        if not sides[side]:
            problems.error(
                "empty_split",
                f"The split left no rows for {side}.",
                hint="Add rows to the dataset.",
            )
    present = {side: {example.label for example in sides[side]} for side in SIDES}
    for label in sorted(set[str]().union(*present.values())):
        missing = [side for side in SIDES if label not in present[side] and sides[side]]
        if "train" in missing:
            problems.error(
                "label_not_in_train",
                f'The split left no rows with the label "{label}" for train.',
                hint="Add rows with this label.",
            )
        elif missing:
            problems.warn(
                "label_not_held_out",
                f'The split left no rows with the label "{label}" for {" and ".join(missing)}, so'
                " nothing is measured for it there.",
            )


def warn_about_leaks(examples: Iterable[Example], problems: Problems) -> None:
    """Warn when one word, or one threshold on one feature, gives the label away."""
    sample = sorted(examples, key=lambda example: example.id)[:LEAK_SAMPLE_ROWS]
    if sample and isinstance(sample[0].content, str):
        _warn_about_words(sample, problems)
    else:
        _warn_about_features(sample, problems)


def _warn_about_words(sample: Sequence[Example], problems: Problems) -> None:
    rows_of_label = Counter(example.label for example in sample)
    words_of_label: dict[str, Counter[str]] = defaultdict(Counter)
    for example in sample:
        words_of_label[example.label].update(_words(example.key))
    frequent = sorted(
        (label, word, both)
        for label, words in words_of_label.items()
        for word, both in words.items()
        if both >= LEAK_MIN_ROWS
    )
    for label, word, both in frequent:
        rows_of_word = sum(words[word] for words in words_of_label.values())
        f1 = 2 * both / (rows_of_label[label] + rows_of_word)
        if f1 >= LEAK_F1:
            problems.warn(
                "label_leak",
                f'The word "{word[:60]}" alone predicts the label "{label}" (F1 {f1:.3f}). If real'
                " inputs will not contain it, remove it from the data: the model will rely on it.",
            )


def _words(text: str) -> set[str]:
    return set(text.translate(_ASCII_SPACES).split() if text.isascii() else _WORD.findall(text))


def _warn_about_features(sample: Sequence[Example], problems: Problems) -> None:
    if len(sample) < LEAK_MIN_ROWS:
        return
    labels = {example.label for example in sample}
    features = sample[0].content
    for name in features if isinstance(features, dict) else ():
        values = sorted(
            (value, example.label)
            for example in sample
            if isinstance(example.content, dict) and (value := example.content[name]) is not None
        )
        changes = sum(a[1] != b[1] for a, b in pairwise(values))
        distinct = len({value for value, _ in values})
        if distinct > 1 and changes == len(labels) - 1:
            problems.warn(
                "label_leak",
                f'The feature "{name}" alone predicts the label of every row. Check that its value'
                " is known before the label is.",
            )
