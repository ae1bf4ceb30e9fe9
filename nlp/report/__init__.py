"""The report of a comparison, for people (HTML, Markdown) and for programs (CSV, JSON lines)."""

from __future__ import annotations

from nlp.report.html import comparison_html
from nlp.report.markdown import comparison_markdown
from nlp.report.tables import change_rows, csv_text, jsonl_text

__all__ = ["change_rows", "comparison_html", "comparison_markdown", "csv_text", "jsonl_text"]
