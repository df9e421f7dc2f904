"""TF-IDF with logistic regression on prepared rows, each with the penalty that suits it best here.

    python bench/text-quality/tfidf.py PREPARED

Prints {"words": macro-F1, "chars": macro-F1} of the test rows.
"""

import json
import sys
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

PEERS = {
    "words": TfidfVectorizer(),
    "chars": TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True),
}


def read(name: str) -> tuple[list[str], list[str]]:
    lines = (Path(sys.argv[1]) / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows], [row["label"] for row in rows]


texts, labels = read("train")
test_texts, test_labels = read("test")
scores = {}
for peer, vectorizer in PEERS.items():
    model = make_pipeline(vectorizer, LogisticRegression(C=100, max_iter=1000))
    model.fit(texts, labels)
    scores[peer] = f1_score(test_labels, model.predict(test_texts), average="macro")
print(json.dumps(scores))
