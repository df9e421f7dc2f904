#!/usr/bin/env python3
"""Write the Wisconsin diagnostic breast cancer data as a tabular dataset.

Example:
    python training/samples/breast_cancer.py --output-dir samples

    tumour-1.csv   569 rows: label (malignant | benign) and 30 measurements of cell nuclei

The data (UCI, Wolberg et al. 1995, CC BY 4.0) is bundled with scikit-learn.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import cast

from sklearn.datasets import load_breast_cancer
from sklearn.utils import Bunch


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output-dir", type=Path, required=True)
    output_dir: Path = parser.parse_args().output_dir

    data = cast("Bunch", load_breast_cancer())
    names = [name.replace(" ", "_") for name in data.feature_names]
    output_dir.mkdir(parents=True, exist_ok=True)
    with (output_dir / "tumour-1.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["label", *names])
        for target, measurements in zip(data.target, data.data, strict=True):
            writer.writerow([data.target_names[target], *measurements.tolist()])
    print(f"tumour-1.csv: {len(data.target):,} rows, {len(names)} features")


if __name__ == "__main__":
    main()
