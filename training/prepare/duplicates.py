"""Rows with the same content: exact copies, and copies that disagree about the label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from prepare.examples import Example, content_id
from prepare.problems import Problems, counted

# What happens to rows with the same content and different labels.
ConflictPolicy = Literal["keep", "drop"]


def drop_copies(
    examples: Iterable[Example], on_conflict: ConflictPolicy, problems: Problems
) -> tuple[list[Example], int, int]:
    """Keep the first row of each content and label; a content with several labels is reported.

    Returns:
        The rows that are left, the number of exact copies and of conflicting rows dropped.
    """
    by_id: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_id[example.id].append(example)

    kept: list[Example] = []
    copies: list[int] = []
    conflicting: list[int] = []
    for same in by_id.values():
        first_of_label = {example.label: example for example in reversed(same)}
        if len(first_of_label) == 1:
            kept.append(same[0])
            copies += [example.row for example in same[1:]]
            continue
        conflicting += [example.row for example in same]
        if on_conflict == "keep":
            firsts = sorted(first_of_label.values(), key=lambda example: example.row)
            kept += [replace(first, id=_id_with_label(first)) for first in firsts]
            kept_rows = {first.row for first in firsts}
            copies += [example.row for example in same if example.row not in kept_rows]
    if copies:
        problems.warn(
            "exact_duplicates_dropped",
            f"Left out {counted(len(copies), 'row')}: the same as an earlier row, ignoring case and"
            " spaces.",
            copies,
        )
    if conflicting and on_conflict == "keep":
        problems.warn(
            "conflicting_labels",
            f"{counted(len(conflicting), 'row')} with the same content as another row, but a"
            " different label. Each is kept once; data.onConflict: 'drop' leaves them out.",
            conflicting,
        )
    elif conflicting:
        problems.warn(
            "conflicting_labels_dropped",
            f"Left out {counted(len(conflicting), 'row')}: the same content as another row, but a"
            " different label. No copy was kept.",
            conflicting,
        )
    return kept, len(copies), len(conflicting) if on_conflict == "drop" else 0


def _id_with_label(example: Example) -> str:
    """Return an id that the rows with the same content and other labels do not have."""
    return content_id(f"{example.key}\0{example.label}")
