"""Imports of train.py that take seconds; warm_worker.py makes them before there is a job."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from job.blocked_imports import without_optional_imports

with without_optional_imports():
    for _name in (
        "torch",
        "transformers.trainer",
        "transformers.models.auto.modeling_auto",
        "transformers.models.distilbert.modeling_distilbert",
    ):
        import_module(_name)

# For model.onnx, without which a job goes on.
for _name in ("onnx", "onnxruntime"):
    if find_spec(_name) is not None:
        import_module(_name)
