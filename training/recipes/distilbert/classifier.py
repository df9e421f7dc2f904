"""The network, from scratch or pretrained, and the n-gram part beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import torch
from ngrams import BUCKETS
from settings import BaseModel, Settings
from transformers.modeling_utils import PreTrainedModel
from transformers.models.auto.modeling_auto import AutoModelForSequenceClassification
from transformers.models.distilbert.configuration_distilbert import DistilBertConfig
from transformers.models.distilbert.modeling_distilbert import DistilBertForSequenceClassification

from job.errors import JobError

# With more, the gradient of EmbeddingBag is faster than ours.
FEW_LABELS = 8


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


class NgramLayer(torch.nn.EmbeddingBag):
    """The n-gram part: adds up the weights of a text's buckets, each times its value."""

    def __init__(self, label_count: int) -> None:
        super().__init__(BUCKETS, label_count, mode="sum")
        # What was never seen says nothing.
        torch.nn.init.zeros_(self.weight)

    def forward(
        self,
        input: torch.Tensor,  # noqa: A002 - the name that EmbeddingBag gives it
        offsets: torch.Tensor | None = None,
        per_sample_weights: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the sums, (rows, labels); buckets, where each row begins, and the values."""
        is_own = self.weight.device.type == "cpu" and self.embedding_dim <= FEW_LABELS
        if not is_own or offsets is None or per_sample_weights is None:
            return super().forward(input, offsets, per_sample_weights)
        return _SumOfBuckets.apply(self.weight, input, offsets, per_sample_weights)


class _SumOfBuckets(torch.autograd.Function):
    """EmbeddingBag on a CPU; its own gradient sorts the buckets, five times the time of this."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401
        weight: torch.Tensor,
        buckets: torch.Tensor,
        offsets: torch.Tensor,
        values: torch.Tensor,
    ) -> torch.Tensor:
        ctx.save_for_backward(buckets, offsets, values)
        ctx.shape = weight.shape
        return torch.nn.functional.embedding_bag(
            buckets, weight, offsets, mode="sum", per_sample_weights=values
        )

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:  # noqa: ANN401
        [of_sums] = gradients
        buckets, offsets, values = ctx.saved_tensors
        ends = torch.cat([offsets[1:], offsets.new_tensor([len(buckets)])])
        of_values = torch.repeat_interleave(of_sums, ends - offsets, dim=0) * values[:, None]
        of_weight = of_values.new_zeros(ctx.shape)
        # In one dimension, where the order of the additions does not depend on the threads.
        places = buckets[:, None] * ctx.shape[1] + torch.arange(ctx.shape[1])
        of_weight.view(-1).index_add_(0, places.flatten(), of_values.flatten())
        return of_weight, None, None, None


def add_ngram_layer(network: PreTrainedModel, label_count: int) -> None:
    """Make the layer a part of the network, saved, resumed and moved with it."""
    # The name of its weights in the file is `ngrams.WEIGHTS`.
    network.add_module("ngrams", NgramLayer(label_count))


def ngram_layer_of(network: torch.nn.Module) -> NgramLayer | None:
    """Return the layer that `add_ngram_layer` has added, or None."""
    return next((part for part in network.children() if isinstance(part, NgramLayer)), None)


def classify(network: torch.nn.Module, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """Return the logits (rows, labels) of a batch without labels, those of the n-grams added."""
    tokens = {name: batch[name] for name in ("input_ids", "attention_mask")}
    logits: torch.Tensor = network(**tokens).logits
    layer = ngram_layer_of(network)
    if layer is None:
        return logits
    return logits + layer(batch["ngram_buckets"], batch["ngram_offsets"], batch["ngram_values"])


class _LabelNames(TypedDict):
    id2label: dict[int, str]
    label2id: dict[str, int]


def _label_names(labels: Sequence[str]) -> _LabelNames:
    return {
        "id2label": dict(enumerate(labels)),
        "label2id": {label: index for index, label in enumerate(labels)},
    }
