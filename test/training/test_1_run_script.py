"""The launcher of jobs on AWS: what it installs, and that it gets out of the way."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from conftest import TRAINING
from run_script import lacking

RECIPES = sorted(path.parent for path in TRAINING.glob("recipes/*/recipe.json"))


def requirements_of(folder: Path, pattern: str = "requirements.txt") -> dict[str, Requirement]:
    texts = [path.read_text(encoding="utf-8") for path in folder.glob(pattern)]
    lines = [line for text in texts for line in text.splitlines() if not line.startswith("#")]
    return {requirement.name: requirement for requirement in map(Requirement, lines)}


class Recipe:
    """A folder with a script and a requirements.txt."""

    def __init__(self, root: Path, script: str, requirements: str) -> None:
        self.script = root / "words" / "train.py"
        self.failure = root / "output" / "failure"
        self.script.parent.mkdir()
        self.script.write_text(script)
        (root / "words" / "requirements.txt").write_text(requirements)

    def launch(self, python: Path, *arguments: str) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if name[:4] != "PIP_"}
        return subprocess.Popen(
            [python, str(TRAINING / "run_script.py"), str(self.script), *arguments],
            env={**environment, "SM_OUTPUT_DIR": str(self.failure.parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment with nothing but pip, as poor as an image may be."""
    folder = tmp_path_factory.mktemp("image")
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def wheel(folder: Path, name: str, version: str) -> None:
    """Write a package that says its version."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", f"VERSION = {version!r}\n")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def test_script_takes_the_place_of_the_launcher_and_gets_its_sigterm(
    python: Path, tmp_path: Path
) -> None:
    script = """
import json, os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
print(json.dumps([os.getpid(), sys.argv[1:]]), flush=True)
signal.pause()
"""
    launched = Recipe(tmp_path, script, "pip>=1\n").launch(python, "--flag")

    assert launched.stdout is not None
    said = json.loads(launched.stdout.readline())
    launched.send_signal(signal.SIGTERM)

    _, stderr = launched.communicate(timeout=20)
    assert said == [launched.pid, ["--flag"]]
    assert launched.returncode == 143
    assert stderr == ""


def test_missing_package_is_installed_logged_in_one_line_and_found_by_the_script(
    python: Path, tmp_path: Path
) -> None:
    wheel(tmp_path / "wheels", "tinywords", "1.2")
    requirements = f"--no-index\n--find-links {tmp_path / 'wheels'}\npip>=1\ntinywords>=1  # x\n"
    recipe = Recipe(tmp_path, "import tinywords; print(tinywords.VERSION)", requirements)

    stdout, stderr = recipe.launch(python).communicate(timeout=60)
    again = recipe.launch(python).communicate(timeout=60)

    assert stdout == "1.2\n"
    assert stderr == "Installing tinywords>=1 for words/requirements.txt\n"
    assert again == ("1.2\n", "")


def test_package_that_cannot_be_installed_ends_the_job_with_its_name(
    python: Path, tmp_path: Path
) -> None:
    recipe = Recipe(tmp_path, "print('never')", "--no-index\nno-such-package-of-ours==7\n")

    launched = recipe.launch(python)
    stdout, _ = launched.communicate(timeout=60)

    assert (launched.returncode, stdout) == (1, "")
    failure = recipe.failure.read_text(encoding="utf-8")
    assert failure.startswith(
        "Could not install no-such-package-of-ours==7, which words/requirements.txt requires: ERROR"
    )


def test_script_without_requirements_starts_as_it_is(python: Path, tmp_path: Path) -> None:
    recipe = Recipe(tmp_path, "print('here')", "")
    (recipe.script.parent / "requirements.txt").unlink()

    stdout, stderr = recipe.launch(python).communicate(timeout=20)

    assert (stdout, stderr) == ("here\n", "")


@pytest.mark.parametrize(
    ("line", "is_lacking"),
    [
        ("pytest", False),
        ("Pytest >= 1 # a comment", False),
        ("# pytest==0.1", False),
        ("--extra-index-url https://example.com", False),
        ("no-such-package-of-ours; python_version < '3'", False),
        ("pytest<1", True),
        ("no-such-package-of-ours", True),
        # Only pip can tell.
        ("jsonschema[format]", True),
        ("-r other.txt", True),
        ("./wheels/tinywords.whl", True),
    ],
)
def test_only_what_is_not_fulfilled_is_lacking(line: str, is_lacking: bool) -> None:
    assert bool(lacking(f"\n{line}\n")) is is_lacking


@pytest.mark.parametrize("folder", RECIPES, ids=lambda folder: folder.name)
def test_recipe_asks_for_ranges_that_the_set_up_pins(folder: Path) -> None:
    pins = {
        pin.name: next(iter(pin.specifier)).version
        for pin in map(
            Requirement,
            re.findall(r"^\w.+$", (TRAINING / "constraints.txt").read_text(), re.MULTILINE),
        )
    }

    for name, requirement in requirements_of(folder, "requirements*.txt").items():
        assert not any(part.operator == "==" for part in requirement.specifier), requirement
        assert requirement.specifier.contains(pins[name])


@pytest.mark.parametrize("folder", RECIPES, ids=lambda folder: folder.name)
def test_training_image_brings_the_large_packages(folder: Path) -> None:
    """A job must not replace gigabytes of torch before it trains."""
    images = (TRAINING.parent / "infra" / "config" / "images.ts").read_text(encoding="utf-8")
    image = re.search(rf"\b{folder.name}'?: {{\s+training:\s+['`]([^'`]+)['`]", images)
    assert image is not None, f"infra/config/images.ts has no images for {folder.name}"
    brought = {
        "torch": re.search(r"(?<=pytorch-training:)[\d.]+", image[1]),
        "transformers": re.search(r"(?<=transformers)[\d.]+", image[1]),
    }

    requirements = requirements_of(folder)
    for name, version in brought.items():
        if version is not None and name in requirements:
            assert requirements[name].specifier.contains(Version(version[0]))
