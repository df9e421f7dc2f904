"""Imports of train.py that take a second; warm_worker.py makes them before there is a job."""

from __future__ import annotations

from importlib import import_module

for _name in ("numpy", "scipy.sparse", "sklearn.linear_model", "sklearn.multiclass"):
    import_module(_name)
