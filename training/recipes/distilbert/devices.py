"""On what a run computes, and with how many bits."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Literal

VISIBLE_GPUS = "CUDA_VISIBLE_DEVICES"
# Compute capability of Ampere, the first generation that computes with bfloat16.
FIRST_WITH_BF16 = (8, 0)


def use_one_gpu(environment: MutableMapping[str, str]) -> None:
    """Hide all GPUs but the first; call it before anything uses CUDA.

    The Trainer would take all of them through DataParallel: then a step has more rows than
    `per_device_train_batch_size`, the steps are fewer than announced, and a resume is not exact.
    """
    environment[VISIBLE_GPUS] = environment.get(VISIBLE_GPUS, "0").split(",")[0]


def mixed_precision() -> Literal["bf16", "fp16", "no"]:
    """Return in what a GPU computes beside float32 weights; a CPU is slower with fewer bits."""
    import torch

    if not torch.cuda.is_available():
        return "no"
    # Not is_bf16_supported(), which is also true where bfloat16 is emulated.
    return "bf16" if torch.cuda.get_device_capability() >= FIRST_WITH_BF16 else "fp16"
