"""Lambda function around prepare_data.py: reads the dataset from S3, writes the split back.

Event:  {"bucket", "inputKey", "fileName", "outputPrefix", "task", "labelColumn", "textColumn",
         "groupColumn", "timeColumn", "sliceColumns": [], "onConflict",
         "earlier": [{"version", "prefix"}], "appendTo": [{"inputKey", "fileName"}]}
Answer: the report of prepare_data.py (schemas/prepare-report.schema.json), also for a refused
dataset. The split is written only when the report says "ok"; the same event writes the same bytes.
Any other failure is raised, and Lambda answers with FunctionError.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import NotRequired, Protocol, TypedDict

sys.path.insert(0, str(Path(__file__).resolve().parent))

# Lambda's Python brings both; nothing on this machine needs them.
import boto3  # pyright: ignore[reportMissingImports]
from botocore.config import Config  # pyright: ignore[reportMissingImports]
from botocore.exceptions import ClientError  # pyright: ignore[reportMissingImports]

import prepare_data

# The one limit of datasets, as in pipeline/core/dataset-file.ts. /tmp of the function has 1 GB:
# input, three sides with their temporary copies, and what two earlier versions were trained on.
MAX_BYTES = 100 * 1024 * 1024
_CONFIG = Config(connect_timeout=3, read_timeout=60, retries={"mode": "standard"})


class EarlierEvent(TypedDict):
    """A version, and under which prefix the rows are that it was trained on."""

    version: int
    prefix: str


class SourceEvent(TypedDict):
    """An earlier file of the dataset."""

    inputKey: str
    fileName: str


class PrepareEvent(TypedDict):
    """What the pipeline sends (pipeline/aws/lambda-dataset-preparer.ts)."""

    bucket: str
    inputKey: str
    fileName: str
    outputPrefix: str
    task: str
    labelColumn: str
    textColumn: NotRequired[str | None]
    groupColumn: NotRequired[str | None]
    timeColumn: NotRequired[str | None]
    sliceColumns: NotRequired[list[str]]
    onConflict: NotRequired[str]
    earlier: NotRequired[list[EarlierEvent]]
    appendTo: NotRequired[list[SourceEvent]]


class S3(Protocol):
    """What of boto3's S3 client is used here."""

    def download_file(self, Bucket: str, Key: str, Filename: str) -> None:  # noqa: N803 - boto3's
        """Write an object to a file."""

    def upload_file(self, Filename: str, Bucket: str, Key: str) -> None:  # noqa: N803 - boto3's
        """Write a file to an object."""


def handler(event: PrepareEvent, _context: object) -> dict[str, object]:
    """Prepare one dataset; see the module for the shapes."""
    s3: S3 = boto3.client("s3", config=_CONFIG)
    bucket = event["bucket"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "input").mkdir()
        # The report names the file, so it keeps the name that its owner gave it.
        source = folder / "input" / plain_name(event["fileName"])
        s3.download_file(bucket, event["inputKey"], str(source))
        output = folder / "output"
        earlier = fetch_earlier(s3, event, folder)
        sources = fetch_sources(s3, event, folder)
        status = prepare_data.main([*arguments_of(event, source, output), *sources, *earlier])
        report = json.loads((output / prepare_data.REPORT_NAME).read_text(encoding="utf-8"))
        if status not in (prepare_data.EXIT_OK, prepare_data.EXIT_INVALID):
            raise RuntimeError(f"prepare_data.py ended with {status}: {report['errors']}")
        if status == prepare_data.EXIT_OK:
            for name in prepare_data.OUTPUT_NAMES:
                s3.upload_file(str(output / name), bucket, f"{event['outputPrefix']}{name}")
        return report


def fetch_earlier(s3: S3, event: PrepareEvent, folder: Path) -> list[str]:
    """Download what earlier versions were trained on; return the options that name it.

    Files that no longer exist are left out, and prepare_data.py says that they are not known.
    """
    options: list[str] = []
    for earlier in event.get("earlier", []):
        version = earlier["version"]
        rows = folder / f"earlier-{version}"
        rows.mkdir()
        for side in ("train", "validation"):
            name = f"{side}.jsonl"
            download_if_there(s3, event["bucket"], f"{earlier['prefix']}{name}", rows / name)
        options.append(f"--earlier={version}={rows}")
    return options


def fetch_sources(s3: S3, event: PrepareEvent, folder: Path) -> list[str]:
    """Download the earlier files of the dataset; return the options that name them.

    prepare_data.py says which one no longer exists.
    """
    options: list[str] = []
    for number, source in enumerate(event.get("appendTo", [])):
        # Several may have one name.
        path = folder / f"source-{number}" / plain_name(source["fileName"])
        path.parent.mkdir()
        download_if_there(s3, event["bucket"], source["inputKey"], path)
        options.append(f"--append-to={path}")
    return options


def download_if_there(s3: S3, bucket: str, key: str, path: Path) -> None:
    """Write the object to the file, if it exists."""
    try:
        s3.download_file(bucket, key, str(path))
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
            raise


def arguments_of(event: PrepareEvent, source: Path, output: Path) -> list[str]:
    """Return the command line; values follow "=", so that a column named "--task" stays one."""
    arguments = [
        f"--input={source}",
        f"--output-dir={output}",
        f"--task={event['task']}",
        f"--label-column={event['labelColumn']}",
        f"--max-bytes={MAX_BYTES}",
    ]
    options = {
        "text-column": event.get("textColumn"),
        "group-column": event.get("groupColumn"),
        "time-column": event.get("timeColumn"),
        "on-conflict": event.get("onConflict"),
    }
    return [
        *arguments,
        *(f"--{name}={value}" for name, value in options.items() if value is not None),
        *(f"--slice-column={name}" for name in event.get("sliceColumns", [])),
    ]


def plain_name(file_name: str) -> str:
    """Return the last part of a name, which is untrusted, as a file name of at most 200 bytes."""
    last = PurePosixPath(file_name.replace("\\", "/").replace("\0", "")).name
    encoded = last.encode("utf-8")[-200:]
    return encoded.decode("utf-8", "ignore").lstrip(".") or "dataset"
