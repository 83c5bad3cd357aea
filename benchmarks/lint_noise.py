"""Prints how much of what lint finds in the published guidelines is noise, by the labels that were given by hand.

    DEFCORE_OFFICIAL=FOLDER python benchmarks/lint_noise.py

Every finding over that folder has a label, ``true`` or ``noise``, in tests/guideline/lint/lint-labels.json; a finding
without one, or a label without its finding, ends the script with an error. At most 5 % may be noise.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

from defcore.guideline.lint import lint_all
from defcore.guideline.lint.files import gather

LABELS = Path(__file__).resolve().parent.parent / "tests" / "guideline" / "lint" / "lint-labels.json"
MOST = 0.05


def shares(folder: Path) -> tuple[Counter[tuple[str, str]], set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """Count findings by rule and label; also return the findings without a label and the labels without a finding."""
    labels = {
        (item["file"], item["rule"], item["subject"]): item["label"]
        for item in json.loads(LABELS.read_text(encoding="utf-8"))
    }
    sources, unreadable = gather([folder])
    found = [(Path(item.file).name, item.rule, item.subject) for item in (*unreadable, *lint_all(sources))]
    counts = Counter(
        (rule, labels[file, rule, subject]) for file, rule, subject in found if (file, rule, subject) in labels
    )
    return counts, set(found) - set(labels), set(labels) - set(found)


def main() -> int:
    """Print the table and the share."""
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        print("DEFCORE_OFFICIAL does not name the folder with the published guidelines")
        return 2
    counts, unlabelled, gone = shares(Path(folder))
    print(f"{'rule':<28} {'true':>5} {'noise':>5}")
    for rule in dict.fromkeys(rule for rule, _ in counts):
        print(f"{rule:<28} {counts[rule, 'true']:>5} {counts[rule, 'noise']:>5}")
    total = sum(counts.values())
    noise = sum(number for (_, label), number in counts.items() if label == "noise")
    print(f"{'all':<28} {total - noise:>5} {noise:>5}")
    print(f"noise: {noise} of {total} findings, {100 * noise / total:.1f} % (at most {100 * MOST:.0f} %)")
    for what, keys in (("without a label", unlabelled), ("label without a finding", gone)):
        for key in sorted(keys):
            print(f"{what}: {': '.join(key)}")
    return 1 if unlabelled or gone or noise > MOST * total else 0


if __name__ == "__main__":
    sys.exit(main())
