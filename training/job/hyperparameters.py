"""Validate hyperparameters.json against the recipe.json that declares what is allowed."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NotRequired, TypedDict, TypeVar, cast

from job.errors import JobError
from job.paths import JobPaths

Value = float | int | str | bool
SettingsT = TypeVar("SettingsT")
# The hyperparameter, and the input channel, of a pretrained model to start from.
BASE_MODEL = "base_model"


class Declaration(TypedDict):
    """One hyperparameter in recipe.json, as far as validation needs it."""

    type: Literal["number", "integer", "string", "boolean"]
    default: Value
    defaultWithBaseModel: NotRequired[Value]
    minimum: NotRequired[float]
    maximum: NotRequired[float]
    enum: NotRequired[list[str] | list[float]]


def read_settings(
    make: Callable[..., SettingsT], paths: JobPaths, recipe_folder: Path
) -> SettingsT:
    """Return the hyperparameters as the recipe's own type.

    Args:
        make: the type, which takes every hyperparameter of recipe.json as a keyword.
        paths: where hyperparameters.json is.
        recipe_folder: where recipe.json is.

    Raises:
        JobError: an unknown key or an unusable value; the message names key, value and limits.
    """
    return make(**read_hyperparameters(paths, recipe_folder))


def read_hyperparameters(paths: JobPaths, recipe_folder: Path) -> dict[str, Value]:
    """Return a value of the declared type for every declared hyperparameter.

    SageMaker passes every value as a string; a missing file means all defaults.

    Raises:
        JobError: an unknown key or an unusable value; the message names key, value and limits.
    """
    recipe = json.loads((recipe_folder / "recipe.json").read_text(encoding="utf-8"))
    declared = cast("dict[str, Declaration]", recipe["hyperparameters"])
    file = paths.input_config / "hyperparameters.json"
    given: dict[str, str] = {}
    if file.exists():
        given = json.loads(file.read_text(encoding="utf-8"))
    return validate_hyperparameters(
        declared,
        given,
        has_base_model=paths.optional_channel(BASE_MODEL) is not None
        or given.get(BASE_MODEL, "") != "",
    )


def validate_hyperparameters(
    declared: Mapping[str, Declaration], given: Mapping[str, str], *, has_base_model: bool = False
) -> dict[str, Value]:
    """Return the defaults overlaid with the given values; one error names all the wrong ones."""
    complaints = [_unknown(key, declared) for key in given if key not in declared]
    values: dict[str, Value] = {}
    for key, rule in declared.items():
        try:
            values[key] = (
                _parse(given[key], rule) if key in given else _default(rule, has_base_model)
            )
        except ValueError as error:
            complaints.append(f'Hyperparameter "{key}" is "{given[key]}", but {error}.')
    if complaints:
        raise JobError(" ".join(complaints))
    return values


def _default(rule: Declaration, has_base_model: bool) -> Value:
    return rule.get("defaultWithBaseModel", rule["default"]) if has_base_model else rule["default"]


def _unknown(key: str, declared: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(key, declared, n=1, cutoff=0.5)
    guess = f' Did you mean "{close[0]}"?' if close else f" Known: {', '.join(sorted(declared))}."
    return f'Unknown hyperparameter "{key}".{guess}'


def _parse(text: str, rule: Declaration) -> Value:
    value = _parse_type(str(text), rule["type"])
    if "enum" in rule and value not in rule["enum"]:
        raise ValueError(f"must be one of {', '.join(map(str, rule['enum']))}")
    low, high = rule.get("minimum", -math.inf), rule.get("maximum", math.inf)
    if rule["type"] in ("number", "integer") and not low <= float(value) <= high:
        raise ValueError(f"must be {_range(low, high)}")
    return value


def _range(low: float, high: float) -> str:
    if high == math.inf:
        return f"at least {low}"
    return f"at most {high}" if low == -math.inf else f"between {low} and {high}"


def _parse_type(text: str, type_name: str) -> Value:
    if type_name == "string":
        return text
    if type_name == "boolean":
        if text.lower() not in ("true", "false"):
            raise ValueError("must be true or false")
        return text.lower() == "true"
    try:
        number = int(text) if type_name == "integer" else float(text)
    except ValueError:
        kind = "a whole number" if type_name == "integer" else "a number"
        raise ValueError(f"must be {kind}") from None
    if not math.isfinite(number):
        raise ValueError("must be a finite number")
    return number
