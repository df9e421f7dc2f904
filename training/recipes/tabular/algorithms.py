"""Fit one of scikit-learn's classifiers and return it as the numbers that inference.py reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from inference import Columns
from numpy.typing import NDArray
from settings import PORTIONS, Settings
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

# On fewer rows a second thread gains little on an idle machine; on a busy one the threads of OpenMP
# wait for each other in a loop, and the same fit takes twenty times as long (measured).
ROWS_FOR_THREADS = 50_000

Matrix = NDArray[np.float64]
Labels = NDArray[np.str_]


def fit(
    settings: Settings,
    columns: Columns,
    rows: Matrix,
    labels: Labels,
    on_step: Callable[[int, float], None],
) -> dict[str, Any]:
    """Return the content of model.json.

    Args:
        settings: which algorithm, and its hyperparameters.
        columns: of which `rows` are the matrix.
        rows: of shape (rows, columns); NaN where a number is missing.
        labels: of shape (rows,).
        on_step: called with the number of the step and the training loss in nats.
    """
    # A feature without any value tells nothing, but not every algorithm can be given it.
    rows = np.where(np.isnan(rows).all(axis=0), 0, rows)
    fit_algorithm = {
        "logistic_regression": partial(_fit_logistic_regression, columns.is_category),
        "gradient_boosting": _fit_gradient_boosting,
        "random_forest": _fit_random_forest,
    }[settings.algorithm]
    classes, numbers = fit_algorithm(settings, rows, labels, on_step)
    # Earlier models, without "missing", refuse a missing value.
    return {
        "schemaVersion": 1,
        "missing": True,
        "features": columns.names,
        **({"categories": columns.categories} if columns.categories else {}),
        "labels": classes,
        **numbers,
    }


def _fit_logistic_regression(
    is_category: NDArray[np.bool_],
    settings: Settings,
    rows: Matrix,
    labels: Labels,
    on_step: Callable[[int, float], None],
) -> tuple[list[str], dict[str, Any]]:
    scaler: Any = StandardScaler().fit(rows)
    # Of a category the columns stay 0 and 1: a rare value would weigh too much.
    scaler.mean_[is_category], scaler.scale_[is_category] = 0, 1
    # A missing value counts as the mean, which is 0 here.
    scaled = np.where(np.isnan(rows), 0, scaler.transform(rows))
    model = LogisticRegression(
        C=settings.inverse_regularization,
        max_iter=settings.max_iter,
        class_weight=settings.sklearn_class_weight,
    ).fit(scaled, labels)
    on_step(1, log_loss(labels, model.predict_proba(scaled), labels=model.classes_))
    coefficients, intercepts = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        # Of two classes scikit-learn keeps the second's logit alone; the first's is 0.
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
        intercepts = np.concatenate([[0.0], intercepts])
    return model.classes_.tolist(), {
        "linear": {
            "mean": _floats(scaler.mean_),
            "scale": _floats(scaler.scale_),
            "coefficients": _floats(coefficients),
            "intercepts": _floats(intercepts),
        }
    }


def _floats(fitted: object) -> list[Any]:
    """Return an attribute of a fitted estimator, none of which scikit-learn types, as lists."""
    return np.asarray(fitted, dtype=np.float64).tolist()


def _fit_random_forest(
    settings: Settings, rows: Matrix, labels: Labels, on_step: Callable[[int, float], None]
) -> tuple[list[str], dict[str, Any]]:
    forest = RandomForestClassifier(
        max_depth=settings.max_depth,
        class_weight=settings.sklearn_class_weight,
        random_state=settings.seed,
        warm_start=True,
    )
    for portion in range(1, PORTIONS + 1):
        forest.set_params(n_estimators=settings.n_estimators * portion // PORTIONS)
        forest.fit(rows, labels)
        on_step(portion, log_loss(labels, forest.predict_proba(rows), labels=forest.classes_))
    return [str(label) for label in forest.classes_], {
        "trees": [_tree_numbers(tree) for tree in forest.estimators_]
    }


def _fit_gradient_boosting(
    settings: Settings, rows: Matrix, labels: Labels, on_step: Callable[[int, float], None]
) -> tuple[list[str], dict[str, Any]]:
    # Its stubs know fewer types than it takes.
    boosting: Any = HistGradientBoostingClassifier(
        learning_rate=settings.learning_rate,
        max_leaf_nodes=settings.max_leaf_nodes,
        max_depth=settings.max_depth,
        class_weight=settings.sklearn_class_weight,
        early_stopping=False,  # pyright: ignore[reportArgumentType]
        random_state=settings.seed,
        warm_start=True,
    )
    with threadpool_limits(1 if len(rows) < ROWS_FOR_THREADS else None, user_api="openmp"):
        for portion in range(1, PORTIONS + 1):
            boosting.set_params(max_iter=settings.n_estimators * portion // PORTIONS)
            boosting.fit(rows, labels)
            probabilities = boosting.predict_proba(rows)
            on_step(portion, log_loss(labels, probabilities, labels=boosting.classes_))
    # scikit-learn has no public way to its trees; the tests compare the answers.
    predictors = boosting._predictors
    start = np.asarray(boosting._baseline_prediction, dtype=np.float64).ravel()
    return [str(label) for label in boosting.classes_], {
        "boosting": {
            "start": start.tolist(),
            # One tree for each logit in turn.
            "trees": [_boosted_tree(tree.nodes) for round_ in predictors for tree in round_],
        }
    }


def _boosted_tree(nodes: NDArray[Any]) -> dict[str, Any]:
    is_leaf = nodes["is_leaf"].astype(bool)
    return {
        "feature": nodes["feature_idx"].tolist(),
        # JSON has no infinity; no number is larger than this one.
        "threshold": np.minimum(nodes["num_threshold"], np.finfo(np.float64).max).tolist(),
        "missingLeft": nodes["missing_go_to_left"].astype(bool).tolist(),
        "left": np.where(is_leaf, -1, nodes["left"].astype(np.int64)).tolist(),
        "right": np.where(is_leaf, -1, nodes["right"].astype(np.int64)).tolist(),
        "value": nodes["value"].tolist(),
    }


def _tree_numbers(estimator: Any) -> dict[str, Any]:  # noqa: ANN401 - sklearn's Tree has no stubs
    tree = estimator.tree_
    counts = tree.value[:, 0, :]
    return {
        "feature": tree.feature.tolist(),
        "threshold": tree.threshold.tolist(),
        "missingLeft": tree.missing_go_to_left.astype(bool).tolist(),
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "probabilities": (counts / counts.sum(axis=1, keepdims=True)).tolist(),
    }
