"""Turn text into token ids, with one tokenizer.json that training and serving both load.

The file also holds truncation and padding, so a model needs no other file to tokenize, and every
version of transformers reads it alike.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from inference import beginning, reads_words_by_themselves
from settings import BaseModel
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from tokenizers.trainers import WordPieceTrainer

from job.errors import JobError

TOKENIZER_FILE = "tokenizer.json"
PAD, UNKNOWN, CLASSIFY, SEPARATE, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
# The order of BERT's vocabulary files; the padding token must be 0.
SPECIAL_TOKENS = [PAD, UNKNOWN, CLASSIFY, SEPARATE, MASK]
MAX_ALPHABET = 400


def train_tokenizer(texts: Sequence[str], vocab_size: int) -> Tokenizer:
    """Learn a lower-case WordPiece vocabulary; the same texts give the same one in every process.

    WordPieceTrainer alone does not (huggingface/tokenizers#1794): it numbers the continuation
    characters ("##a") in the order of a hash map, and breaks ties between merges by number. Here
    they are numbered up front, as special tokens, and a clean tokenizer is built from the result.
    """
    learning = _tokenizer(vocabulary=None)
    normalizer = learning.normalizer
    normalized = [normalizer.normalize_str(text) for text in texts]
    # Once is enough, and takes a fifth of the time of learning.
    learning.normalizer = normalizers.Sequence([])
    alphabet = _frequent_characters(normalized)
    continuations = [f"##{character}" for character in alphabet]
    trainer = WordPieceTrainer(
        vocab_size=vocab_size,
        limit_alphabet=len(alphabet),
        special_tokens=[*SPECIAL_TOKENS, *alphabet, *continuations],
        show_progress=False,
    )
    learning.train_from_iterator(normalized, trainer)

    tokenizer = _tokenizer(learning.get_vocab())
    tokenizer.add_special_tokens(SPECIAL_TOKENS)
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{CLASSIFY} $A {SEPARATE}",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (CLASSIFY, SEPARATE)],
    )
    return tokenizer


def _frequent_characters(texts: Sequence[str]) -> list[str]:
    """Return at most `MAX_ALPHABET` characters of normalized texts in code point order.

    All that are as frequent as the first one left out are left out too, so that the trainer, which
    breaks such ties by hash, ends with the same characters.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    ranked = [item for item in counts.most_common() if not item[0].isspace()]
    cutoff = ranked[MAX_ALPHABET][1] if len(ranked) > MAX_ALPHABET else 0
    return sorted(character for character, count in ranked if count > cutoff)


def _tokenizer(vocabulary: dict[str, int] | None) -> Tokenizer:
    tokenizer = Tokenizer(WordPiece(vocab=vocabulary, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def load_pretrained_tokenizer(base_model: BaseModel) -> tuple[Tokenizer, str]:
    """Return the tokenizer of a pretrained model and its padding token.

    Raises:
        JobError: it cannot be loaded, has no tokenizer.json or no padding token.
    """
    from transformers.models.auto.tokenization_auto import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(
            base_model.source, revision=base_model.revision or "main"
        )
    except (OSError, ValueError) as error:
        raise JobError(
            f'Cannot load the tokenizer of base_model "{base_model.source}": {error}'
        ) from error
    if not tokenizer.is_fast or tokenizer.pad_token is None:
        raise JobError(
            f'The tokenizer of base_model "{base_model.source}" cannot be used: it has no'
            " tokenizer.json or no padding token."
        )
    return tokenizer.backend_tokenizer, tokenizer.pad_token


def save_tokenizer(tokenizer: Tokenizer, folder: Path, max_length: int, pad_token: str) -> None:
    """Write tokenizer.json with truncation and padding, and the config AutoTokenizer needs."""
    pad_id = tokenizer.token_to_id(pad_token)
    tokenizer.enable_truncation(max_length)
    tokenizer.enable_padding(pad_id=pad_id, pad_token=pad_token)
    tokenizer.save(str(folder / TOKENIZER_FILE))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": max_length,
        "pad_token": pad_token,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")


def encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of each text, truncated as tokenizer.json says, without padding."""
    unpadded = Tokenizer.from_str(tokenizer.to_str())
    unpadded.no_padding()
    limit = tokenizer.truncation["max_length"] if tokenizer.truncation else None
    if limit is None or not reads_words_by_themselves(tokenizer):
        return _encode_batch(unpadded, texts)
    beginnings = [beginning(text, limit) for text in texts]
    ids = _encode_batch(unpadded, beginnings)
    # Words of invisible characters have no tokens, so the rest of the text may count after all.
    short = [
        index
        for index, text in enumerate(texts)
        if len(ids[index]) < limit and len(beginnings[index]) < len(text)
    ]
    for index, whole in zip(short, _encode_batch(unpadded, [texts[i] for i in short]), strict=True):
        ids[index] = whole
    return ids


def _encode_batch(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    # Fast because it leaves out where in the text each token is.
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
