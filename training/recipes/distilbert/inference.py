"""Serve the text classifier: SageMaker's model_fn, input_fn, predict_fn and output_fn.

Copied into model.tar.gz with ngrams.py; imports nothing else of this repository. Answers through
ONNX Runtime if that is installed and the model has a model.onnx, otherwise through torch: the
answers are the same, the start takes 0.3 s instead of 4 s.

    request   {"inputs": "text"}  or  {"inputs": ["text", ...]}
    response  [{"label": "spam", "score": 0.98}, ...]   each input's best label, score in [0, 1]

A request with "scores": "all" also gets "scores": {"spam": 0.98, "ham": 0.02} for each input.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, cast

import numpy as np
from ngrams import NgramPart, load_ngram_part
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer, normalizers, pre_tokenizers

JSON = "application/json"
ONNX_FILE = "model.onnx"
MAX_INPUTS = 1_000
BATCH_SIZE = 64
# For smaller models a second thread gains little on an idle machine and costs a lot on a busy one.
SINGLE_THREAD_PARAMETERS = 5_000_000
# transformers imports each of them when it is installed, which takes 1.5 s; we need none.
_OPTIONAL_PACKAGES = ("sklearn", "datasets", "pandas", "scipy", "pyarrow", "aiohttp")

Ids = NDArray[np.int64]
Logits = NDArray[np.float32]
# Takes token ids and attention mask, each (rows, tokens); returns logits (rows, labels).
Network = Callable[[Ids, Ids], Logits]


class Texts(list[str]):
    """The texts of a request; `all_scores`: the answer has the score of every label."""

    all_scores = False


class Classifier(NamedTuple):
    """A loaded network, its tokenizer (which truncates and pads), label names and n-gram part."""

    network: Network
    tokenizer: Tokenizer
    labels: list[str]
    ngrams: NgramPart | None


def model_fn(model_dir: str) -> Classifier:
    """Load what train.py saved; raises OSError when a file is missing."""
    folder = Path(model_dir)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    names = {int(index): label for index, label in config["id2label"].items()}
    ngrams = load_ngram_part(folder)
    network = _onnx_network(folder, ngrams) or _torch_network(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return Classifier(network, tokenizer, [names[index] for index in range(len(names))], ngrams)


def _onnx_network(folder: Path, ngrams: NgramPart | None) -> Network | None:
    """Return the network on ONNX Runtime, or None, with the reason on stderr, if it cannot run."""
    graph = folder / ONNX_FILE
    if not graph.is_file():
        return None
    try:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Set in any case: by default ONNX Runtime pins threads to cores, which containers forbid.
        options.intra_op_num_threads = _threads(folder, ngrams)
        session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
    # Its errors share no base class; whatever it cannot run, torch can.
    except Exception as error:
        print(f"{ONNX_FILE} is not used, torch answers instead: {error}", file=sys.stderr)
        return None

    def network(input_ids: Ids, attention_mask: Ids) -> Logits:
        feed = {"input_ids": input_ids, "attention_mask": attention_mask}
        return cast("Logits", session.run(None, feed)[0])

    return network


def _threads(folder: Path, ngrams: NgramPart | None) -> int:
    bytes_of_weights = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    bytes_of_network = bytes_of_weights - (ngrams.weights.nbytes if ngrams else 0)
    return 1 if bytes_of_network < 4 * SINGLE_THREAD_PARAMETERS else os.cpu_count() or 1


def _torch_network(folder: Path) -> Network:
    blocked = [name for name in _OPTIONAL_PACKAGES if name not in sys.modules]
    # None makes an import raise ModuleNotFoundError (import system reference); typeshed omits it.
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    modules.update(dict.fromkeys(blocked))
    try:
        import torch
        from transformers.models.auto.modeling_auto import AutoModelForSequenceClassification
        from transformers.utils import logging

        logging.disable_progress_bar()
        # About the n-gram part, which is no part of the network.
        logging.set_verbosity_error()
        loaded = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    finally:
        for name in blocked:
            del modules[name]
    if loaded.num_parameters() < SINGLE_THREAD_PARAMETERS:
        torch.set_num_threads(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = loaded.to(device)

    def network(input_ids: Ids, attention_mask: Ids) -> Logits:
        with torch.inference_mode():
            output = model(
                input_ids=torch.from_numpy(input_ids).to(device),
                attention_mask=torch.from_numpy(attention_mask).to(device),
            )
        return output.logits.float().cpu().numpy()

    return network


def input_fn(body: bytes | str, content_type: str = JSON) -> Texts:
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
        if not _is_unicode(text):
            raise ValueError(
                f'"inputs"[{position}] has a lone surrogate, half of a character such as an emoji;'
                " send the whole character."
            )
    read = Texts(texts)
    read.all_scores = request.get("scores") == "all"
    return read


def _is_unicode(text: str) -> bool:
    """Return whether the tokenizer can read it; JSON can spell strings that are not Unicode."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def predict_fn(data: list[str], model: Classifier) -> list[dict[str, Any]]:
    """Return the best label and its probability for every text, with all scores if asked for."""
    all_scores = isinstance(data, Texts) and data.all_scores
    predictions: list[dict[str, Any]] = []
    for start in range(0, len(data), BATCH_SIZE):
        texts = data[start : start + BATCH_SIZE]
        encodings = tokenize(model.tokenizer, texts)
        logits = model.network(
            np.array([encoding.ids for encoding in encodings], dtype=np.int64),
            np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64),
        )
        if model.ngrams is not None:
            logits = logits + model.ngrams.logits(texts)
        # Shifting by the maximum leaves the softmax as it is and keeps exp from overflowing.
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        scores = exponentials / exponentials.sum(axis=1, keepdims=True)
        predictions += [_prediction(row, model.labels, all_scores) for row in scores]
    return predictions


