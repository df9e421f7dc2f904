"""The text recipe through ONNX Runtime: the same answers as through torch, or torch itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from conftest import TRAINING, Job, inference_of
from serving.served_model import ServedModel, load_model
from serving.toolkit_entry import RequestError

EARLIER = TRAINING.parent / "test" / "fixtures" / "training" / "earlier"
FALL_BACK = "model.onnx is not used, torch answers instead: "
ODD_TEXTS = {
    "empty": "",
    "white space": " \t\n ",
    "one word": "goal",
    "very long": "striker stadium bread " * 20_000,
    "emoji": "goal 🥅⚽ 👩‍👩‍👧‍👦 soup",
    "Chinese": "球队在体育场赢得了比赛",
    "accents, apart and together": "entrai\u0302neur entraîneur",
    "right to left": "مرق وخبز",
    "a special token": "goal [SEP] soup [PAD] [CLS]",
    "control characters": "goal\x00\x07\ufeffsoup\ufffd",
    "beyond the basic plane": "𓀀 goal 𠮷",
}


@pytest.fixture(scope="module")
def through_torch(text_model: Job, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the model without its graph, as versions of earlier releases are."""
    folder = tmp_path_factory.mktemp("through-torch") / "model"
    shutil.copytree(text_model.model, folder, ignore=shutil.ignore_patterns("model.onnx"))
    return folder


def answers(model: ServedModel, inputs: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(model.invoke(json.dumps({"inputs": inputs})))
    return found


def assert_equal_answers(model: ServedModel, reference: ServedModel) -> None:
    """Compare them for every odd text alone, and for all in one request."""
    texts = list(ODD_TEXTS.values())
    for inputs in (*texts, texts, texts * 8):
        for found, expected in zip(answers(model, inputs), answers(reference, inputs), strict=True):
            assert found["label"] == expected["label"]
            assert found["score"] == pytest.approx(expected["score"], abs=1e-5)


def test_both_engines_answer_the_same(
    text_model: Job, through_torch: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = load_model(text_model.model, "onnx")
    reference = load_model(through_torch, "torch")

    assert_equal_answers(model, reference)
    assert capfd.readouterr().err == ""


def test_every_class_has_a_score_if_the_request_asks(text_model: Job) -> None:
    model = load_model(text_model.model, "served")

    (answer,) = json.loads(model.invoke('{"inputs": "goal", "scores": "all"}'))
    (brief,) = json.loads(model.invoke('{"inputs": "goal"}'))

    assert {name: answer[name] for name in brief} == brief
    assert answer["scores"][answer["label"]] == answer["score"]
    assert sum(answer["scores"].values()) == pytest.approx(1, abs=1e-5)


def test_onnx_runtime_answers_without_torch(text_model: Job) -> None:
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from serving.served_model import load_model;"
        "model = load_model(Path(sys.argv[2]), 'served');"
        'print(model.invoke(\'{"inputs": "goal"}\'));'
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(TRAINING), str(text_model.model)],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)[0]["label"] == "sport"


def test_tokens_are_those_of_autotokenizer(text_model: Job) -> None:
    from transformers.models.auto.tokenization_auto import AutoTokenizer

    auto = AutoTokenizer.from_pretrained(text_model.model)
    tokenizer = inference_of("distilbert").model_fn(str(text_model.model)).tokenizer

    for name, text in ODD_TEXTS.items():
        assert tokenizer.encode(text).ids == auto(text, truncation=True)["input_ids"], name
    together = [encoding.ids for encoding in tokenizer.encode_batch(list(ODD_TEXTS.values()))]
    assert together == auto(list(ODD_TEXTS.values()), truncation=True, padding=True)["input_ids"]


def test_version_of_an_earlier_release_still_answers(through_torch: Path) -> None:
    without_ngrams = through_torch.with_name("without-ngrams")
    shutil.copytree(through_torch, without_ngrams)
    file = without_ngrams / "model.safetensors"
    weights = load_file(file)
    del weights["ngrams.weight"]
    save_file(weights, file, metadata={"format": "pt"})
    folder = through_torch.with_name("earlier")
    shutil.copytree(without_ngrams, folder)
    (folder / "code" / "recipe_inference.py").unlink()
    shutil.copyfile(EARLIER / "distilbert_inference.py", folder / "code" / "inference.py")

    assert_equal_answers(load_model(folder, "earlier"), load_model(without_ngrams, "current"))


def test_torch_answers_where_onnx_runtime_is_missing(
    text_model: Job, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    model = load_model(text_model.model, "served")

    assert answers(model, "goal")[0]["label"] == "sport"
    assert capfd.readouterr().err.startswith(f"{FALL_BACK}import of onnxruntime halted")


@pytest.mark.parametrize("graph", [b"", b"not a graph"])
def test_torch_answers_where_the_graph_cannot_be_read(
    text_model: Job, tmp_path: Path, capfd: pytest.CaptureFixture[str], graph: bytes
) -> None:
    shutil.copytree(text_model.model, tmp_path / "model")
    (tmp_path / "model" / "model.onnx").write_bytes(graph)

    model = load_model(tmp_path / "model", "served")

    assert answers(model, "goal")[0]["label"] == "sport"
    assert capfd.readouterr().err.startswith(FALL_BACK)


def test_half_an_emoji_is_a_bad_request_of_the_recipe_itself(text_model: Job) -> None:
    """SageMaker's own toolkit calls inference.py without our server around it."""
    body = r'{"inputs": ["goal", "half \ud83d"]}'

    with pytest.raises(ValueError, match=r'"inputs"\[1\] has a lone surrogate'):
        inference_of("distilbert").input_fn(body)
    with pytest.raises(RequestError, match="lone surrogate"):
        load_model(text_model.model, "served").invoke(body)


def test_graph_is_written_only_if_it_answers_like_the_network(tmp_path: Path) -> None:
    """In a process of its own, because the modules of a recipe have the names of another's."""
    script = """
import json, sys
from pathlib import Path
training, folder = Path(sys.argv[1]), Path(sys.argv[2])
sys.path[:0] = [str(training), str(training / "recipes" / "distilbert")]
from transformers.models.distilbert.configuration_distilbert import DistilBertConfig
from transformers.models.distilbert.modeling_distilbert import DistilBertForSequenceClassification
from onnx_export import export_onnx

config = DistilBertConfig(vocab_size=50, max_position_embeddings=8, n_layers=1, n_heads=2, dim=8)
network = DistilBertForSequenceClassification(config)
network.save_pretrained(folder)
rows = [[2, 5, 3], [2, 3], [2, *[7] * 6, 3]]
def is_written():
    export_onnx(network, folder, rows, pad_token_id=0, max_length=8)
    return (folder / "model.onnx").exists()

written = [is_written()]
sys.modules["onnx"] = None
written.append(is_written())
del sys.modules["onnx"]
written.append(is_written())
calls = []
network.classifier.register_forward_hook(lambda *a: calls.append(a) or a[2] + 0.01 * len(calls))
written.append(is_written())
print(json.dumps(written))
"""

    done = subprocess.run(
        [sys.executable, "-c", script, str(TRAINING), str(tmp_path)], capture_output=True, text=True
    )

    said = [line for line in done.stderr.splitlines() if "model.onnx" in line]
    assert done.stdout == "[true, false, true, false]\n", done.stderr
    assert said[1].startswith(
        "No model.onnx, so torch will serve this model: import of onnx halted"
    )
    assert said[3].startswith("No model.onnx, so torch will serve this model: its logits differ by")
