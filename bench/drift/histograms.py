"""Which bins real mails fall into, of archives a model was trained on and of others.

Trains the recipe tfidf on some mails of the older archives, and prints as one JSON object the
histograms, and the bin of every other mail in each: `same` are of the older archives too, `other`
of the newer ones. `accuracy` is what the model gets right of both.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

TRAINING = Path(__file__).resolve().parents[2] / "training"
sys.path[:0] = [str(TRAINING), str(TRAINING / "samples")]

from serving.input_counts import Feature, figures_of
from serving.served_model import ServedModel, load_model, parse_answers
from spam_assassin import Mail, read_mails

OLD = ("easy-ham-1", "spam-1")
TRAIN_SHARE = 0.5
MAILS_PER_REQUEST = 200


def main(source: Path, folder: Path) -> None:
    """Train, answer and print."""
    mails = list(read_mails(source))
    random.Random(0).shuffle(mails)
    old = [mail for mail in mails if mail.archive in OLD]
    cut = int(len(old) * TRAIN_SHARE)
    model = train(old[:cut], folder)
    assert model.counter is not None
    features = model.counter.features
    familiar = frozenset(json.loads(bins_file(folder).read_text())["familiarWords"])
    result: dict[str, object] = {
        "features": [
            {
                "name": feature.name,
                "kind": "category" if feature.edges is None else "ordered",
                "bins": feature.bin_names(),
            }
            for feature in features
        ]
    }
    accuracy = {}
    others = [mail for mail in mails if mail.archive not in OLD]
    for name, group in (("same", old[cut:]), ("other", others)):
        bins, right = answer(model, features, familiar, group)
        result[name], accuracy[name] = bins, right / len(group)
    print(json.dumps({**result, "accuracy": accuracy}))


def train(mails: list[Mail], folder: Path) -> ServedModel:
    """Return the model that a training job on these mails leaves."""
    data = folder / "data"
    data.mkdir(parents=True)
    for side, rows in (("train", mails[: -len(mails) // 10]), ("validation", mails[-200:])):
        lines = (
            json.dumps({"id": f"{index:012x}", "text": mail.text, "label": mail.label})
            for index, mail in enumerate(rows)
        )
        (data / f"{side}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    channels = {f"SM_CHANNEL_{side}": str(data) for side in ("TRAIN", "VALIDATION")}
    outputs = {
        name: str(folder / name.lower())
        for name in ("SM_MODEL_DIR", "SM_OUTPUT_DIR", "SM_OUTPUT_DATA_DIR")
    }
    script = TRAINING / "recipes" / "tfidf" / "train.py"
    subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | channels | outputs,
        check=True,
        capture_output=True,
    )
    return load_model(folder / "sm_model_dir", "drift")


def bins_file(folder: Path) -> Path:
    """Return where the job leaves the bins."""
    return folder / "sm_model_dir" / "code" / "input_bins.json"


def answer(
    model: ServedModel, features: list[Feature], familiar: frozenset[int], mails: list[Mail]
) -> tuple[list[list[int]], int]:
    """Return the bins of each mail and its answer, and how many answers are right."""
    bins: list[list[int]] = []
    right = 0
    for start in range(0, len(mails), MAILS_PER_REQUEST):
        batch = mails[start : start + MAILS_PER_REQUEST]
        body = json.dumps({"inputs": [mail.text for mail in batch]})
        for mail, said in zip(batch, parse_answers(model.invoke(body), len(batch)), strict=True):
            figures = figures_of(mail.text, familiar) | {"label": said.label, "score": said.score}
            bins.append([feature.bin_of(figures.get(feature.name)) for feature in features])
            right += said.label == mail.label
    return bins, right


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
