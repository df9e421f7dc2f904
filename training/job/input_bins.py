"""The histograms in which a model's requests are counted, from the rows that it is trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from serving.input_counts import Content, figures_of, word_hashes

# Deciles: as many bins as a chart in Slack shows side by side.
QUANTILES = 10
# Enough for deciles; a long text takes 0.3 ms.
MAX_BIN_ROWS = 2_000
MAX_COLUMNS = 40
MAX_LABELS = 20
# Of a category; there are fewer scripts.
MAX_VALUES = 30
FAMILIAR_WORDS = 4_000
SCORE_EDGES = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999]


def make_bins(contents: Sequence[Content], labels: Sequence[str]) -> dict[str, object]:
    """Return the content of input_bins.json, from the rows that a model is trained on."""
    step = -(-len(contents) // MAX_BIN_ROWS)
    sample = contents[::step]
    texts = [content for content in sample if isinstance(content, str)]
    familiar = _familiar_words(texts)
    figures = [figures_of(content, familiar) for content in sample]
    names = list(dict.fromkeys(name for row in figures for name in row))[:MAX_COLUMNS]
    features: list[dict[str, object]] = []
    for name in names:
        column = [row.get(name) for row in figures]
        categories = Counter(each for each in column if isinstance(each, str))
        if categories:
            most = [value for value, _ in categories.most_common(MAX_VALUES)]
            features.append({"name": name, "values": sorted(most)})
        else:
            numbers = [float(each) for each in column if isinstance(each, int | float)]
            features.append({"name": name, "edges": _quantile_edges(numbers)})
    most = [label for label, _ in Counter(labels).most_common(MAX_LABELS)]
    return {
        "schemaVersion": 1,
        "features": [
            *features,
            {"name": "label", "values": sorted(most)},
            {"name": "score", "edges": SCORE_EDGES},
        ],
        "familiarWords": sorted(familiar),
    }


def _familiar_words(texts: Sequence[str]) -> frozenset[int]:
    """Return hashes of the words that most texts have: enough to recognise one, not to read it."""
    counts = Counter(word for text in texts for word in set(word_hashes(text)))
    return frozenset(word for word, _ in counts.most_common(FAMILIAR_WORDS))


def _quantile_edges(numbers: Sequence[float]) -> list[float]:
    ordered = sorted(numbers)
    if not ordered:
        return [0.0]
    ranks = (len(ordered) * part // QUANTILES for part in range(1, QUANTILES))
    return sorted({ordered[rank] for rank in ranks})
