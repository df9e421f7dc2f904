"""The parts of a run that need torch: tokenizer, network and Trainer, and the scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from batching import EncodedRow, PaddingCollator
from classifier import add_ngram_layer, build_classifier, classify, load_classifier
from inference import beginning
from onnx_export import export_onnx
from resumable_trainer import ResumableTrainer, not_finite
from settings import BaseModel, Settings
from tokenization import (
    PAD,
    TOKENIZER_FILE,
    Tokenizer,
    encode,
    load_pretrained_tokenizer,
    save_tokenizer,
    train_tokenizer,
)
from transformers.modeling_utils import PreTrainedModel
from transformers.trainer_utils import set_seed
from transformers.utils import logging as transformers_logging

from job.checkpoints import CheckpointStore
from job.classification import Scores, score
from job.errors import JobError
from job.interruption import Interruption
from job.rows import Row, texts_of

EVALUATION_BATCH_SIZE = 64
# Up to this width a second thread gains a quarter on an idle machine and loses a factor of five on
# a busy one (OpenMP threads spin while they wait). With one thread, results are also the same on
# every number of cores.
SINGLE_THREAD_DIM = 64


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A Trainer with its network, and the tokenizer and label names that belong to that."""

    trainer: ResumableTrainer
    network: PreTrainedModel
    tokenizer: Tokenizer
    pad_token: str
    collate: PaddingCollator
    labels: Sequence[str]
    max_length: int

    def save(self, folder: Path) -> list[Path]:
        """Write network, config and tokenizer as transformers would; return the weight files."""
        folder.mkdir(parents=True, exist_ok=True)
        self.network.save_pretrained(folder)
        save_tokenizer(self.tokenizer, folder, self.max_length, self.pad_token)
        export_onnx(
            self.network,
            folder,
            [row.input_ids for row in self.trainer.rows],
            pad_token_id=self.collate.pad_token_id,
            max_length=self.max_length,
        )
        return sorted(folder.glob("*.safetensors"))


def prepare_run(
    settings: Settings,
    base_model: BaseModel | None,
    train: Sequence[Row],
    labels: Sequence[str],
    store: CheckpointStore,
    interruption: Interruption,
) -> TrainingRun:
    """Build tokenizer and network, encode the rows, and return a Trainer ready to train."""
    transformers_logging.disable_progress_bar()
    set_seed(settings.seed)
    tokenizer, pad_token = _tokenizer(settings, base_model, train, store.root)
    pad_token_id = tokenizer.token_to_id(pad_token)
    if pad_token_id is None:
        raise JobError("The vocabulary of base_model lacks its padding token.")
    if base_model is None:
        if settings.dim <= SINGLE_THREAD_DIM:
            torch.set_num_threads(1)
        network = build_classifier(settings, labels, tokenizer.get_vocab_size())
    else:
        network = load_classifier(base_model, labels, pad_token_id, settings.max_length)
    if settings.ngrams:
        add_ngram_layer(network, len(labels))
    collate = PaddingCollator(pad_token_id, settings.ngrams)
    rows = encode_rows(tokenizer, train, labels)
    trainer = ResumableTrainer(network, collate, rows, settings, store, interruption)
    return TrainingRun(trainer, network, tokenizer, pad_token, collate, labels, settings.max_length)


def _tokenizer(
    settings: Settings, base_model: BaseModel | None, train: Sequence[Row], checkpoints: Path
) -> tuple[Tokenizer, str]:
    """Return the tokenizer that the checkpoints were trained with, or make and keep a new one."""
    if base_model is not None:
        tokenizer, pad_token = load_pretrained_tokenizer(base_model)
        tokenizer.enable_truncation(settings.max_length)
        return tokenizer, pad_token
    kept = checkpoints / TOKENIZER_FILE
    if kept.exists():
        return Tokenizer.from_file(str(kept)), PAD
    # Words that the network never reads need no vocabulary.
    texts = [beginning(text, settings.max_length) for text in texts_of(train)]
    tokenizer = train_tokenizer(texts, settings.vocab_size)
    tokenizer.enable_truncation(settings.max_length)
    temporary = kept.with_suffix(".tmp")
    tokenizer.save(str(temporary))
    temporary.replace(kept)
    return tokenizer, PAD


def encode_rows(
    tokenizer: Tokenizer, rows: Sequence[Row], labels: Sequence[str]
) -> list[EncodedRow]:
    """Return token ids and label index of every row; a label not in `labels` gets -100 (none)."""
    index = {label: position for position, label in enumerate(labels)}
    texts = texts_of(rows)
    return [
        EncodedRow(input_ids, index.get(row.label, -100), text)
        for input_ids, row, text in zip(encode(tokenizer, texts), rows, texts, strict=True)
    ]


def evaluate(run: TrainingRun, rows: Sequence[Row]) -> tuple[Scores, float]:
    """Return the scores and the mean cross-entropy in nats of the trained model on these rows."""
    network = run.network.eval()
    encoded = encode_rows(run.tokenizer, rows, run.labels)
    by_length = sorted(range(len(rows)), key=lambda index: len(encoded[index].input_ids))
    predicted: list[str] = [""] * len(rows)
    total_loss = 0.0
    for start in range(0, len(rows), EVALUATION_BATCH_SIZE):
        indices = by_length[start : start + EVALUATION_BATCH_SIZE]
        batch = run.collate([encoded[index] for index in indices])
        batch = {name: tensor.to(network.device) for name, tensor in batch.items()}
        targets = batch.pop("labels")
        with torch.inference_mode():
            logits = classify(network, batch).float()
        total_loss += torch.nn.functional.cross_entropy(logits, targets, reduction="sum").item()
        for index, best in zip(indices, logits.argmax(dim=-1).tolist(), strict=True):
            predicted[index] = run.labels[int(best)]
    if not math.isfinite(total_loss):
        raise not_finite("on the validation rows")
    return score([row.label for row in rows], predicted), total_loss / len(rows)
