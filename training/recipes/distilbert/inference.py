"""Serve the text classifier: SageMaker's model_fn, input_fn, predict_fn and output_fn.

Copied into model.tar.gz as code/inference.py; imports nothing of this repository.

    request   {"inputs": "text"}  or  {"inputs": ["text", ...]}
    response  [{"label": "spam", "score": 0.98}, ...]   each input's best label, score in [0, 1]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, cast

import torch
from tokenizers import Tokenizer

JSON = "application/json"
MAX_INPUTS = 1_000
BATCH_SIZE = 64
# For smaller models a second thread gains little on an idle machine and costs a lot on a busy one.
SINGLE_THREAD_PARAMETERS = 5_000_000
# transformers imports each of them when it is installed, which takes 1.5 s; we need none.
_OPTIONAL_PACKAGES = ("sklearn", "datasets", "pandas", "scipy", "pyarrow", "aiohttp")


class Classifier(NamedTuple):
    """A loaded network, its tokenizer (which truncates and pads) and its label names."""

    model: Any
    tokenizer: Tokenizer
    labels: list[str]


def model_fn(model_dir: str) -> Classifier:
    """Load what train.py saved; raises OSError when a file is missing."""
    folder = Path(model_dir)
    blocked = [name for name in _OPTIONAL_PACKAGES if name not in sys.modules]
    # None makes an import raise ModuleNotFoundError (import system reference); typeshed omits it.
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    modules.update(dict.fromkeys(blocked))
    try:
        from transformers.models.auto.modeling_auto import AutoModelForSequenceClassification
        from transformers.utils import logging

        logging.disable_progress_bar()
        model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    finally:
        for name in blocked:
            del modules[name]
    if model.num_parameters() < SINGLE_THREAD_PARAMETERS:
        torch.set_num_threads(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    labels = [model.config.id2label[index] for index in range(model.config.num_labels)]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return Classifier(model.to(device), tokenizer, labels)


def input_fn(body: bytes | str, content_type: str = JSON) -> list[str]:
    """Return the texts of a request; raises ValueError with what is wrong with it."""
    if content_type.split(";")[0].strip().lower() != JSON:
        raise ValueError(f"Content type {content_type!r} is not supported; send {JSON}.")
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"The body is not JSON: {error}.") from error
    if not isinstance(request, dict) or "inputs" not in request:
        raise ValueError('The body must be an object with "inputs": a text or a list of texts.')
    inputs = request["inputs"]
    texts = [inputs] if isinstance(inputs, str) else inputs
    if not isinstance(texts, list) or not texts:
        raise ValueError('"inputs" must be a text or a list of at least one text.')
    if len(texts) > MAX_INPUTS:
        raise ValueError(f'"inputs" has {len(texts)} texts; at most {MAX_INPUTS} are accepted.')
    for position, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f'"inputs"[{position}] is not a text.')
    return texts


def predict_fn(data: list[str], model: Classifier) -> list[dict[str, str | float]]:
    """Return the best label and its probability for every text."""
    predictions: list[dict[str, str | float]] = []
    for start in range(0, len(data), BATCH_SIZE):
        encodings = model.tokenizer.encode_batch(data[start : start + BATCH_SIZE])
        input_ids = torch.tensor([encoding.ids for encoding in encodings])
        attention_mask = torch.tensor([encoding.attention_mask for encoding in encodings])
        device = model.model.device
        with torch.inference_mode():
            logits = model.model(
                input_ids=input_ids.to(device), attention_mask=attention_mask.to(device)
            ).logits.float()
        scores, best = logits.softmax(dim=-1).max(dim=-1)
        predictions += [
            {"label": model.labels[index], "score": score}
            for index, score in zip(best.tolist(), scores.tolist(), strict=True)
        ]
    return predictions


def output_fn(prediction: list[dict[str, str | float]], accept: str = JSON) -> str:
    """Return the response body, which is JSON whatever the client accepts."""
    return json.dumps(prediction)
