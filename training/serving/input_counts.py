"""Counts what a model is asked in histograms, never what it says: for the alert on input drift.

Copied into model.tar.gz as code/input_counts.py, beside the bins that training chose; imports
nothing of this repository. Training makes the bins (job/input_bins.py), the evaluation counts the
held-out rows in them (reference.json), and the endpoint counts its requests in the same. Of a text
are kept: its length, the script it is written in, shares of its characters, and the share of its
words that are unfamiliar; of a row of features their quantiles and the names of categories that it
was trained on; of an answer its label and score.
"""

from __future__ import annotations

import json
import re
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

BINS_FILE = "input_bins.json"
Content = str | Mapping[str, Any]

# Enough for a comparison; a long text takes 0.3 ms.
MAX_REFERENCE_ROWS = 5_000
# Words and characters of a longer text are counted in its beginning, which takes 0.3 ms.
MAX_CHARACTERS = 2_000
# More are not counted: so it takes at most 3 % of a core.
MAX_INPUTS_PER_SECOND = 100
OTHER = "other"
MISSING = "missing"

# First code point after each range of the scripts that most texts are written in.
_SCRIPTS = (
    (0x0041, None),
    (0x0250, "latin"),
    (0x0370, None),
    (0x0400, "greek"),
    (0x0530, "cyrillic"),
    (0x0590, None),
    (0x0600, "hebrew"),
    (0x0780, "arabic"),
    (0x0900, None),
    (0x0980, "devanagari"),
    (0x0E00, None),
    (0x0E80, "thai"),
    (0x1E00, None),
    (0x1F00, "latin"),
    (0x2000, "greek"),
    (0x3040, None),
    (0x3100, "kana"),
    (0x3400, None),
    (0xA000, "han"),
    (0xAC00, None),
    (0xD7B0, "hangul"),
)
_SCRIPT_ENDS = [end for end, _ in _SCRIPTS]
_WORD = re.compile(r"\w+")
# Runs, not characters: a tenth of the time, and as telling.
_DIGIT = re.compile(r"[0-9]+")
_CAPITAL = re.compile(r"[A-Z]+")
_PUNCTUATION = re.compile(r"[^\w\s]+")
# For texts in ASCII: what each pattern matches as it is, and spaces; a third of the time.
_ASCII = {
    pattern: bytes(each if each < 128 and pattern.match(chr(each)) else 32 for each in range(256))
    for pattern in (_WORD, _DIGIT, _CAPITAL, _PUNCTUATION)
}


class Feature(NamedTuple):
    """One histogram: of an ordered figure by its edges, or of a category by its values."""

    name: str
    edges: list[float] | None
    values: list[str] | None

    @property
    def size(self) -> int:
        """Return the number of bins; the last one is for what is missing or another value."""
        return (len(self.edges) + 2) if self.edges is not None else len(self.values or []) + 1

    def bin_of(self, value: object) -> int:
        """Return the bin of a figure or of a category."""
        if self.edges is None:
            values: list[object] = [*(self.values or [])]
            return values.index(value) if value in values else len(values)
        if not isinstance(value, int | float) or value != value:
            return self.size - 1
        return bisect_left(self.edges, value)

    def bin_names(self) -> list[str]:
        """Return what a chart calls the bins."""
        if self.edges is None:
            return [*(self.values or []), OTHER]
        return [*(f"≤ {edge:.4g}" for edge in self.edges), f"> {self.edges[-1]:.4g}", MISSING]


def figures_of(content: Content, familiar: frozenset[int]) -> dict[str, float | str]:
    """Return what is counted of one input, by the name of its histogram."""
    if not isinstance(content, str):
        return {f"column:{name}": value for name, value in sorted(content.items())}
    text = content[:MAX_CHARACTERS]
    words = word_hashes(text)
    length = max(1, len(text))
    unfamiliar = len(words) - sum(map(familiar.__contains__, words))
    return {
        "characters": len(content),
        "words": len(words),
        "unfamiliar words": unfamiliar / max(1, len(words)),
        "digits": len(_runs(_DIGIT, text)) / length,
        "capitals": len(_runs(_CAPITAL, text)) / length,
        "punctuation": len(_runs(_PUNCTUATION, text)) / length,
        "script": _script_of(text),
    }


