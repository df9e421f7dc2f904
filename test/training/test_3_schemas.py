"""The JSON Schemas, their samples, and what the scripts really write."""

from __future__ import annotations

import dataclasses
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from conftest import TRAINING, Job, prepare, read_json, text_rows, write_csv

NAMES = ("prepare-report", "metrics", "evaluation", "smoke", "reference", "recipe", "job-events")
RECIPES = sorted(path.parent for path in (TRAINING / "recipes").glob("*/recipe.json"))


def validate(name: str, content: object) -> None:
    schema = read_json(TRAINING / "schemas" / f"{name}.schema.json")
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(content)


@pytest.mark.parametrize("name", NAMES)
def test_sample_follows_its_schema(name: str) -> None:
    validate(name, read_json(TRAINING / "schemas" / "samples" / f"{name}.json"))


@pytest.mark.parametrize("name", NAMES)
def test_schema_refuses_an_unknown_field(name: str) -> None:
    sample = read_json(TRAINING / "schemas" / "samples" / f"{name}.json")

    surprising = (
        [{**event, "surprise": 1} for event in sample]
        if isinstance(sample, list)
        else {**sample, "surprise": 1}
    )

    with pytest.raises(ValidationError):
        validate(name, surprising)


@pytest.mark.parametrize("folder", RECIPES, ids=lambda path: path.name)
def test_recipe_is_complete_and_its_defaults_are_within_its_limits(folder: Path) -> None:
    recipe = read_json(folder / "recipe.json")

    validate("recipe", recipe)
    assert recipe["name"] == folder.name
    assert {"train.py", "inference.py", "requirements.txt"} <= {p.name for p in folder.iterdir()}
    for rule in recipe["hyperparameters"].values():
        assert rule.get("minimum", rule["default"]) <= rule["default"]
        assert rule.get("maximum", rule["default"]) >= rule["default"]
        assert rule["default"] in rule.get("enum", [rule["default"]])


def fields_of(schema: dict[str, Any], definitions: dict[str, Any], path: str = "") -> set[str]:
    """Return the dotted paths of all fields without fields of their own."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    inner = {
        f"{path}.{name}".lstrip("."): rule for name, rule in schema.get("properties", {}).items()
    }
    if isinstance(schema.get("additionalProperties"), dict):
        inner[f"{path}.<name>"] = schema["additionalProperties"]
    found = {field for name, rule in inner.items() for field in fields_of(rule, definitions, name)}
    for variant in schema.get("oneOf", ()):
        found |= fields_of(variant, definitions, path)
    if "items" in schema:
        found |= fields_of(schema["items"], definitions, f"{path}[]" if path else "")
    return found or {path}


@pytest.mark.parametrize(
    ("title", "name"),
    [("recipe.json", "recipe"), ("metrics.json", "metrics"), ("Events on stdout", "job-events")],
)
def test_readme_documents_every_field_of_a_schema(title: str, name: str) -> None:
    readme = (TRAINING / "README.md").read_text(encoding="utf-8")
    section = readme.split(f"### {title}\n")[1].split("\n#")[0]
    schema = read_json(TRAINING / "schemas" / f"{name}.schema.json")

    documented = re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)

    assert len(documented) == len(set(documented))
    assert set(documented) == fields_of(schema, schema.get("$defs", {}))


JSON_TYPES = {"int": "integer", "float": "number", "str": "string", "bool": "boolean"}


@pytest.mark.parametrize(
    "folder",
    [folder for folder in RECIPES if (folder / "settings.py").exists()],
    ids=lambda path: path.name,
)
def test_settings_take_every_hyperparameter_in_its_declared_type(folder: Path) -> None:
    declared = read_json(folder / "recipe.json")["hyperparameters"]
    settings = runpy.run_path(str(folder / "settings.py"))["Settings"]

    types = {field.name: JSON_TYPES[str(field.type)] for field in dataclasses.fields(settings)}

    assert types == {name: rule["type"] for name, rule in declared.items()}


def test_inference_code_imports_nothing_of_this_repository() -> None:
    ours = {path.name for path in TRAINING.iterdir() if (path / "__init__.py").exists()}

    for folder in RECIPES:
        for line in (folder / "inference.py").read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words and words[0] in ("from", "import"):
                assert words[1].split(".")[0] not in ours, line


def test_reports_of_good_and_bad_datasets_follow_the_schema(tmp_path: Path) -> None:
    good = write_csv(tmp_path / "good.csv", ("text", "label"), text_rows(80))
    bad = write_csv(tmp_path / "bad.csv", ("text", "lable"), text_rows(80))

    for source in (good, bad, tmp_path / "missing.csv"):
        _, report = prepare(source, tmp_path / source.stem)
        validate("prepare-report", report)


def test_a_tabular_job_writes_what_the_schemas_say(tabular_model: Job) -> None:
    validate("metrics", read_json(tabular_model.model / "metrics.json"))
    validate("job-events", tabular_model.events)


def test_a_text_job_writes_what_the_schemas_say(text_model: Job) -> None:
    validate("metrics", read_json(text_model.model / "metrics.json"))
    validate("job-events", text_model.events)


@pytest.mark.parametrize("compared", [False, True])
def test_an_evaluation_writes_what_the_schemas_say(
    prepared_tabular: Path, tabular_model: Job, tmp_path: Path, compared: bool
) -> None:
    channels = {"test": prepared_tabular, "candidate": tabular_model.model}
    if compared:
        channels["production"] = tabular_model.model
    job = Job(tmp_path, channels)

    status, events, stderr = job.run("evaluate_model.py")

    assert status == 0, stderr
    validate("job-events", events)
    for name in ("evaluation", "smoke"):
        validate(name, read_json(job.output_data / f"{name}.json"))
