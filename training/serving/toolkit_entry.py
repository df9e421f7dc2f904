"""One serving entry for every container of SageMaker, with the status codes of training/serve.py.

Copied into model.tar.gz as code/inference.py, beside the recipe's own as code/recipe_inference.py;
imports nothing of this repository. The toolkits of the containers disagree about errors: that of
HuggingFace answers each exception with 400, sagemaker-inference and that of scikit-learn with 500.
An alarm on either would miss broken models or blame them for bad requests, so no exception leaves
this module: 400 is the caller's fault, 415 another content type, 500 ours, its stack in the log.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import traceback
from http import HTTPStatus
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, Protocol

CONTENT_TYPE = "application/json"
RECIPE_FILE = "recipe_inference.py"
COUNTS_FILE = "input_counts.py"
# Of a line in the log of the container that says what was asked, see serving/input_counts.py.
COUNTS_EVENT = "mlops.inputs"
SECONDS_BETWEEN_COUNTS = 60
# Of a line for each request that failed by our fault: the container's own count of failures, which
# no toolkit's status code can hide (pipeline/aws/endpoint/failure-metric.ts).
FAILED_EVENT = "mlops.failed"
# Where the toolkit of scikit-learn moves the code of the model to.
_CODE_FOLDER = Path("/opt/ml/code")


# An escape, the first byte of a surrogate in UTF-8 (which json lets pass), and what UTF-16 and
# UTF-32 have many of: without them there is no surrogate.
_SURROGATE_MARKS = (b"\\u", b"\xed", b"\0")


class RequestError(ValueError):
    """What is wrong with a request, in a sentence for the client; never the model's fault."""


class _Loaded(NamedTuple):
    code: ModuleType
    model: object
    # An InputCounter; None for a model without one.
    counter: Any = None


class Context(Protocol):
    """The part of the context of both model servers that an answer needs."""

    def set_response_status(self, code: int, phrase: str) -> None:
        """Replace the status 200 of the answer to the current request."""


class Reply(NamedTuple):
    """A status and a JSON body."""

    status: HTTPStatus
    body: str


def model_fn(model_dir: str) -> _Loaded | None:
    """Load the recipe's model; None, after printing the stack, if it cannot be loaded.

    The toolkit of HuggingFace would answer a failed load with 400, the caller's fault.
    """
    try:
        path = _recipe_file(Path(model_dir))
        code = _import(path, "recipe_inference")
        return _Loaded(code, code.model_fn(model_dir), _read_counter(path.parent))
    except Exception:
        traceback.print_exc()
        return None


# The toolkits count the parameters: two pass the context as the fifth, that of scikit-learn none.
def transform_fn(
    model: _Loaded | None,
    body: bytes | str,
    content_type: str,
    accept: str,
    context: Context | None = None,
) -> object:
    """Answer a request as the toolkit in charge expects it."""
    status, text = reply(model, body, content_type or CONTENT_TYPE)
    if context is None:
        import flask  # pyright: ignore[reportMissingImports]

        return flask.Response(text, status=int(status), mimetype=CONTENT_TYPE)
    if status is not HTTPStatus.OK:
        context.set_response_status(code=int(status), phrase=status.phrase)
    return text


def reply(model: _Loaded | None, body: bytes | str, content_type: str) -> Reply:
    """Return the answer to a request, whatever happens; the stack of our own errors is printed."""
    if content_type.split(";")[0].strip().lower() != CONTENT_TYPE:
        return _refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {CONTENT_TYPE}, not {content_type[:100]}."
        )
    if model is None:
        return _failure("The model could not be loaded.")
    try:
        text = invoke(model.code, model.model, body, content_type)
    except RequestError as error:
        return _refusal(HTTPStatus.BAD_REQUEST, str(error))
    except Exception:
        traceback.print_exc()
        return _failure("The model failed.")
    if model.counter is not None:
        _count(model.counter, body, text)
    return Reply(HTTPStatus.OK, text)


def invoke(code: ModuleType, model: object, body: bytes | str, content_type: str) -> str:
    """Return the response body, which is JSON, from the functions of an inference.py.

    Raises:
        RequestError: the request is bad: anything input_fn raises, a ValueError of predict_fn
            (which alone knows the model's features), text that is not valid Unicode.
        Exception: whatever else inference.py raises, and an answer that is not valid JSON.
    """
    _refuse_lone_surrogates(body)
    try:
        data = code.input_fn(body, content_type)
    except ValueError as error:
        raise RequestError(str(error)) from error
    except Exception as error:
        raise RequestError(
            f"The request cannot be read: {type(error).__name__}: {error}."
        ) from error
    try:
        prediction = code.predict_fn(data, model)
    except ValueError as error:
        raise RequestError(str(error)) from error
    response: Any = code.output_fn(prediction, CONTENT_TYPE)
    # SageMaker's toolkits also let output_fn return (body, content type).
    body_out = response[0] if isinstance(response, tuple) else response
    text = body_out.decode("utf-8") if isinstance(body_out, bytes) else body_out
    _refuse_constants(text)
    return text


def _failure(message: str) -> Reply:
    """Return the answer to a request that we could not answer, and count it in the log."""
    line = {"event": FAILED_EVENT, "config": os.environ.get("MLOPS_CONFIG")}
    print(json.dumps(line), flush=True)
    return _refusal(HTTPStatus.INTERNAL_SERVER_ERROR, message)


def _refusal(status: HTTPStatus, message: str) -> Reply:
    return Reply(status, json.dumps({"error": message}))


def _recipe_file(model_dir: Path) -> Path:
    """Return the recipe's inference.py from wherever the toolkit has put it."""
    folders = (model_dir / "code", Path(__file__).resolve().parent, _CODE_FOLDER)
    return next(folder / RECIPE_FILE for folder in folders if (folder / RECIPE_FILE).is_file())


def _import(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    # dataclasses and pickle look up their module by name.
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module


def _read_counter(code: Path) -> Any:  # noqa: ANN401 - a class of a module that only the model has
    """Return what counts requests; None without it, and, its stack printed, if it is broken."""
    try:
        path = code / COUNTS_FILE
        return _import(path, "input_counts").read_counter(code) if path.is_file() else None
    except Exception:
        traceback.print_exc()
        return None


def _count(counter: Any, body: bytes | str, text: str) -> None:  # noqa: ANN401 - see _read_counter
    """Count an answered request, and once a minute write the counts to the log."""
    try:
        counter.count(body, text)
        counts = counter.take(SECONDS_BETWEEN_COUNTS)
        if counts is not None:
            line = {"event": COUNTS_EVENT, "config": os.environ.get("MLOPS_CONFIG"), **counts}
            print(json.dumps(line), flush=True)
    except Exception:
        traceback.print_exc()


def _refuse_lone_surrogates(body: bytes | str) -> None:
    """Refuse half of an emoji, which JSON can spell and no tokenizer can encode.

    Raises:
        RequestError: a string of the body has one.
    """
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    if not any(mark in raw for mark in _SURROGATE_MARKS):
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
