"""What a tab says about what it is doing, in one line that screen readers are told of."""

from __future__ import annotations

from nlp.web.escape import as_sentence, text_html


def error_html(message: str) -> str:
    """Return what is wrong and what to do."""
    return f'<p class="sp-error" role="alert">{text_html(as_sentence(message))}</p>'


def done_html(message: str) -> str:
    """Return what came of it."""
    return f'<p class="sp-done">{text_html(as_sentence(message))}</p>'
