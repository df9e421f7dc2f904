"""A trained model, used only through its own code/inference.py, as on an endpoint."""

from __future__ import annotations

import importlib.util
import json
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from job.errors import JobError
from job.events import log
from serving.input_counts import InputCounter
from serving.toolkit_entry import CONTENT_TYPE, COUNTS_FILE, RECIPE_FILE, invoke

ARCHIVE_NAME = "model.tar.gz"
HOOKS = ("model_fn", "input_fn", "predict_fn", "output_fn")


@dataclass(frozen=True, slots=True)
class Answer:
    """The best label of one input and its score in [0, 1]."""

    label: str
    score: float


class ServedModel:
    """Answers request bodies; two models of different recipes live side by side in one process."""

    def __init__(
        self, code: ModuleType, model: object, counter: InputCounter | None = None
    ) -> None:
        self._code = code
        self._model = model
        self.counter = counter

    def invoke(self, body: bytes | str, content_type: str = CONTENT_TYPE) -> str:
        """Return the response body; raises what `toolkit_entry.invoke` raises."""
        return invoke(self._code, self._model, body, content_type)


def load_model(folder: Path, name: str, scratch: Path | None = None) -> ServedModel:
    """Import code/inference.py of a model folder and let it load the model.

    Args:
        folder: an extracted model, or a folder with model.tar.gz.
        name: of the role, such as "candidate"; keeps the modules of two models apart.
        scratch: where an archive is extracted; by default the system's temporary folder.

    Raises:
        JobError: it is not a deployable model or cannot be loaded.
    """
    extracted = _extracted(folder, name, scratch)
    try:
        file = _inference_file(extracted)
        code = _import_inference(file, f"{name}_inference")
        missing = [hook for hook in HOOKS if not hasattr(code, hook)]
        if missing:
            raise JobError(f"inference.py of the {name} model lacks {', '.join(missing)}.")
        counter = _read_counter(file.parent, name)
        return ServedModel(code, code.model_fn(str(extracted)), counter)
    except JobError:
        raise
    # SystemExit too: a model that ends its server on purpose would leave no reason.
    except (Exception, SystemExit) as error:
        raise JobError(
            f"The {name} model cannot be loaded: {type(error).__name__}: {error}"
        ) from error


def parse_answers(response: str, expected: int) -> list[Answer]:
    """Return the answers of a response body; raises ValueError if it breaks the contract."""
    answers = json.loads(response)
    if not isinstance(answers, list) or len(answers) != expected:
        raise ValueError(f"the response is not a list of {expected} answers")
    parsed = []
    for answer in answers:
        label, score = answer.get("label"), answer.get("score")
        if not isinstance(label, str) or not isinstance(score, int | float) or not 0 <= score <= 1:
            raise ValueError(f"{str(answer)[:100]} is not a label with a score in [0, 1]")
        parsed.append(Answer(label, float(score)))
    return parsed


def _extracted(folder: Path, name: str, scratch: Path | None) -> Path:
    if (folder / "code" / "inference.py").is_file():
        return folder
    archive = folder / ARCHIVE_NAME
    if not archive.is_file():
        raise JobError(f"The {name} model has neither code/inference.py nor {ARCHIVE_NAME}.")
    target = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=scratch))
    try:
        with tarfile.open(archive) as tar:
            # The filter refuses absolute names, "..", links to elsewhere and devices (PEP 706).
            tar.extractall(target, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise JobError(f"{ARCHIVE_NAME} of the {name} model cannot be read: {error}") from error
    if not (target / "code" / "inference.py").is_file():
        raise JobError(f"{ARCHIVE_NAME} of the {name} model has no code/inference.py.")
    return target


def _inference_file(folder: Path) -> Path:
    """Return the recipe's file; models from before there was a serving entry have only that."""
    recipe = folder / "code" / RECIPE_FILE
    return recipe if recipe.is_file() else folder / "code" / "inference.py"


def _read_counter(code: Path, name: str) -> InputCounter | None:
    """Return what counts requests, by code of the model; None if it has none or a broken one."""
    path = code / COUNTS_FILE
    try:
        if not path.is_file():
            return None
        return _import_inference(path, f"{name}_input_counts").read_counter(code)
    except Exception as error:
        log(f"The requests of the {name} model are not counted: {error!r}")
        return None


def _import_inference(path: Path, module_name: str) -> ModuleType:
    """Import a file under a unique name; forget the helpers beside it that it imports."""
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise JobError(f"{path} cannot be imported.")
    module = importlib.util.module_from_spec(spec)
    # dataclasses and pickle look up their module by name.
    sys.modules[module_name] = module
    code_folder = str(path.parent)
    sys.path.insert(0, code_folder)
    # A model is an artifact: reading it must leave no __pycache__ in it.
    writes_bytecode, sys.dont_write_bytecode = not sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = not writes_bytecode
        sys.path.remove(code_folder)
        for other, helper in list(sys.modules.items()):
            file = getattr(helper, "__file__", None) or ""
            if other != module_name and file.startswith(f"{code_folder}/"):
                del sys.modules[other]
    return module
