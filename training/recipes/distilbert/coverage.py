"""How much of the training texts the model reads, so that nothing is cut off unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ngrams import MOST_CHARACTERS
from tokenizers import Tokenizer

# Enough for a standard error of two points, in a fifth of a second.
MOST_SAMPLED_ROWS = 500
# Below this share of the tokens a person is warned.
LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class TextRead:
    """Shares from 0 to 1 of a sample of the training rows.

    Attributes:
        rows_cut: rows of which the network reads the beginning only.
        network: tokens that the network reads.
        ngrams: characters that the n-gram part reads, 0 without one.
    """

    rows_cut: float
    network: float
    ngrams: float

    def to_json(self) -> dict[str, float]:
        """Return the shape of `textRead` in metrics.schema.json."""
        shares = asdict(self)
        shares["rowsCut"] = shares.pop("rows_cut")
        return {name: round(share, 4) for name, share in shares.items()}

    def in_words(self, max_length: int) -> str:
        """Return what is read, and what to do where it is little."""
        if self.rows_cut == 0:
            return "The network reads every text to its end."
        words = (
            f"The network reads {self.network:.0%} of the tokens: {self.rows_cut:.0%} of the rows"
            f" are longer than max_length ({max_length})."
        )
        if self.ngrams > 0:
            words += f" The n-grams are those of {self.ngrams:.0%} of the text."
        if max(self.network, self.ngrams) < LEAST_SHARE:
            return f"Warning: {words} Raise max_length, or set ngrams to true."
        return words


def measure_text_read(
    tokenizer: Tokenizer, texts: Sequence[str], *, max_length: int, reads_ngrams: bool
) -> TextRead:
    """Measure some of the texts, evenly spread; draws no random number."""
    sample = texts[:: -(-len(texts) // MOST_SAMPLED_ROWS)]
    whole = Tokenizer.from_str(tokenizer.to_str())
    whole.no_padding()
    whole.no_truncation()
    tokens = [len(encoding.ids) for encoding in whole.encode_batch_fast(list(sample))]
    characters = [len(text) for text in sample]
    read = sum(min(count, MOST_CHARACTERS) for count in characters) / max(sum(characters), 1)
    return TextRead(
        rows_cut=sum(count > max_length for count in tokens) / len(tokens),
        network=sum(min(count, max_length) for count in tokens) / max(sum(tokens), 1),
        ngrams=read if reads_ngrams else 0.0,
    )