class InputCounter:
    """Counts inputs and their answers in the bins of a model."""

    def __init__(self, bins: Mapping[str, Any], now: Callable[[], float] = time.monotonic) -> None:
        self.features = [
            Feature(each["name"], each.get("edges"), each.get("values"))
            for each in bins["features"]
        ]
        self._familiar = frozenset(bins["familiarWords"])
        self._now = now
        self._second = float("-inf")
        self._in_second = 0
        self._taken = now()
        self._reset()

    def count(self, body: bytes | str, response: str) -> None:
        """Count an answered request, as far as the time for counting goes; never raises."""
        try:
            room = self._room()
            if room == 0:
                return
            inputs = json.loads(body)["inputs"]
            contents = inputs if isinstance(inputs, list) else [inputs]
            for content, answer in list(zip(contents, json.loads(response), strict=True))[:room]:
                self.add(content, answer["label"], answer["score"])
                self._in_second += 1
        except (ValueError, KeyError, TypeError, AttributeError):
            # A recipe with another contract than ours is not counted.
            return

    def add(self, content: Content, label: str, score: float) -> None:
        """Count one input and its answer."""
        figures = figures_of(content, self._familiar) | {"label": label, "score": score}
        for feature in self.features:
            self._counts[feature.name][feature.bin_of(figures.get(feature.name))] += 1
        self.inputs += 1

    def take(self, every_seconds: float = 0) -> dict[str, object] | None:
        """Return the counts since the last time and begin anew; None if none, or too soon."""
        if self.inputs == 0 or self._now() - self._taken < every_seconds:
            return None
        self._taken = self._now()
        taken = {"inputs": self.inputs, "counts": self._counts}
        self._reset()
        return taken

    def reference(self) -> dict[str, object]:
        """Return the content of reference.json, from the inputs that were counted."""
        return {
            "schemaVersion": 1,
            "rows": self.inputs,
            "features": [
                {
                    "name": feature.name,
                    "kind": "ordered" if feature.edges is not None else "category",
                    "bins": feature.bin_names(),
                    "counts": self._counts[feature.name],
                }
                for feature in self.features
            ],
        }

    def _room(self) -> int:
        second = int(self._now())
        if second != self._second:
            self._second, self._in_second = second, 0
        return MAX_INPUTS_PER_SECOND - self._in_second

    def _reset(self) -> None:
        self.inputs = 0
        self._counts = {feature.name: [0] * feature.size for feature in self.features}


def read_counter(code_folder: Path) -> InputCounter | None:
    """Return the counter of a model; None for one from before there were any."""
    path = code_folder / BINS_FILE
    return InputCounter(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def word_hashes(text: str) -> list[int]:
    """Return by what the words in the part of a text that is counted are recognised, not read."""
    return [crc32(word) for word in _runs(_WORD, text[:MAX_CHARACTERS].lower())]


def _runs(pattern: re.Pattern[str], text: str) -> list[bytes]:
    """Return what the pattern, of one or more characters of a kind, finds in a text."""
    if text.isascii():
        return text.encode("ascii").translate(_ASCII[pattern]).split()
    return [found.encode("utf-8", "replace") for found in pattern.findall(text)]


def _script_of(text: str) -> str:
    """Return the script of most of its letters."""
    letters = Counter(map(_script, filter(str.isalpha, text[:200])))
    return letters.most_common(1)[0][0] if letters else "none"


@lru_cache(maxsize=5_000)
def _script(letter: str) -> str:
    position = bisect_left(_SCRIPT_ENDS, ord(letter) + 1)
    return (_SCRIPTS[position][1] if position < len(_SCRIPTS) else None) or OTHER