def _prediction(row: NDArray[np.float32], labels: list[str], all_scores: bool) -> dict[str, Any]:
    best = {"label": labels[int(row.argmax())], "score": float(row.max())}
    if not all_scores:
        return best
    return {**best, "scores": dict(zip(labels, map(float, row), strict=True))}


def tokenize(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Encoding]:
    """Return the tokens of each text, truncated and padded as tokenizer.json says.

    Of a long text, only the beginning is looked at: tokenizing all of it takes longer than the
    network.
    """
    limit = tokenizer.truncation["max_length"] if tokenizer.truncation else None
    if limit is None or not reads_words_by_themselves(tokenizer):
        return tokenizer.encode_batch(list(texts))
    beginnings = [beginning(text, limit) for text in texts]
    encodings = tokenizer.encode_batch(beginnings)
    # Words of invisible characters have no tokens, so the rest of the text may count after all.
    if any(
        len(beginnings[index]) < len(texts[index]) and sum(encoding.attention_mask) < limit
        for index, encoding in enumerate(encodings)
    ):
        return tokenizer.encode_batch(list(texts))
    return encodings


def beginning(text: str, words: int) -> str:
    """Return the text up to its `words`-th word and the space behind it.

    A word has at least one token, as a rule: a network that reads that many tokens reads no more.
    """
    # Only what BertNormalizer takes for a space; it drops \f, \v and \x1c and joins what they part.
    found = re.match(rf"[ \t\n\r]*+(?:[^ \t\n\r]++[ \t\n\r]++){{{words}}}", text)
    return found[0] if found else text


def reads_words_by_themselves(tokenizer: Tokenizer) -> bool:
    """Return whether no word's tokens depend on the words around it."""
    return isinstance(tokenizer.normalizer, normalizers.BertNormalizer) and isinstance(
        tokenizer.pre_tokenizer, pre_tokenizers.BertPreTokenizer
    )


def output_fn(prediction: list[dict[str, Any]], accept: str = JSON) -> str:
    """Return the response body, which is JSON whatever the client accepts."""
    return json.dumps(prediction)
