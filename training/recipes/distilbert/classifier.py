"""The network: a small DistilBERT from scratch, or a pretrained one with a new head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import torch
from settings import BaseModel, Settings
from transformers.modeling_utils import PreTrainedModel
from transformers.models.auto.modeling_auto import AutoModelForSequenceClassification
from transformers.models.distilbert.configuration_distilbert import DistilBertConfig
from transformers.models.distilbert.modeling_distilbert import DistilBertForSequenceClassification

from job.errors import JobError


def build_classifier(settings: Settings, labels: Sequence[str], vocab_size: int) -> PreTrainedModel:
    """Return an untrained DistilBERT with the label names in its config."""
    config = DistilBertConfig(
        vocab_size=vocab_size,
        max_position_embeddings=settings.max_length,
        n_layers=settings.n_layers,
        n_heads=settings.n_heads,
        dim=settings.dim,
        hidden_dim=4 * settings.dim,
        dropout=settings.dropout,
        seq_classif_dropout=settings.dropout,
        # Costs 40 % of a CPU step (its mask is drawn on one thread) and gains no accuracy here.
        attention_dropout=0.0,
        pad_token_id=0,
        **_label_names(labels),
    )
    return DistilBertForSequenceClassification(config)


def load_classifier(
    base_model: BaseModel, labels: Sequence[str], pad_token_id: int, max_length: int
) -> PreTrainedModel:
    """Return a pretrained model in float32 with a classification head for these labels.

    Raises:
        JobError: it cannot be loaded, or cannot read `max_length` tokens.
    """
    try:
        model = AutoModelForSequenceClassification.from_pretrained(
            base_model.source,
            revision=base_model.revision or "main",
            ignore_mismatched_sizes=True,
            # Not the type it is stored in: AdamW turns weights of 16 bits into NaN.
            dtype=torch.float32,
            **_label_names(labels),
        )
    except (OSError, ValueError) as error:
        raise JobError(f'Cannot load base_model "{base_model.source}": {error}') from error
    model.config.pad_token_id = pad_token_id
    positions = getattr(model.config, "max_position_embeddings", max_length)
    if max_length > positions:
        raise JobError(
            f'Hyperparameter "max_length" is {max_length}, but base_model "{base_model.source}"'
            f" reads at most {positions} tokens."
        )
    return model


class _LabelNames(TypedDict):
    id2label: dict[int, str]
    label2id: dict[str, int]


def _label_names(labels: Sequence[str]) -> _LabelNames:
    return {
        "id2label": dict(enumerate(labels)),
        "label2id": {label: index for index, label in enumerate(labels)},
    }
