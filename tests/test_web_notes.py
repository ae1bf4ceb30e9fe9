"""What a tab says is text, and an error is an alert."""

from __future__ import annotations

from nlp.web.notes import done_html, error_html


def test_an_error_is_announced_and_escaped() -> None:
    said = '<p class="sp-error" role="alert">There is no &lt;b&gt;text&lt;/b&gt;.</p>'
    assert error_html("there is no <b>text</b>") == said


def test_what_came_of_it_is_a_sentence() -> None:
    assert done_html("2 changes <of> substance") == '<p class="sp-done">2 changes &lt;of&gt; substance.</p>'
