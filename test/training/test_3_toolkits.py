"""The serving entry in stand-ins of SageMaker's three toolkits, after their sources of August 2026.

Each stand-in treats the functions of code/inference.py and their exceptions as its toolkit does;
none starts a server or decodes a body.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from conftest import TRAINING, Job

# What the stand-in of an endpoint in test/aws answers, which is held to the same table.
ANSWERS = json.loads((Path(__file__).parent.parent / "fixtures/serving-answers.json").read_text())

RECIPE = """
import json

def model_fn(model_dir):
    {load}
    return "spam"

def input_fn(body, content_type):
    inputs = json.loads(body)["inputs"]
    if inputs == 7:
        raise ValueError("\u201cinputs\u201d is no text")
    if inputs == "crash":
        raise KeyError("lost")
    return inputs

def predict_fn(data, model):
    if data == "unknown feature":
        raise ValueError("lacks features: age")
    if data == "defect":
        raise TypeError("a defect of the recipe")
    return [{{"label": model, "score": 0.9}}]

def output_fn(prediction, accept):
    return json.dumps(prediction)
"""


class Answered(NamedTuple):
    status: int
    body: str


class Context:
    """What MMS and TorchServe give a handler; one object for all requests of a worker."""

    def __init__(self) -> None:
        self.status = 200

    def set_response_status(self, code: int = 200, phrase: str = "", idx: int = 0) -> None:
        assert idx == 0
        assert "\n" not in phrase
        self.status = code


class Response:
    """flask.Response, as far as it matters."""

    def __init__(self, response: str, status: int = 200, mimetype: str = "text/html") -> None:
        assert mimetype == "application/json"
        self.answered = Answered(status, response)


Toolkit = Callable[[ModuleType, Path], Callable[[str, str], Answered]]


def _refuse_mixed(module: ModuleType) -> None:
    """Every toolkit refuses transform_fn beside the other three."""
    mixed = [name for name in ("input_fn", "predict_fn", "output_fn") if hasattr(module, name)]
    if hasattr(module, "transform_fn") and mixed:
        raise ValueError("Cannot use transform_fn implementation in conjunction with others")


def _handler(module: ModuleType, model_dir: Path, status: int) -> Callable[[str, str], Answered]:
    """Load at the first request, pass a context to a transform_fn that takes one."""
    _refuse_mixed(module)
    context = Context()
    extra = [context] if len(signature(module.transform_fn).parameters) == 5 else []
    loaded: list[object] = []

    def invoke(body: str, content_type: str) -> Answered:
        context.status = 200
        try:
            if not loaded:
                loaded.append(module.model_fn(str(model_dir)))
            text = module.transform_fn(loaded[0], body, content_type, "application/json", *extra)
        except Exception as error:
            return Answered(status, str(error))
        return Answered(context.status, text[0] if isinstance(text, tuple) else text)

    return invoke


def huggingface(module: ModuleType, model_dir: Path) -> Callable[[str, str], Answered]:
    """sagemaker-huggingface-inference-toolkit, handler_service.py: each exception is a 400."""
    return _handler(module, model_dir, 400)


def sagemaker_inference(module: ModuleType, model_dir: Path) -> Callable[[str, str], Answered]:
    """sagemaker-inference, transformer.py: each exception that is not its own is a 500."""
    return _handler(module, model_dir, 500)


def scikit_learn(module: ModuleType, model_dir: Path) -> Callable[[str, str], Answered]:
    """sagemaker-containers, _transformer.py: Flask answers each exception with 500.

    It moves the code out of the model before it loads the model.
    """
    _refuse_mixed(module)
    code = model_dir.parent / "moved"
    shutil.move(model_dir / "code", code)
    vars(module)["_CODE_FOLDER"] = code
    model = module.model_fn(str(model_dir))

    def invoke(body: str, content_type: str) -> Answered:
        try:
            result = module.transform_fn(model, body, content_type, "application/json")
        except Exception as error:
            return Answered(500, str(error))
        assert isinstance(result, Response)
        return result.answered

    return invoke


toolkits = pytest.mark.parametrize("toolkit", [huggingface, sagemaker_inference, scikit_learn])


@pytest.fixture
def open_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Callable[[str, str], Answered]]]:
    """A model as publish_inference_code leaves it, in a toolkit; None takes what lies there."""
    flask = ModuleType("flask")
    vars(flask)["Response"] = Response
    monkeypatch.setitem(sys.modules, "flask", flask)
    monkeypatch.setattr(sys, "path", [*sys.path])
    # Recipes have modules of these names, which other tests import.
    monkeypatch.delitem(sys.modules, "inference", raising=False)
    monkeypatch.delitem(sys.modules, "recipe_inference", raising=False)

    def open_in(toolkit: Toolkit, load: str | None = "pass") -> Callable[[str, str], Answered]:
        code = tmp_path / "model" / "code"
        if load is not None:
            code.mkdir(parents=True)
            shutil.copyfile(TRAINING / "serving" / "toolkit_entry.py", code / "inference.py")
            (code / "recipe_inference.py").write_text(RECIPE.format(load=load))
        sys.path.insert(0, str(code))
        return toolkit(importlib.import_module("inference"), tmp_path / "model")

    yield open_in
    # Before monkeypatch puts back what was imported before.
    sys.modules.pop("inference", None)
    sys.modules.pop("recipe_inference", None)


@toolkits
@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["request"])
def test_answer_is_that_of_the_stand_in_of_the_aws_tests_in_every_toolkit(
    toolkit: Toolkit,
    case: dict[str, Any],
    open_model: Callable[[Toolkit], Callable[[str, str], Answered]],
) -> None:
    answered = open_model(toolkit)(case["body"], case["contentType"])

    assert answered == (case["status"], case["answer"])


@toolkits
@pytest.mark.parametrize(
    ("body", "content_type", "status", "answer"),
    [
        ("{", "application/json", 400, "error"),
        (r'{"inputs": "\ud83d"}', "application/json", 400, "lone surrogate"),
    ],
)
def test_status_says_whose_fault_it_was_in_every_toolkit(
    toolkit: Toolkit,
    body: str,
    content_type: str,
    status: int,
    answer: str,
    open_model: Callable[[Toolkit], Callable[[str, str], Answered]],
) -> None:
    answered = open_model(toolkit)(body, content_type)

    assert answered.status == status
    assert answer in answered.body
    assert "Traceback" not in answered.body


@toolkits
@pytest.mark.parametrize("recipe", ["tabular", "tfidf"])
def test_recipes_of_this_repository_answer_in_every_toolkit(
    toolkit: Toolkit,
    recipe: str,
    tabular_model: Job,
    tfidf_model: Job,
    tmp_path: Path,
    open_model: Callable[..., Callable[[str, str], Answered]],
) -> None:
    trained, inputs = {
        "tabular": (tabular_model, {"size": 4, "noise": 0}),
        "tfidf": (tfidf_model, "the team and its goal"),
    }[recipe]
    shutil.copytree(trained.model, tmp_path / "model")
    invoke = open_model(toolkit, None)

    answered = invoke(json.dumps({"inputs": inputs}), "application/json")
    refused = [
        invoke(body, "application/json")
        for body in ('{"inputs": [7]}', "{}", r'{"inputs": "\ud8"}')
    ]

    assert answered.status == 200
    assert json.loads(answered.body)[0]["label"] in {"high", "sport"}
    assert [each.status for each in refused] == [400] * 3


@toolkits
def test_model_that_cannot_be_loaded_is_our_fault_in_every_toolkit(
    toolkit: Toolkit, open_model: Callable[[Toolkit, str], Callable[[str, str], Answered]]
) -> None:
    invoke = open_model(toolkit, "raise OSError('model.safetensors is missing')")

    answered = [invoke('{"inputs": "hi"}', "application/json") for _ in range(2)]

    assert [status for status, _ in answered] == [500, 500]
    assert "safetensors" not in answered[0].body


@toolkits
def test_status_of_one_request_does_not_stay_for_the_next(
    toolkit: Toolkit, open_model: Callable[[Toolkit], Callable[[str, str], Answered]]
) -> None:
    invoke = open_model(toolkit)

    answered = [invoke(f'{{"inputs": "{text}"}}', "application/json") for text in ("defect", "hi")]

    assert [status for status, _ in answered] == [500, 200]


@toolkits
@pytest.mark.parametrize(
    ("body", "load", "failures"),
    [
        ('{"inputs": "defect"}', "pass", 2),
        ('{"inputs": "hi"}', "raise OSError('model.safetensors is missing')", 2),
        ('{"inputs": "hi"}', "pass", 0),
        ('{"inputs": 7}', "pass", 0),
        ('{"inputs": "unknown feature"}', "pass", 0),
    ],
)
def test_container_counts_its_own_failures_and_none_of_callers_in_every_toolkit(
    toolkit: Toolkit,
    body: str,
    load: str,
    failures: int,
    open_model: Callable[[Toolkit, str], Callable[[str, str], Answered]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MLOPS_CONFIG", "spam-v7-aaaaaaaa")
    invoke = open_model(toolkit, load)

    for _ in range(2):
        invoke(body, "application/json")

    lines = [line for line in capsys.readouterr().out.splitlines() if "mlops.failed" in line]
    assert lines == ['{"event": "mlops.failed", "config": "spam-v7-aaaaaaaa"}'] * failures
