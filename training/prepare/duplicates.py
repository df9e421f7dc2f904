"""Rows with the same content: exact copies, and copies that disagree about the label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from prepare.examples import Example, content_id
from prepare.problems import Problems, counted

# What happens to rows with the same content and different labels.
ConflictPolicy = Literal["keep", "drop", "newest"]


def drop_copies(
    examples: Iterable[Example], on_conflict: ConflictPolicy, problems: Problems
) -> tuple[list[Example], int, int]:
    """Keep the first row of each content and label; a content with several labels is reported.

    With "newest", the labels that the newest file gives a content replace those of older files.

    Returns:
        The rows that are left, the number of exact copies and of conflicting rows dropped.
    """
    by_id: dict[str, list[Example]] = defaultdict(list)
    newest = 0
    for example in examples:
        by_id[example.id].append(example)
        newest = max(newest, example.source)

    kept: list[Example] = []
    copies: list[Example] = []
    conflicting: list[Example] = []
    replaced: list[Example] = []
    for rows in by_id.values():
        same = rows
        if on_conflict == "newest":
            same, older = _newest_labels(rows)
            replaced += older
        first_of_label = {example.label: example for example in reversed(same)}
        if len(first_of_label) == 1:
            kept.append(same[0])
            copies += same[1:]
            continue
        conflicting += same
        if on_conflict != "drop":
            firsts = sorted(first_of_label.values(), key=lambda row: (row.source, row.row))
            kept += [replace(first, id=_id_with_label(first)) for first in firsts]
            copies += [row for row in same if first_of_label[row.label] is not row]

    def of_newest_file(rows: Sequence[Example]) -> list[int]:
        """Return the lines that people can look up: those of the file that they dropped."""
        return [row.row for row in rows if row.source == newest]

    if copies:
        problems.warn(
            "exact_duplicates_dropped",
            f"Left out {counted(len(copies), 'row')}: the same as an earlier row, ignoring case and"
            " spaces.",
            of_newest_file(copies),
        )
    if replaced:
        problems.warn(
            "labels_replaced",
            f"Left out {counted(len(replaced), 'row')} of earlier files: a newer file has the same"
            " content with a different label, which counts.",
        )
    if conflicting and on_conflict != "drop":
        problems.warn(
            "conflicting_labels",
            f"{counted(len(conflicting), 'row')} with the same content as another row, but a"
            " different label. Each is kept once; data.onConflict: 'drop' leaves them out"
            f"{_or_newest(newest, on_conflict)}.",
            of_newest_file(conflicting),
        )
    elif conflicting:
        problems.warn(
            "conflicting_labels_dropped",
            f"Left out {counted(len(conflicting), 'row')}: the same content as another row, but a"
            " different label. No copy was kept.",
            of_newest_file(conflicting),
        )
    dropped = len(replaced) + (len(conflicting) if on_conflict == "drop" else 0)
    return kept, len(copies), dropped


def _newest_labels(rows: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return the rows with a label that the newest file has for this content, and the others."""
    newest = max(row.source for row in rows)
    labels = {row.label for row in rows if row.source == newest}
    return (
        [row for row in rows if row.label in labels],
        [row for row in rows if row.label not in labels],
    )


def _or_newest(newest: int, on_conflict: ConflictPolicy) -> str:
    return ", 'newest' keeps those of the newest file" if newest and on_conflict == "keep" else ""


def _id_with_label(example: Example) -> str:
    """Return an id that the rows with the same content and other labels do not have."""
    return content_id(f"{example.key}\0{example.label}")
