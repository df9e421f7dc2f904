"""The same model by a plain script, as people write it first with the Hugging Face Trainer.

    python bench/first-verdict/peer.py mails.csv OUTPUT_FOLDER

Splits the file, learns a WordPiece vocabulary, and trains a DistilBERT with the size, batches, epochs
and learning rate of our recipe's defaults; each batch is padded to its longest row, and one thread
works, as in our recipe. Prints the scores on the held-out rows as JSON. It checks no data, looks for
no duplicates, cannot be interrupted and judges nothing.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
from tokenizers import BertWordPieceTokenizer
from transformers import (
    DataCollatorWithPadding,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
    set_seed,
)

MAX_LENGTH = 96


class Rows(torch.utils.data.Dataset):
    """Encoded texts with their labels."""

    def __init__(self, tokenizer, texts, labels):
        self.encoded = tokenizer(texts, truncation=True, max_length=MAX_LENGTH)
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        row = {name: values[index] for name, values in self.encoded.items()}
        return {**row, "labels": self.labels[index]}


def main(source: str, output: str) -> None:
    torch.set_num_threads(1)
    set_seed(1)
    with Path(source).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = sorted({row["label"] for row in rows})
    texts = [row["text"] for row in rows]
    labels = [names.index(row["label"]) for row in rows]
    train_texts, other_texts, train_labels, other_labels = train_test_split(
        texts, labels, test_size=0.3, stratify=labels, random_state=1
    )
    val_texts, test_texts, val_labels, test_labels = train_test_split(
        other_texts, other_labels, test_size=2 / 3, stratify=other_labels, random_state=1
    )

    words = BertWordPieceTokenizer(lowercase=True)
    words.train_from_iterator(train_texts, vocab_size=8000, show_progress=False)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words._tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_input_names=["input_ids", "attention_mask"],
    )
    model = DistilBertForSequenceClassification(
        DistilBertConfig(
            vocab_size=tokenizer.vocab_size,
            max_position_embeddings=MAX_LENGTH,
            n_layers=1,
            n_heads=2,
            dim=64,
            hidden_dim=256,
            dropout=0.0,
            attention_dropout=0.0,
            seq_classif_dropout=0.0,
            num_labels=len(names),
        )
    )
    steps = 3 * -(-len(train_texts) // 16)
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=output,
            num_train_epochs=3,
            per_device_train_batch_size=16,
            per_device_eval_batch_size=64,
            learning_rate=2e-3,
            weight_decay=0.01,
            warmup_steps=int(0.1 * steps),
            lr_scheduler_type="linear",
            eval_strategy="epoch",
            save_strategy="epoch",
            report_to="none",
            disable_tqdm=True,
            use_cpu=True,
            seed=1,
        ),
        train_dataset=Rows(tokenizer, train_texts, train_labels),
        eval_dataset=Rows(tokenizer, val_texts, val_labels),
        data_collator=DataCollatorWithPadding(tokenizer),
    )
    trainer.train()
    trainer.save_model(f"{output}/model")
    tokenizer.save_pretrained(f"{output}/model")

    predicted = trainer.predict(Rows(tokenizer, test_texts, test_labels)).predictions
    best = np.argmax(predicted, axis=-1)
    scores = {
        "rows": len(test_labels),
        "accuracy": accuracy_score(test_labels, best),
        "macroF1": f1_score(test_labels, best, average="macro"),
    }
    print(json.dumps(scores))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
