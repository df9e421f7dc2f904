"""Imports of inference.py that take time; warm_worker.py makes them before an evaluation.

Those of ONNX Runtime, and what evaluate_model.py takes from the standard library. Where ONNX
Runtime is missing, or an archive has no graph, torch is imported when the model is loaded, as in
any other process.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

for _name in ("csv", "tarfile", "tempfile", "numpy", "tokenizers", "onnxruntime"):
    if find_spec(_name) is not None:
        import_module(_name)
