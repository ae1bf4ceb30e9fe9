"""Tests of corpus.archives.open_terms: which files of which commits are versions, in exact order."""

from __future__ import annotations

from pathlib import Path

import pygit2
import pytest
from archive_fakes import History, shown

from corpus.archives.open_terms import read_open_terms
from corpus.archives.types import Unreadable, Version
from corpus.types import DocumentError


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "a.git")


def build(history: History) -> None:
    """Make an archive with all that happens to one: dates back, a merge, a move, a deletion, an old encoding."""
    history.commit("Initial commit", {"README.md": "About", "LICENSE": "ODC", "metadata": "x"}, date="2021-01-01")
    root = history.commit(
        "Start tracking Acme Privacy Policy", {"Acme/Privacy Policy.md": "We sell."}, date="2021-02-01"
    )
    left = history.commit("Update Acme Privacy Policy", {"Acme/Privacy Policy.md": "We share."}, date="2021-03-01")
    right = history.commit(
        "First record of Bolt Privacy Policy", {"Bolt/Privacy Policy.md": "We log."}, date="2020-12-01", parents=[root]
    )
    history.commit("Merge", {"Bolt/Privacy Policy.md": "We log."}, parents=[left, right], date="2021-03-02")
    history.commit("Refilter Acme Privacy Policy", {"Acme/Privacy Policy.md": "# We share."}, date="2019-01-01")
    latin = ("We keep what you tell us, and nobody else gets it. " * 4 + "Zoë").encode("cp1252")
    history.commit("Record new changes of Bolt Privacy Policy", {"Bolt/Privacy Policy.md": latin}, date="2021-04-01")
    history.commit("Update Acme Terms of Service", {"Acme/Terms of Service.md": "Pay."}, date="2021-05-01")
    history.commit("Rename Acme", {"Acme/Privacy Policy.md": None, "ACME/Privacy Policy.md": "# We share."})
    history.commit("Remove Bolt", {"Bolt/Privacy Policy.md": None})
    history.commit(
        "Apply technical or declaration upgrade on ACME Privacy Policy", {"ACME/Privacy Policy.md": "- We share."}
    )


def test_versions_come_in_the_order_of_parentage(history: History) -> None:
    build(history)
    found = shown(list(read_open_terms(history.repository)))
    latin = "We keep what you tell us, and nobody else gets it. " * 4 + "Zoë"
    # The two branches are independent: only the order within each document is a law.
    assert [item for item in found if item[0] != "Bolt"] == [
        ("Acme", "Privacy Policy", "2021-02-01", "We sell."),
        ("Acme", "Privacy Policy", "2021-03-01", "We share."),
        ("Acme", "Privacy Policy", "2019-01-01", "# We share."),
        ("ACME", "Privacy Policy", "2020-01-01", "# We share."),
        ("ACME", "Privacy Policy", "2020-01-01", "- We share."),
    ]
    assert [item for item in found if item[0] == "Bolt"] == [
        ("Bolt", "Privacy Policy", "2020-12-01", "We log."),
        ("Bolt", "Privacy Policy", "2021-04-01", latin),
    ]


def test_a_version_says_where_it_comes_from(history: History) -> None:
    build(history)
    versions = [item for item in read_open_terms(history.repository) if isinstance(item, Version)]
    assert {v.archive for v in versions} == {"open-terms-archive"} and {v.format for v in versions} == {"markdown"}
    for version in versions:
        commit, path = version.reference.split(":", 1)
        assert path == f"{version.service}/{version.document}.md"
        assert history.files[commit][path]
        blob = history.repository[history.files[commit][path][0]]
        assert isinstance(blob, pygit2.Blob) and blob.size > 0
    assert [v.subject for v in versions if v.technical] == [
        "Refilter Acme Privacy Policy",
        "Rename Acme",
        "Apply technical or declaration upgrade on ACME Privacy Policy",
    ]
    warned = {v.subject: v.warnings for v in versions if v.warnings}
    assert warned == {
        "Record new changes of Bolt Privacy Policy": (
            "the document is not UTF-8; it was read as cp1252: check its accents and quotes",
        ),
        "Rename Acme": ("the archive moved it here from 'Acme/Privacy Policy.md'",),
    }


def test_services_and_documents_are_chosen(history: History) -> None:
    build(history)
    found = shown(list(read_open_terms(history.repository, services=["bolt"])))
    assert {item[0] for item in found} == {"Bolt"} and len(found) == 2
    found = shown(list(read_open_terms(history.repository, services=["acme"], documents=None)))
    assert {item[0] for item in found} == {"Acme", "ACME"} and len(found) == 6
    found = shown(list(read_open_terms(history.repository, services=["Acme"], documents=["terms of service"])))
    assert found == [("Acme", "Terms of Service", "2021-05-01", "Pay.")]
    with pytest.raises(
        DocumentError, match=r"there is no service 'Akme' in this archive; did you mean 'ACME' or 'Acme'"
    ):
        list(read_open_terms(history.repository, services=["Akme"]))
    with pytest.raises(
        DocumentError, match="no document here has 'cookie' in its name; there is 'Privacy Policy', 'Terms"
    ):
        list(read_open_terms(history.repository, documents="cookie"))


def test_names_are_kept_as_they_are(history: History) -> None:
    names = ["Yahoo Inc.", "Ünïcode", "two  spaces", "lower", "LOWER", "a:b"]
    for name in names:
        history.commit(f"Update {name} Privacy Policy", {f"{name}/Privacy Policy.md": name})
    assert [item[0] for item in shown(list(read_open_terms(history.repository)))] == names


def test_a_service_with_a_slash_is_one_if_the_commit_calls_it_so(history: History) -> None:
    history.commit("Update AT/T Privacy Policy", {"AT/T/Privacy Policy.md": "a"})
    history.commit("Add drafts", {"drafts/old/Privacy Policy.md": "b"})
    assert shown(list(read_open_terms(history.repository))) == [("AT/T", "Privacy Policy", "2020-01-01", "a")]


def test_what_is_no_document_gives_no_version(history: History) -> None:
    others = ["README.md", "Acme/README.md", ".github/privacy.md", "Acme/.privacy.md", "Acme/privacy.json", "Acme/.md"]
    history.commit("Update Acme Privacy Policy", dict.fromkeys(others, "privacy"))
    with pytest.raises(DocumentError, match=r"this git history holds no documents of the form SERVICE/DOCUMENT\.md"):
        list(read_open_terms(history.repository))


def test_an_empty_text_and_what_is_no_text_are_yielded(history: History) -> None:
    history.commit("Update Acme Privacy Policy", {"Acme/Privacy Policy.md": ""})
    history.commit("Update Acme Privacy Policy", {"Acme/Privacy Policy.md": bytes(range(256)) * 9})
    history.commit("Update Acme Privacy Policy", {"Acme/Privacy Policy.md": "back"})
    one, two, three = read_open_terms(history.repository)
    assert isinstance(one, Version) and one.text == ""
    assert isinstance(two, Unreadable) and two.reason.startswith("this is not text in any known encoding")
    assert isinstance(three, Version) and three.text == "back"
