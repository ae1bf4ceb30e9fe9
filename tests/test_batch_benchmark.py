"""Tests of nlp.batch.benchmark: the documents it measures on, and how its figures are printed."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from corpus.types import DocumentError
from nlp.batch.benchmark import ARCHIVE, Figures, Speed, changed_policies, write_policies

DATA = Path(__file__).parents[2] / "shared" / "data"


def write(folder: Path, *texts: str) -> list[Path]:
    """Write texts to files."""
    folder.mkdir()
    files = [folder / f"{number}.md" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    return files


def test_changed_policies_are_each_a_little_different(tmp_path: Path) -> None:
    words = [f"word{n}" for n in range(400)]
    files = write(tmp_path / "in", " ".join(words), "one two")
    made = list(islice(changed_policies(files), 6))
    long = [text.split(" ") for text in made[::2]]
    assert len({tuple(text) for text in long}) == 3
    for text in long:
        assert len(text) == 400
        assert 1 <= sum(a != b for a, b in zip(text, words, strict=True)) <= 4
    assert made == list(islice(changed_policies(files), 6))


def test_the_figures_are_a_table() -> None:
    stages = {"reading": 0.25, "segmentation": 0.05, "tagging": 0.6, "writing": 0.1}
    speeds = (Speed("plain", 2.0, 1.0), Speed("smallprint batch, fast, cold cache", 30.0, 15.0, stages))
    assert Figures(50, 40, 2, speeds, {200: 812.3}).table().splitlines() == [
        "50 policies (40 the plain way), 2 workers",
        "way                                policies/s  x plain      reading segmentation      tagging      writing",
        "plain                                     2.0      1.0",
        "smallprint batch, fast, cold cache       30.0     15.0          25%           5%          60%          10%",
        "peak memory, fast mode                    200 policies      812 MB",
    ]


@pytest.mark.skipif(not (DATA / ARCHIVE).exists(), reason="needs the folder ../shared/data")
def test_the_policies_are_those_of_the_data_folder(tmp_path: Path) -> None:
    files = write_policies(DATA, tmp_path / "out", versions=5)
    assert len(files) == len(list((DATA / "compare").glob("*.md"))) + 5
    assert all(file.stat().st_size for file in files)


def test_a_folder_without_policies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        write_policies(tmp_path, tmp_path / "out", versions=5)
