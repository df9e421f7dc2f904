"""Repeated content: exact copies, contradictory labels, and near-duplicates across sides.

Near-duplicates (a newsletter sent twice with different dates) leak: a model that saw one in
training scores for recognising the other in the test. One rule removes them and keeps the split
stable while data grows: **the more held-out side wins**. A train row near a validation or test row
is dropped, and so is a validation row near a test row; a test row is never dropped for a neighbour.
So no two near-duplicates are on different sides, and new rows never push a row out of the test set,
unless they contradict its label.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import ceil

from prepare.examples import Example
from prepare.problems import Problems, counted

# Two texts are near-duplicates when they share this part of their word triples (Jaccard index).
NEAR_DUPLICATE_SIMILARITY = 0.8
# Triples kept of each text, those with the smallest hashes: any two texts are sampled alike
# (Broder 1997, "bottom-k sketch"). Texts with fewer triples are compared exactly; for longer ones
# the estimate has a standard error of sqrt(0.8 * 0.2 / 128) = 0.035.
SKETCH_SIZE = 128
_WORD = re.compile(r"[^\W\d_]+")
# Turns every byte that is in no word into a space; twice as fast as the pattern.
_ASCII_LETTERS = bytes(code if chr(code).isalpha() else ord(" ") for code in range(128)) * 2

Sketch = list[int]


def drop_conflicts_and_copies(
    examples: Iterable[Example], problems: Problems
) -> tuple[list[Example], int, int]:
    """Keep the first row of each content; keep none when its copies disagree about the label.

    Returns:
        The rows that are left, the number of exact copies and of conflicting rows dropped.
    """
    by_id: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_id[example.id].append(example)

    kept: list[Example] = []
    copies: list[int] = []
    conflicting: list[int] = []
    for group in by_id.values():
        if len({example.label for example in group}) > 1:
            conflicting += [example.row for example in group]
        else:
            kept.append(group[0])
            copies += [example.row for example in group[1:]]
    if copies:
        problems.warn(
            "exact_duplicates_dropped",
            f"Left out {counted(len(copies), 'row')}: the same as an earlier row, ignoring case and"
            " spaces.",
            copies,
        )
    if conflicting:
        problems.warn(
            "conflicting_labels_dropped",
            f"Left out {counted(len(conflicting), 'row')}: the same content as another row, but a"
            " different label. No copy was kept.",
            conflicting,
        )
    return kept, len(copies), len(conflicting)


def find_near_duplicates(
    examples: Iterable[Example], held_out: Sequence[Example], sketches: Mapping[str, Sketch]
) -> list[Example]:
    """Return the examples that are near-duplicates of a held-out row; `sketches` is by id.

    An exact set-similarity join by prefix filtering (Chaudhuri et al. 2006): two sketches of which
    at least a part t is shared must meet in the first (1 - t) of their elements, whatever the
    order. The rarest elements come first, so almost no row has a candidate to compare with.
    """
    frequency = Counter(chain.from_iterable(sketches[example.id] for example in held_out))
    index: dict[int, list[str]] = defaultdict(list)
    for example in held_out:
        for element in _prefix(sketches[example.id], frequency):
            index[element].append(example.id)

    def has_near_duplicate(example: Example) -> bool:
        elements = sketches[example.id]
        prefix = _prefix(elements, frequency)
        candidates = {other for element in prefix for other in index.get(element, ())}
        return any(
            similarity(elements, sketches[other]) >= NEAR_DUPLICATE_SIMILARITY
            for other in candidates
        )

    return [example for example in examples if has_near_duplicate(example)]


def sketch(text: str) -> Sketch:
    """Return the smallest hashes of the word triples of a normalised text, sorted.

    Digits and punctuation do not count: dates, prices and tracking numbers are what distinguishes
    the copies of one circular. A text of one or two words is one element.
    """
    # CRC-32 because str hashes differ from process to process, and because it is fast.
    if text.isascii():
        hashes = list(map(zlib.crc32, text.encode().translate(_ASCII_LETTERS).split()))
    else:
        hashes = [zlib.crc32(word.encode("utf-8")) for word in _WORD.findall(text)]
    if len(hashes) < 3:
        return [zlib.crc32(text.encode("utf-8"))]
    triples = {
        (first ^ second << 1 ^ third << 2) & 0xFFFFFFFF
        for first, second, third in zip(hashes, hashes[1:], hashes[2:], strict=False)
    }
    return sorted(triples)[:SKETCH_SIZE]


def similarity(one: Sketch, other: Sketch) -> float:
    """Return the estimated Jaccard index of the texts behind two sketches, in [0, 1]."""
    ones, others = set(one), set(other)
    union = sorted(ones | others)[:SKETCH_SIZE]
    return sum(map((ones & others).__contains__, union)) / len(union)


def _prefix(elements: Sketch, frequency: Counter[int]) -> Sketch:
    """Return the elements, from the rarest on, in which a similar sketch must have a part.

    Those that no held-out row has come first and are left out, because they are in no index.
    """
    length = len(elements) - ceil(NEAR_DUPLICATE_SIMILARITY * len(elements)) + 1
    # Most rows show within a few elements that they are like no other.
    for looked_at in (elements[: 2 * length], elements):
        known = list(filter(frequency.__contains__, looked_at))
        left = length - (len(looked_at) - len(known))
        if left <= 0:
            return []
    # The sort is stable and sketches are sorted: equally frequent elements come by value.
    return sorted(known, key=frequency.__getitem__)[:left]
