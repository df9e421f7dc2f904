"""Count the terms of many texts at once, as inference.py counts those of one.

Sequences are numbered by sorting, in numpy: that of n words or characters by the number of its
beginning, one shorter, and its last one. The terms of characters are those of chunks between white
space. A corpus repeats its chunks, so the terms of each are counted once, and then those of the
texts by a matrix product.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from inference import words_of
from numpy.typing import NDArray
from scipy import sparse

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Terms:
    """How often each text (row) has each term (column), and the terms."""

    counts: Any
    names: list[str]

    def frequent(self, min_rows: int, most: int) -> Terms:
        """Return those of at least `min_rows` texts; the `most` of most texts, in their order."""
        rows = np.bincount(self.counts.indices, minlength=len(self.names))
        kept = np.flatnonzero(rows >= min_rows)
        if len(kept) > most:
            kept = np.sort(kept[np.argsort(-rows[kept], kind="stable")[:most]])
        return Terms(self.counts[:, kept], [self.names[index] for index in kept])

    def weighed(self) -> tuple[Any, NDArray[np.float32]]:
        """Return TF-IDF weights with rows of length 1, and the IDF of every term."""
        texts, names = self.counts.shape
        rows = np.bincount(self.counts.indices, minlength=names)
        idf = (np.log((1 + texts) / (1 + rows)) + 1).astype(np.float32)
        weights = self.counts.copy()
        weights.data = (1 + np.log(weights.data)) * idf[weights.indices]
        squares = sparse.csr_matrix((weights.data**2, weights.indices, weights.indptr))
        lengths = np.sqrt(np.asarray(squares.sum(axis=1)).ravel())
        weights.data /= np.repeat(lengths, np.diff(weights.indptr))
        return weights, idf


def count_characters(texts: Iterable[str], longest: int, min_rows: int) -> Terms:
    """Return the terms of characters that at least `min_rows` texts have."""
    ids_of: dict[str, int] = {}
    in_texts = _Rows()
    for text in texts:
        in_texts.add([ids_of.setdefault(chunk, len(ids_of)) for chunk in text.split()])
    chunks_of_texts = in_texts.matrix(len(ids_of))
    # All chunks in one string, each padded as inference.characters_of does.
    padded = "".join([f" {chunk} " for chunk in ids_of])
    lengths = np.fromiter(map(len, ids_of), np.int64, len(ids_of)) + 2
    chunks = np.repeat(np.arange(len(ids_of)), lengths)
    # JSON can spell strings that are not Unicode.
    codes = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
    is_used = np.bincount(codes, minlength=1) > 0
    size = int(is_used.sum())
    sequences = characters = (np.cumsum(is_used) - 1)[codes]
    parts: list[Terms] = []
    for n in range(2, longest + 1):
        sequences, places = _number(sequences[:-1] * size + characters[n - 1 :])
        within = chunks[n - 1 :] == chunks[: len(sequences)]
        shape = (len(ids_of), len(places))
        in_chunks = _matrix(chunks[: len(sequences)][within], sequences[within], shape)
        counts = chunks_of_texts @ in_chunks
        kept = np.flatnonzero(np.bincount(counts.indices, minlength=len(places)) >= min_rows)
        names = [padded[start : start + n] for start in places[kept].tolist()]
        parts.append(Terms(counts[:, kept], names))
    return _side_by_side(parts)


def count_words(texts: Iterable[str], longest: int, min_rows: int) -> Terms:
    """Return the terms of words; sequences of fewer than `min_rows` texts are left out."""
    ids_of: dict[str, int] = {}
    in_texts = _Rows()
    for text in texts:
        in_texts.add([ids_of.setdefault(word, len(ids_of)) for word in words_of(text)])
    words = list(ids_of)
    ids, texts_of_ids = in_texts.ids(), in_texts.rows()
    parts = [Terms(in_texts.matrix(len(words)), words)]
    sequences = ids
    for n in range(2, longest + 1):
        sequences, places = _number(sequences[:-1] * len(words) + ids[n - 1 :])
        within = texts_of_ids[n - 1 :] == texts_of_ids[: len(sequences)]
        shape = (len(in_texts), len(places))
        counts = _matrix(texts_of_ids[: len(sequences)][within], sequences[within], shape)
        kept = np.flatnonzero(np.bincount(counts.indices, minlength=len(places)) >= min_rows)
        starts = places[kept].tolist()
        names = [" ".join([words[i] for i in ids[start : start + n]]) for start in starts]
        parts.append(Terms(counts[:, kept], names))
    return _side_by_side(parts)


def _number(values: Ids) -> tuple[Ids, Ids]:
    """Return the rank of each value among the distinct ones, and the first place of each."""
    # The index makes it sort stably, which takes half of the time.
    _, places, ranks = np.unique(values, return_index=True, return_inverse=True)
    return ranks, places


def _side_by_side(parts: Sequence[Terms]) -> Terms:
    return Terms(
        sparse.hstack([part.counts for part in parts], format="csr"),
        [name for part in parts for name in part.names],
    )


class _Rows:
    """Ids by row, collected without an object each."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._ends: list[int] = [0]

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, ids: Sequence[int]) -> None:
        self._ids += ids
        self._ends.append(len(self._ids))

    def ids(self) -> Ids:
        return np.array(self._ids, dtype=np.int64)

    def rows(self) -> Ids:
        return np.repeat(np.arange(len(self)), np.diff(self._ends))

    def matrix(self, columns: int) -> Any:  # noqa: ANN401 - scipy has no stubs
        """Return how often each row has each id."""
        return _matrix(self.rows(), self.ids(), (len(self), columns))


def _matrix(rows: Ids, columns: Ids, shape: tuple[int, int]) -> Any:  # noqa: ANN401
    # Entries of the same place are added up.
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=shape)
