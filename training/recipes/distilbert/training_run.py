"""The parts of a run that need torch: tokenizer, network and Trainer, and the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from batching import EncodedRow, PaddingCollator
from classifier import add_ngram_layer, build_classifier, load_classifier
from coverage import TextRead, measure_text_read
from inference import beginning
from onnx_export import export_onnx
from resumable_trainer import ResumableTrainer
from scoring import Validation
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
from transformers.trainer_utils import set_seed
from transformers.utils import logging as transformers_logging

from job.checkpoints import CheckpointStore
from job.classification import Scores
from job.errors import JobError
from job.events import log
from job.interruption import Interruption
from job.rows import Row, texts_of

# Up to this width a second thread gains a quarter on an idle machine and loses a factor of five on
# a busy one (OpenMP threads spin while they wait). With one thread, results are also the same on
# every number of cores.
SINGLE_THREAD_DIM = 64


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A Trainer with its network, what that is measured on, and its tokenizer."""

    trainer: ResumableTrainer
    validation: Validation
    tokenizer: Tokenizer
    pad_token: str
    pad_token_id: int
    max_length: int
    text_read: TextRead

    def evaluate(self, step: int) -> tuple[Scores, float]:
        """Return the scores and the mean cross-entropy in nats of the network after a step."""
        known = self.trainer.measured.get(step)
        return known or self.validation.evaluate(self.trainer.network)

    def save(self, folder: Path) -> list[Path]:
        """Write network, config and tokenizer as transformers would; return the weight files."""
        folder.mkdir(parents=True, exist_ok=True)
        self.trainer.network.save_pretrained(folder)
        save_tokenizer(self.tokenizer, folder, self.max_length, self.pad_token)
        export_onnx(
            self.trainer.network,
            folder,
            [row.input_ids for row in self.trainer.rows],
            pad_token_id=self.pad_token_id,
            max_length=self.max_length,
        )
        return sorted(folder.glob("*.safetensors"))


def prepare_run(
    settings: Settings,
    base_model: BaseModel | None,
    train: Sequence[Row],
    validation: Sequence[Row],
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
    measured = Validation(
        encode_rows(tokenizer, validation, labels),
        [row.label for row in validation],
        labels,
        collate,
    )
    trainer = ResumableTrainer(network, rows, measured, settings, store, interruption)
    text_read = measure_text_read(
        tokenizer, texts_of(train), max_length=settings.max_length, reads_ngrams=settings.ngrams
    )
    log(text_read.in_words(settings.max_length))
    return TrainingRun(
        trainer, measured, tokenizer, pad_token, pad_token_id, settings.max_length, text_read
    )


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
