"""What prepare_data.py takes from the standard library; warm_worker.py imports it ahead."""

from __future__ import annotations

from importlib import import_module

for _name in (
    "argparse",
    "csv",
    "dataclasses",
    "decimal",
    "difflib",
    "hashlib",
    "json",
    "statistics",
    "traceback",
    "unicodedata",
):
    import_module(_name)
