"""Two open statements and what changed between them: chosen from, and written to files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from nlp.changes import Comparison
from nlp.web.session import Reading

SUBSTANCE_NOTE = "Only changes of substance are told."
FORMATS: tuple[tuple[str, str], ...] = (("html", "HTML"), ("csv", "CSV"), ("md", "Markdown"))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two readings with their comparison; `note` is a sentence on which changes were chosen."""

    old: Reading
    new: Reading
    comparison: Comparison
    note: str = ""

    @classmethod
    def of(cls, old: Reading, new: Reading) -> Pair:
        """Compare two readings."""
        # What compares brings the libraries of the models along, and the page is to be there before them.
        from nlp.compare import compare

        return cls(old, new, compare(old.statement, new.statement, old.clauses, new.clauses))

    @property
    def is_mixed(self) -> bool:
        """Whether there are changes of substance and of wording."""
        return len({change.significance for change in self.comparison.changes}) > 1

    def of_substance(self) -> Pair:
        """Return the pair with its changes of substance alone; all of them where there are no others."""
        if not self.is_mixed:
            return self
        changes = tuple(change for change in self.comparison.changes if change.significance == "substantive")
        return replace(self, comparison=replace(self.comparison, changes=changes), note=SUBSTANCE_NOTE)

    def file(self, format: str) -> bytes:
        """Return the report as a file of one of `FORMATS`."""
        from nlp import report

        made, old, new = self.comparison, self.old, self.new
        makers: dict[str, Callable[[], str]] = {
            "html": lambda: report.comparison_html(
                made, old.statement, new.statement, old.clauses, new.clauses, note=self.note
            ),
            "csv": lambda: report.csv_text(report.change_rows(made)),
            "md": lambda: report.comparison_markdown(made, old.statement, new.statement, note=self.note),
        }
        return makers[format]().encode("utf-8", "replace")
