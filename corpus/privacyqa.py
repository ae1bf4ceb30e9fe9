"""Read the questions of PrivacyQA with the categories that they ask about.

Ravichander et al., "Question Answering for Privacy Policies: Combining Computational and Legal Perspectives",
EMNLP 2019, MIT licence. Crowd workers asked them about mobile apps without seeing a policy.
"""

from __future__ import annotations

import csv
from pathlib import Path

from corpus.types import DocumentError

_COLUMNS = {
    "first": "collection",
    "third": "sharing",
    "datasecurity": "security",
    "dataretention": "retention",
    "user_access": "access",
    "user_choice": "choice",
    "other": "other",
}


def read_privacyqa(folder: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Return (question, categories) of the training set of a data folder that holds `privacyqa/`.

    A question that no annotator gave a category is left out. Raises `DocumentError`.
    """
    path = folder / "privacyqa" / "train_questions.tsv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        found = [(row["Query"], tuple(c for name, c in _COLUMNS.items() if int(row[name]))) for row in rows]
    except FileNotFoundError as e:
        raise DocumentError(f"no such file: {path}; give the folder that holds privacyqa/ with --data") from e
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as e:
        raise DocumentError(f"{path} is not a file of PrivacyQA questions: {e}") from e
    return [(question, categories) for question, categories in found if categories]
