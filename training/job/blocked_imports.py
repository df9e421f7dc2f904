"""Import transformers without the optional packages that it loads whenever they are installed.

Saves 1.5 s of the 5.8 s that importing the Trainer takes, and 150 MB.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType
from typing import cast

# transformers works without each of them; text classification needs none.
OPTIONAL_PACKAGES = ("sklearn", "datasets", "pandas", "scipy", "pyarrow", "aiohttp")


@contextmanager
def without_optional_imports(*, enabled: bool = True) -> Generator[None]:
    """Make the packages look not installed while the body imports transformers.

    Those already imported stay. Pass `enabled=False` for a model from elsewhere, whose code may
    need one of them; a process that warm_worker.py prepared without them then starts over.
    """
    if not enabled and "transformers" in sys.modules:
        os.execv(sys.executable, [sys.executable, "-u", *sys.argv])  # noqa: S606
    blocked = [name for name in OPTIONAL_PACKAGES if enabled and name not in sys.modules]
    # None makes an import raise ModuleNotFoundError (import system reference); typeshed omits it.
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    modules.update(dict.fromkeys(blocked))
    try:
        yield
    finally:
        for name in blocked:
            del modules[name]
