"""What is the caller's fault is answered with 400 by every recipe, behind every entry."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import TRAINING, Job

sys.path.insert(0, str(TRAINING))

from serving.served_model import load_model
from serving.toolkit_entry import RequestError, model_fn, reply

# Good but for what each body does with them.
CONTENT = {"distilbert": '"goal"', "tfidf": '"goal"', "tabular": '{"size": 1, "noise": 0}'}
HUGE = "9" * 400

BODIES: dict[str, str | bytes] = {
    "nothing": "",
    "not JSON": "{",
    "null": "null",
    "a list": "[1]",
    "no inputs": "{}",
    "no rows": '{"inputs": []}',
    "a number": '{"inputs": 7}',
    "null among the inputs": '{"inputs": [<content>, null]}',
    "a list among the inputs": '{"inputs": [<content>, []]}',
    "not UTF-8": b'{"inputs": "\xff\xfe\xff"}',
    "a surrogate as raw bytes": b'{"inputs": "\xed\xa0\xbd"}',
    "half an emoji": r'{"inputs": [<content>, "\ud83d"]}',
    "the other half": r'{"inputs": "\ude00"}',
    "half an emoji in a name": r'{"inputs": [<content>], "parameters": {"\ud83d": 1}}',
    "half an emoji in UTF-16": r'utf-16:utf:{"inputs": "\ud83d"}',
    "half an emoji in UTF-32": r'utf-32:utf:{"inputs": [<content>], "\ud83d": 1}',
    "too deep": '{"inputs": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "too many": '{"inputs": [' + ", ".join(["<content>"] * 10_001) + "]}",
    "too many digits": '{"inputs": ' + "9" * 5_000 + "}",
    "NaN": '{"inputs": NaN}',
}
TABULAR_BODIES = {
    "NaN as a feature": '{"inputs": {"size": NaN, "noise": 0}}',
    "infinity as a feature": '{"inputs": {"size": 1e999, "noise": 0}}',
    "a huge integer": f'{{"inputs": {{"size": {HUGE}, "noise": 0}}}}',
    "true as a feature": '{"inputs": {"size": true, "noise": 0}}',
    "an object as a feature": '{"inputs": {"size": {}, "noise": 0}}',
    "a text": '{"inputs": "goal"}',
}
TEXT_BODIES = {"features": '{"inputs": {"size": 1}}'}
CASES = [
    pytest.param(recipe, body, id=f"{recipe}: {name}")
    for recipe, own in (
        ("distilbert", TEXT_BODIES),
        ("tfidf", TEXT_BODIES),
        ("tabular", TABULAR_BODIES),
    )
    for name, body in (BODIES | own).items()
]


@pytest.fixture(scope="module")
def models(text_model: Job, tfidf_model: Job, tabular_model: Job) -> Iterator[dict[str, Path]]:
    path = list(sys.path)
    yield {
        "distilbert": text_model.model,
        "tfidf": tfidf_model.model,
        "tabular": tabular_model.model,
    }
    sys.path[:] = path


def with_content(recipe: str, body: str | bytes) -> str | bytes:
    if isinstance(body, bytes):
        return body
    encoding, _, text = body.rpartition(":utf:")
    text = text.replace("<content>", CONTENT[recipe])
    return text.encode(encoding) if encoding else text


@pytest.mark.parametrize(("recipe", "body"), CASES)
def test_bad_request_is_the_callers_fault_in_the_container(
    models: dict[str, Path], recipe: str, body: str | bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    status, text = reply(
        model_fn(str(models[recipe])), with_content(recipe, body), "application/json"
    )

    assert status == 400, text
    assert json.loads(text)["error"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("recipe", "body"), CASES)
def test_bad_request_is_the_callers_fault_on_this_machine(
    models: dict[str, Path], recipe: str, body: str | bytes
) -> None:
    with pytest.raises(RequestError):
        load_model(models[recipe], "served").invoke(with_content(recipe, body))


@pytest.mark.parametrize("recipe", CONTENT)
def test_good_request_is_answered(models: dict[str, Path], recipe: str) -> None:
    body = f'{{"inputs": [{CONTENT[recipe]}]}}'

    assert reply(model_fn(str(models[recipe])), body, "application/json").status == 200
