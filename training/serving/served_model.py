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
from typing import Any

from job.errors import JobError

CONTENT_TYPE = "application/json"
ARCHIVE_NAME = "model.tar.gz"
HOOKS = ("model_fn", "input_fn", "predict_fn", "output_fn")


class RequestError(ValueError):
    """What is wrong with a request, in a sentence for the client; never the model's fault."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The best label of one input and its score in [0, 1]."""

    label: str
    score: float


class ServedModel:
    """Answers request bodies; two models of different recipes live side by side in one process."""

    def __init__(self, code: ModuleType, model: object) -> None:
        self._code = code
        self._model = model

    def invoke(self, body: bytes | str, content_type: str = CONTENT_TYPE) -> str:
        """Return the response body, which is JSON.

        Raises:
            RequestError: the request is bad: anything input_fn raises, a ValueError of predict_fn
                (which alone knows the model's features), text that is not valid Unicode.
            Exception: whatever else inference.py raises, and an answer that is not valid JSON.
        """
        _refuse_lone_surrogates(body)
        try:
            data = self._code.input_fn(body, content_type)
        except ValueError as error:
            raise RequestError(str(error)) from error
        except Exception as error:
            raise RequestError(
                f"The request cannot be read: {type(error).__name__}: {error}."
            ) from error
        try:
            prediction = self._code.predict_fn(data, self._model)
        except ValueError as error:
            raise RequestError(str(error)) from error
        response: Any = self._code.output_fn(prediction, CONTENT_TYPE)
        # SageMaker's toolkits also let output_fn return (body, content type).
        body_out = response[0] if isinstance(response, tuple) else response
        text = body_out.decode("utf-8") if isinstance(body_out, bytes) else body_out
        _refuse_constants(text)
        return text


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
        code = _import_inference(extracted / "code" / "inference.py", f"{name}_inference")
        missing = [hook for hook in HOOKS if not hasattr(code, hook)]
        if missing:
            raise JobError(f"inference.py of the {name} model lacks {', '.join(missing)}.")
        return ServedModel(code, code.model_fn(str(extracted)))
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


def _refuse_lone_surrogates(body: bytes | str) -> None:
    """Refuse half of an emoji, which JSON can spell and no tokenizer can encode.

    Raises:
        RequestError: a string of the body has one.
    """
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    # Only an escape can bring one in: as raw bytes it is not UTF-8.
    if b"\\u" not in raw:
        return
    try:
        json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise RequestError(
            f"The text has the lone surrogate \\u{ord(half):04x}, half of a character such as an "
            "emoji; send the whole character."
        ) from error
    except (ValueError, RecursionError):
        # Not JSON at all, which input_fn answers.
        return


def _refuse_constants(text: str) -> None:
    """Refuse an answer with NaN or Infinity, which Python writes and other parsers reject.

    Raises:
        ArithmeticError: it has one.
    """
    if "NaN" in text or "Infinity" in text:
        json.loads(text, parse_constant=_raise_not_finite)


def _raise_not_finite(constant: str) -> None:
    raise ArithmeticError(f"The model answered {constant}, which is not a number.")


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
