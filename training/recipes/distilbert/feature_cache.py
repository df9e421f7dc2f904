"""Keeps the n-grams of texts that are read in every epoch, as far as there is room for them."""

from __future__ import annotations

from ngrams import Features, features_of

# Enough for 15,000 mails of 1,500 different n-grams; those of all rows may fill gigabytes.
MOST_BYTES = 128 * 1024**2


class FeatureCache:
    """`features_of` that computes a text once; when it is full, further texts are never kept."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._room = most_bytes
        self._kept: dict[str, Features] = {}

    def features_of(self, text: str) -> Features:
        """Return what `ngrams.features_of` does."""
        found = self._kept.get(text)
        if found is None:
            found = features_of(text)
            size = found.buckets.nbytes + found.values.nbytes
            if size <= self._room:
                self._room -= size
                self._kept[text] = found
        return found
