"""Show what came of several files: a row for each, with its error where it could not be read."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.taxonomy import CATEGORIES
from nlp.report.words import plural
from nlp.web.batch_run import MAX_FILES, FileRow
from nlp.web.desk import MAX_UPLOAD_MB
from nlp.web.escape import as_sentence, text_html

_LONGEST_TITLE = 120


def empty_html() -> str:
    """Return what the tab shows before the first files."""
    return (
        '<div class="sp-teach"><p class="sp-teach-title">Several statements at once</p>'
        f"<p>Give up to {MAX_FILES} files of up to {MAX_UPLOAD_MB} MB each: Markdown, HTML, text, PDF or DOCX. You get "
        "a table of how many clauses each has of which category, and files to take along: the table as CSV, and every "
        "clause with its categories as Parquet.</p>"
        "<p>For more than that, there is <code>smallprint batch</code> on the command line.</p></div>"
    )


def summary_of(rows: Sequence[FileRow]) -> str:
    """Return in a sentence what came of the files."""
    read = [row for row in rows if row.statement]
    clauses = sum(len(row.clauses) for row in read)
    failed = len(rows) - len(read)
    said = f"{f'{len(read)} of ' if failed else ''}{len(rows)} read, {plural(clauses, 'clause')}"
    return f"{said}; {failed} could not be read, the table says why" if failed else said


def table_html(rows: Sequence[FileRow]) -> str:
    """Return the table, columns of categories that no file has left out."""
    shown = [category for category in CATEGORIES if any(row.counts[category.id] for row in rows)]
    head = "".join(f'<th scope="col">{category.name}</th>' for category in shown)
    body = "".join(_row(row, [category.id for category in shown]) for row in rows)
    return (
        '<div class="sp-scroll" tabindex="0" role="region" title="What came of the files">'
        '<table class="sp-figures sp-batch"><thead><tr><th scope="col">File</th>'
        f'<th scope="col" class="sp-words">Statement</th><th scope="col">Clauses</th>{head}'
        f"</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: FileRow, shown: Sequence[str]) -> str:
    name = f'<th scope="row">{text_html(row.file)}</th>'
    if row.statement is None:
        error = text_html(as_sentence(row.error))
        return f'<tr class="sp-failed">{name}<td class="sp-words" colspan="{len(shown) + 2}"><p>{error}</p></td></tr>'
    title = row.statement.title
    said = title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE] + " …"
    counts = "".join(f"<td>{row.counts[id] or ''}</td>" for id in shown)
    # A column of their own would be empty for most files, and the others would not fit beside it.
    remarks = " ".join(as_sentence(warning) for warning in row.statement.warnings)
    remarked = f'<p class="sp-soft">{text_html(remarks)}</p>' if remarks else ""
    return f'<tr>{name}<td class="sp-words">{text_html(said)}{remarked}</td><td>{len(row.clauses):,}</td>{counts}</tr>'
