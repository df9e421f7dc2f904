"""Fit scikit-learn's logistic regression on TF-IDF weights of words and characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from settings import Settings
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from terms import count_characters, count_words
from threadpoolctl import threadpool_limits


@dataclass(frozen=True, slots=True)
class Fitted:
    """The content of model.json, idf.npy and coefficients.npy, and the training loss in nats."""

    content: dict[str, Any]
    idf: NDArray[np.float32]
    coefficients: NDArray[np.float32]
    loss: float


def fit(settings: Settings, texts: Sequence[str], labels: Sequence[str]) -> Fitted:
    """Return the model of these texts, one label each, of which at least two differ."""
    read = [text[: settings.max_characters].lower() for text in texts]
    words = count_words(read, settings.word_ngrams, settings.min_rows)
    characters = count_characters(read, settings.character_ngrams, settings.min_rows)
    kinds = [each.frequent(settings.min_rows, settings.max_terms) for each in (words, characters)]
    weighed = [kind.weighed() for kind in kinds]
    # In single precision the solver would stop early.
    rows = sparse.hstack([each for each, _ in weighed], format="csr", dtype=np.float64)
    # One label against the rest, in the dual: with many labels the multinomial solver takes several
    # times as long and as much memory, and its tolerance on the mean loss may end it at the start.
    model: Any = OneVsRestClassifier(
        LogisticRegression(
            C=settings.inverse_regularization,
            solver="liblinear",
            dual=True,
            max_iter=settings.max_iter,
            class_weight=settings.sklearn_class_weight,
            random_state=0,
        )
    )
    # One thread: sparse rows gain nothing from more, and the weights are the same everywhere.
    with threadpool_limits(1):
        model.fit(rows, labels)
    probabilities = model.predict_proba(rows)
    places = np.searchsorted(model.classes_, labels)
    of_truth = probabilities[np.arange(len(labels)), places]
    return Fitted(
        content={
            "schemaVersion": 1,
            "labels": [str(label) for label in model.classes_],
            "maxCharacters": settings.max_characters,
            "wordNgrams": settings.word_ngrams,
            "characterNgrams": settings.character_ngrams,
            "intercepts": [float(each.intercept_[0]) for each in model.estimators_],
            "words": kinds[0].names,
            "characters": kinds[1].names,
        },
        idf=np.concatenate([idf for _, idf in weighed]),
        # Of two labels there is only the second's against the first.
        coefficients=np.vstack([each.coef_ for each in model.estimators_]).T.astype(np.float32),
        loss=float(-np.log(np.maximum(of_truth, np.finfo(np.float64).eps)).mean()),
    )
