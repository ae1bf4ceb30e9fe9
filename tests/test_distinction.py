"""Tests of nlp.distinction: clauses that speak of a neighbour of what is asked, or of a sale of the business."""

from __future__ import annotations

import pytest
from nlp_fakes import evidence

from nlp.distinction import denies_of_a_part, direct_first, is_takeover, speaks_of_another


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("is my data encrypted at rest?", "Traffic is encrypted in transit with TLS."),
        ("Is it encrypted when it is stored?", "We use SSL for all transmissions."),
        ("is my data encrypted in transit?", "Data is encrypted at rest."),
        ("can others read my private messages?", "Anything you post publicly can be read by others."),
        ("do you track my GPS?", "We derive your approximate location from your network."),
        ("do you sell my data?", "We may sell aggregated data to partners."),
        ("do you share my data?", "We share anonymous or de-identified information that does not identify you."),
        ("do you share my data?", "We share non-personal information with advertisers."),
    ],
)
def test_a_neighbour_is_another_thing(question: str, clause: str) -> None:
    assert speaks_of_another(question, clause)


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        # The clause names what is asked about, or the question names the neighbour as well.
        ("is my data encrypted at rest?", "Data is encrypted in transit and at rest."),
        ("is it encrypted at rest and in transit?", "Traffic is encrypted in transit."),
        ("is my data encrypted?", "Traffic is encrypted in transit."),
        ("do you collect my exact location?", "We collect your precise location, and your city."),
        ("do you sell my anonymous data?", "We may sell anonymous data."),
        ("do you sell my data?", "We sell personal and aggregated data."),
        # The neighbour stands beside what is asked about.
        ("will you delete my data if I ask?", "If you ask us to, we will delete or anonymise your account."),
        ("do you share my data with Google?", "We share your data with Google for statistical purposes."),
        ("do you share my email?", "We share your email address and aggregated usage statistics."),
        ("is my data transmitted to the US?", "Your data is transferred to and stored on servers in the US."),
        ("is my data encrypted when stored?", "We use TLS for traffic, and every disk is encrypted."),
        ("can you read my private messages?", "Our staff reviews messages that are reported."),
        ("do you know my exact location?", "We learn where you are, by city and by latitude and longitude."),
        # What is denied may be confirmed by it.
        ("is it true that you never learn my exact location?", "We only learn your approximate location."),
    ],
)
def test_what_is_no_other_thing(question: str, clause: str) -> None:
    assert not speaks_of_another(question, clause)


TAKEOVER = "If we are involved in a merger or bankruptcy, your data may be transferred."


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("do you sell my data?", TAKEOVER),
        ("is my info ever sold?", "If all or part of our business is sold, data goes to the buyer."),
        ("do you sell it?", "We may transfer data in connection with a sale of all or part of our assets."),
        ("have you never sold it?", "If Acme is ever sold or merged, your data goes to the new owner."),
        (
            "does your company sell my data?",
            "If we are acquired by another company, your data may be sold as an asset.",
        ),
        ("do you sell my data?", "We may sell or transfer your data in connection with a merger or acquisition."),
        ("do you sell my data?", "In the event of a bankruptcy, we may sell or transfer your data."),
    ],
)
def test_a_sale_of_the_business_is_no_sale_of_data(question: str, clause: str) -> None:
    assert is_takeover(question, clause)


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("will you sell my data if you go bankrupt?", TAKEOVER),
        ("who gets my data when you sell the company?", TAKEOVER),
        ("do you share my data?", TAKEOVER),
        ("do you sell my data?", "We sell data to advertising companies."),
        ("do you sell my data?", "We buy data that other companies sell."),
        ("do you sell my data?", "We do not sell your data, other than in a merger."),
        ("will you sell my data when the company is sold?", TAKEOVER),
        ("do you sell my data?", "The information we collect may be sold to third parties."),
        ("do you sell my data?", "Data that we hold is sold to advertisers."),
        ("do you sell my data?", "Personal information we have acquired is sold."),
        ("do you sell my data?", "We sell company data and personal data to data brokers."),
        ("do you sell my data?", "We may sell or share your data with advertisers, or in connection with a merger."),
        ("do you sell my data?", "We sell your data to advertisers, and to a buyer in the event of a merger."),
        ("do you sell my data?", "Your data may be sold to advertisers, or transferred in a merger."),
        ("do you sell my data?", "We sell your data to our partners, except in a merger."),
    ],
)
def test_what_is_asked_or_said_of_selling_itself(question: str, clause: str) -> None:
    assert not is_takeover(question, clause)


def test_what_is_said_of_selling_itself_is_put_before_a_sale_of_the_business() -> None:
    question = "do you sell my data?"
    takeover, share = evidence(TAKEOVER, score=0.9), evidence("We share data.", score=0.8)
    sell, unlikely = evidence("We do not sell your data.", score=0.6), evidence("We never sell it.", score=0.2)
    assert direct_first(question, [takeover, share, sell], 0.5) == [sell, takeover, share]
    assert direct_first(question, [takeover, share, unlikely], 0.5) == [takeover, share, unlikely]
    assert direct_first(question, [sell, takeover], 0.5) == [sell, takeover]
    assert direct_first("do you share it?", [takeover, sell], 0.5) == [takeover, sell]
    assert direct_first(question, [], 0.5) == []


@pytest.mark.parametrize(
    ("question", "clause", "of_a_part"),
    [
        ("do you sell my info?", "We do not sell health information.", True),
        ("do you share data?", "We never share medical or payment data.", True),
        ("do you sell my health info?", "We do not sell health information.", False),
        ("do you sell photos?", "We do not sell health information.", False),
        ("do you sell my info?", "We do not sell your personal information or health information.", False),
        ("do you sell my info?", "We do not sell information.", False),
    ],
)
def test_what_is_denied_of_one_kind_of_data_is_not_denied_of_all(question: str, clause: str, of_a_part: bool) -> None:
    assert denies_of_a_part(question, clause) is of_a_part


@pytest.mark.parametrize(
    "clause",
    [
        "We sell no personal information of children.",
        "We do not knowingly collect information from anyone under 13.",
        "We do not show ads to our young students.",
    ],
)
def test_what_is_denied_of_children_is_not_denied_of_others(clause: str) -> None:
    assert denies_of_a_part("do you sell my data?", clause)
    assert not denies_of_a_part("do you sell my kid's data?", clause)
    assert not denies_of_a_part("I am 12 years old, do you sell it?", clause)
    assert not denies_of_a_part("do you sell my data?", f"{clause} We do not sell your personal data either.")


def test_a_sentence_without_end_is_read_as_well() -> None:
    # From each of these verbs only some way is looked on: with all that follows, it would take minutes.
    assert is_takeover("do you sell my data?", "merger " + "sell " * 60_000)
