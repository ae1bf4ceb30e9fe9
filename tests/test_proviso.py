"""Tests of nlp.proviso: yes-or-no questions about a time or a proviso that a passage does not settle."""

from __future__ import annotations

import pytest

from nlp.proviso import settled
from nlp.types import Verdict


@pytest.mark.parametrize(
    ("question", "clause", "verdict", "expected"),
    [
        # Another time than the one that is asked about, or none.
        ("Do you keep orders for ten years?", "We keep orders for 7 years.", "yes", "stated"),
        ("Do you keep orders for 7 years?", "We keep orders as long as we must.", "no", "stated"),
        ("Can a 10 year old use it?", "It is not for children under 13 years of age.", "no", "stated"),
        # The same time.
        ("Do you keep orders for seven years?", "We keep orders for 7 years.", "no", "yes"),
        ("Do you delete it within 30 days?", "We delete it within thirty (30) days.", "no", "yes"),
        ("Do you answer within a week?", "We answer in 7 days.", "yes", "yes"),
        ("Do you keep logs for 30 days?", "We do not keep logs for 30 days.", "no", "no"),
        ("Do you keep logs for more than 30 days?", "We keep logs for 30 days.", "yes", "stated"),
        # Provisos.
        ("Can you sell it without telling me?", "We may sell it to anyone.", "no", "stated"),
        ("Can you sell it without telling me?", "We notify you before we sell it.", "no", "no"),
        ("Do you share it without my permission?", "We share it only with your consent.", "no", "no"),
        ("Will the police get it without a warrant?", "We disclose it to the police on a subpoena.", "yes", "stated"),
        ("Will the police get it without a warrant?", "We disclose it to the police on a warrant.", "no", "no"),
        ("Will you give it away without my knowledge?", "We may give your information away.", "no", "stated"),
        ("Can I use it without it?", "Everybody can use it.", "yes", "yes"),
        # Neither.
        ("Do you sell it?", "We sell it for 7 years without limits.", "yes", "yes"),
    ],
)
def test_what_a_passage_settles(question: str, clause: str, verdict: Verdict, expected: Verdict) -> None:
    assert settled(question, clause, verdict) == expected
