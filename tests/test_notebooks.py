"""The notebooks run from top to bottom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SAYS = {
    "archive": "the answer changed on ['2021-01-15', '2021-02-01', '2022-06-30']",
    "practices": "12 policies,",
}
SAYS_ELSE = "We do not sell your personal information to third parties."
NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def sources(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    # A line that speaks to Jupyter, as "%matplotlib inline" does, is no Python.
    code = [[line for line in cell["source"] if line[:1] != "%"] for cell in cells if cell["cell_type"] == "code"]
    return ["".join(lines) for lines in code]


@pytest.mark.models
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_says_what_it_should(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, object] = {}
    for source in sources(path):
        exec(compile(source, path.name, "exec"), namespace)  # noqa: S102
    printed = capsys.readouterr().out
    assert SAYS.get(path.stem, SAYS_ELSE) in printed


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_output(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells if cell["cell_type"] == "code")
