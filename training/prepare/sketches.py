"""What of a text counts when two texts are called nearly identical, as a short list of hashes.

Only its words count. Digits and punctuation do not: dates, prices and tracking numbers are what
distinguishes the copies of one circular. E-mail addresses, URLs and the words that people mask them
with do not count either, so that a cleaned copy of a text is still a copy of it.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterable
from math import ceil

# Two texts are near-duplicates when they share this part of their word triples (Jaccard index).
NEAR_DUPLICATE_SIMILARITY = 0.8
# Triples kept of each text, those with the smallest hashes: any two texts are sampled alike
# (Broder 1997, "bottom-k sketch"). Texts with fewer triples are compared exactly; for longer ones
# the estimate has a standard error of sqrt(0.8 * 0.2 / 128) = 0.035.
SKETCH_SIZE = 128

RARITY_PLACES = 2**21

# Hashes in ascending order.
Sketch = array

_WORD = re.compile(r"[^\W\d_]+")
# Turns every byte that is in no word into a space; twice as fast as the pattern.
_ASCII_LETTERS = bytes(code if chr(code).isalpha() else ord(" ") for code in range(128)) * 2
_ASCII_PUNCTUATION = bytes(code for code in range(33, 127) if not chr(code).isalnum())
_PUNCTUATION = re.compile(r"[^\w\s]|_")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!#-&*-;=?-~]++"
    r"|(?<![a-z0-9._%+-])[a-z0-9._%+-]++@[a-z0-9.-]+"
)
_MASKS = frozenset(
    zlib.crc32(word)
    for word in (
        b"email emails mail url urls uri link links http https www number numbers num digit digits"
        b" phone date masked redacted x xx xxx xxxx xxxxx"
    ).split()
)
# Scripts written without spaces, where each character counts as a word: Thai, Lao, Burmese, Khmer,
# the Japanese syllabaries and Chinese characters.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


def sketch(text: str, *, joins_words: bool = False) -> Sketch[int]:
    """Return the smallest hashes of the word triples of a normalised text, sorted.

    A text of one or two words is one element; one without words is itself. Punctuation parts words
    or, with `joins_words`, joins what it stands between: cleaned texts have "well-known" as
    "well known" or as "wellknown".
    """
    if "@" in text or "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    # CRC-32 because str hashes differ from process to process, and because it is fast.
    if text.isascii():
        deleted = _ASCII_PUNCTUATION if joins_words else b""
        words = list(map(zlib.crc32, text.encode().translate(_ASCII_LETTERS, deleted).split()))
    else:
        text = _PUNCTUATION.sub("", text) if joins_words else text
        words = [zlib.crc32(word.encode("utf-8")) for word in _words(text)]
    hashes = [word for word in words if word not in _MASKS]
    if len(hashes) < 3:
        joined = " ".join(map(str, hashes)) or text
        return array("I", [zlib.crc32(joined.encode("utf-8"))])
    triples = {
        (first ^ second << 1 ^ third << 2) & 0xFFFFFFFF
        for first, second, third in zip(hashes, hashes[1:], hashes[2:], strict=False)
    }
    return array("I", sorted(triples)[:SKETCH_SIZE])


def _words(text: str) -> list[str]:
    words = _WORD.findall(text)
    if _UNSPACED.search(text) is None:
        return words
    return [part for word in words for part in _UNSPACED.sub(r" \g<0> ", word).split()]


def are_near_duplicates(one: Sketch[int], other: Sketch[int]) -> bool:
    """Return whether the texts behind two sketches share enough of their triples."""
    ones, others = set(one), set(other)
    both = ones & others
    size = min(SKETCH_SIZE, len(ones) + len(others) - len(both))
    if len(both) < NEAR_DUPLICATE_SIMILARITY * size:
        return False
    return similarity(one, other) >= NEAR_DUPLICATE_SIMILARITY


def similarity(one: Sketch[int], other: Sketch[int]) -> float:
    """Return the estimated Jaccard index of the texts behind two sketches, in [0, 1]."""
    ones, others = set(one), set(other)
    union = sorted(ones | others)[:SKETCH_SIZE]
    return sum(map((ones & others).__contains__, union)) / len(union)


class Rarity:
    """Which elements are rare: an order of the elements that is the same for all sketches."""

    def __init__(self, sketches: Iterable[Sketch[int]]) -> None:
        # A counter of every element would take a gigabyte for 100,000 long texts; that some share
        # a place only changes the order.
        counts = array("I", bytes(4 * RARITY_PLACES))
        for elements in sketches:
            for element in elements:
                counts[element % RARITY_PLACES] += 1
        self._counts = counts

    def prefix(self, elements: Sketch[int]) -> list[int]:
        """Return the rare elements in which any near-duplicate has to have a part.

        Two sets that share at least a part t meet in the first (1 - t) of their elements, in any
        order that is the same for both (prefix filtering, Chaudhuri et al. 2006). The rarest come
        first, so that almost no text has others to be compared with.
        """
        counts = self._counts
        # The sort is stable and sketches are sorted: equally frequent elements come by value.
        ordered = sorted(elements, key=lambda element: counts[element % RARITY_PLACES])
        return ordered[: len(elements) - ceil(NEAR_DUPLICATE_SIMILARITY * len(elements)) + 1]
