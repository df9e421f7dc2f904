"""Write model.onnx, through which inference.py answers without torch and transformers.

It holds the graph alone. The weights stay in model.safetensors, to which the graph refers by
offset: the archive hardly grows, and both engines read the same bytes.
"""

from __future__ import annotations

import json
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from inference import ONNX_FILE
from numpy.typing import NDArray
from transformers.modeling_utils import PreTrainedModel

from job.errors import JobError
from job.events import log

# Every ONNX Runtime since 1.12 (2022) can read it.
OPSET = 17
# Of a logit; measured are 1e-6. A tenth of a percent of a score is what a smoke request may differ.
TOLERANCE = 1e-3
COMPARED_ROWS = 8
WEIGHTS_FILE = "model.safetensors"
INPUTS = ("input_ids", "attention_mask")


def export_onnx(
    network: PreTrainedModel,
    folder: Path,
    rows: Sequence[Sequence[int]],
    *,
    pad_token_id: int,
    max_length: int,
) -> None:
    """Write model.onnx beside the saved weights if it answers these rows as the network does.

    Never fails the job, because torch can serve every model: otherwise it logs why there is none.

    Args:
        network: as `save_pretrained` has written it to the folder; is left on the CPU.
        folder: of the model.
        rows: token ids of at least one text.
        pad_token_id: fills up the shorter rows of a batch.
        max_length: tokens of the longest text that is ever sent.
    """
    path = folder / ONNX_FILE
    # An earlier attempt of this job may have left one behind.
    path.unlink(missing_ok=True)
    started = time.monotonic()
    try:
        classifier = _LogitsOnly(network.cpu()).eval()
        batches = list(_batches(rows, pad_token_id, max_length))
        path.write_bytes(_graph(classifier, batches[-1], folder / WEIGHTS_FILE))
        difference = _largest_difference(path, classifier, batches)
        if not difference <= TOLERANCE:
            raise JobError(f"its logits differ by {difference:.2g}, more than {TOLERANCE:g}")
    # The exporter follows code that it does not know; its errors are of every kind.
    except Exception as error:
        path.unlink(missing_ok=True)
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        log(f"No {ONNX_FILE}, so torch will serve this model: {reason}")
    else:
        log(f"{ONNX_FILE} written and compared in {time.monotonic() - started:.1f} s")


class _LogitsOnly(torch.nn.Module):
    def __init__(self, network: PreTrainedModel) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.network(input_ids=input_ids, attention_mask=attention_mask).logits


Batch = tuple[torch.Tensor, torch.Tensor]


def _batches(rows: Sequence[Sequence[int]], pad_token_id: int, max_length: int) -> Iterator[Batch]:
    """Yield the shortest row, one of full length, and both with some others, padded."""
    by_length = sorted(rows, key=len)
    shortest, longest = list(by_length[0]), list(by_length[-1])
    full = (longest * (max_length // len(longest) + 1))[:max_length]
    step = max(1, len(by_length) // COMPARED_ROWS)
    for batch in ([shortest], [full], [*by_length[::step][:COMPARED_ROWS], full]):
        width = max(len(row) for row in batch)
        ids = [[*row, *[pad_token_id] * (width - len(row))] for row in batch]
        mask = [[1] * len(row) + [0] * (width - len(row)) for row in batch]
        yield torch.tensor(ids), torch.tensor(mask)


def _graph(classifier: _LogitsOnly, example: Batch, weights: Path) -> bytes:
    """Return the graph that the example traces, with its parameters in the file of weights."""
    import onnx

    axes = {name: {0: "rows", 1: "tokens"} for name in INPUTS}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        # About what a trace may get wrong, which the comparison finds out, and deprecations.
        warnings.simplefilter("ignore")
        traced = str(Path(scratch) / ONNX_FILE)
        torch.onnx.export(
            classifier,
            example,
            traced,
            input_names=list(INPUTS),
            output_names=["logits"],
            dynamic_axes={**axes, "logits": {0: "rows"}},
            opset_version=OPSET,
            # Folding would transpose parameters, which then are not those of the file.
            do_constant_folding=False,
            # The newer exporter takes 3 s instead of 0.2 and needs onnxscript.
            dynamo=False,
        )
        model = onnx.load(traced)
    _refer_to_weights(model, weights)
    return model.SerializeToString(deterministic=True)


def _refer_to_weights(model: Any, weights: Path) -> None:  # noqa: ANN401 - onnx generates its types
    """Replace every parameter by its place in the safetensors file."""
    from onnx import TensorProto

    start, entries = _safetensors_entries(weights)
    for tensor in model.graph.initializer:
        entry = entries.get(tensor.name.removeprefix("network."))
        if entry is None:
            continue
        if entry["dtype"] != "F32" or entry["shape"] != list(tensor.dims):
            raise JobError(f"{tensor.name} is not what {weights.name} holds")
        begin, end = entry["data_offsets"]
        place = {"location": weights.name, "offset": start + begin, "length": end - begin}
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))


def _safetensors_entries(path: Path) -> tuple[int, dict[str, Any]]:
    """Return where the data begins, and dtype, shape and data_offsets of every tensor.

    https://huggingface.co/docs/safetensors: 8 bytes with the length of a JSON header, that header,
    the data.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return 8 + length, json.loads(file.read(length))


def _largest_difference(path: Path, classifier: _LogitsOnly, batches: Sequence[Batch]) -> float:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    differences: list[float] = []
    for ids, mask in batches:
        with torch.inference_mode():
            expected: NDArray[np.float32] = classifier(ids, mask).numpy()
        feed = dict(zip(INPUTS, (ids.numpy(), mask.numpy()), strict=True))
        answered: Any = session.run(None, feed)[0]
        differences.append(float(np.abs(answered - expected).max()))
    # NaN, from either, is not a number that max() orders.
    return float(np.max(differences))
