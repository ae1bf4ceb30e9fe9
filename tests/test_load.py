"""Tests of corpus.load: ids, paths, bytes and text in every format, and all that can be wrong with them."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offset_laws import check_laws, outline

from corpus.load import (
    BUNDLED,
    DEFAULT_ID,
    MAX_BYTES,
    Format,
    decode,
    load_bundled,
    load_bytes,
    load_file,
    load_statement,
    load_stdin,
    load_text,
)
from corpus.types import DocumentError

POLICY = "Privacy Policy\n\nWe collect your personal data and share it with third parties. You may opt out.\n"
KINDS = "Markdown, HTML, text, PDF or DOCX"
NO_POLICY = "this document does not read like a privacy policy; tags and answers may mean little"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00\x00\x00\x02\x00\x08\x06\x00\x00\x00\xf4x\xd4\xfa" * 20
RANDOM = bytes((i * i * 31 + i * 7) % 251 for i in range(4096))
NOT_TEXT = f"this is not text in any known encoding; give {KINDS}"
EMPTY = "is empty; give a document that holds a privacy policy"
NO_WORDS = f"there is no text in this document; give a policy as text, {KINDS.replace('text, ', '')}"


def warning(encoding: str) -> str:
    return f"the document is not UTF-8; it was read as {encoding}: check its accents and quotes"


def test_the_bundled_statement_is_loaded_by_its_id() -> None:
    assert DEFAULT_ID == "janrain.com"
    assert load_statement("janrain.com") == load_bundled("janrain.com")
    assert list(BUNDLED) == ["janrain.com"]


def test_another_id_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"^there is no bundled statement 'acme'; there is janrain\.com$"):
        load_bundled("acme")


def test_text_bytes_and_path_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "our policy.md"
    path.write_text(POLICY, encoding="utf-8")
    text = load_statement(POLICY).text
    assert text == POLICY.strip()
    assert load_statement(POLICY.encode()).text == text
    assert load_statement(path).text == text
    assert load_statement(str(path)).text == text
    monkeypatch.chdir(tmp_path)
    assert load_statement("our policy.md").text == text
    (tmp_path / "our policy").write_text(POLICY, encoding="utf-8")
    assert load_statement("our policy").text == text
    assert load_statement("we sell data").text == "we sell data"


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(POLICY.encode())

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert (load_stdin().id, load_text(POLICY).text) == ("stdin", POLICY.strip())


def test_a_file_lends_its_name_as_id_and_title(tmp_path: Path) -> None:
    path = tmp_path / "acme 2016.txt"
    path.write_text("We share your data with nobody.", encoding="utf-8")
    statement = load_file(path)
    assert (statement.id, statement.title) == ("acme 2016.txt", "acme 2016")


HTML = "<!doctype html><title>Acme | Privacy Policy</title><h1>Acme</h1><p>We <b>share</b> data.</p><ul><li>a<li>b</ul>"
MARKDOWN = "# Acme\n\nWe **share** data.\n\n- a\n- b\n"
ACME = [
    ("title", "Acme", (), "", 1),
    ("paragraph", "We share data.", (), "", 0),
    ("item", "a", (), "•", 1),
    ("item", "b", (), "•", 1),
]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (MARKDOWN, None),
        (MARKDOWN, "a.md"),
        (MARKDOWN, "A.MARKDOWN"),
        (MARKDOWN, "a.unknown"),
        (MARKDOWN.replace("\n", "\r\n"), None),
        (HTML, None),
        (HTML, "a.htm"),
        (HTML, "a.xhtml"),
        ("\n <HTML>" + HTML.removeprefix("<!doctype html>"), None),
    ],
)
def test_formats_are_told_from_name_and_content(data: str, name: str | None) -> None:
    assert outline(load_bytes(data.encode(), name=name)) == ACME


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("We *share* data.", None, "We *share* data."),
        ("We share data: [here](/x)", None, "We share data: here"),
        ("**We** share.\n\n- a", None, "We share.\n\n• a"),
        ("a < b > c </ d", None, "a < b > c </ d"),
        ("<p>One</p><p>two</p><p>three</p>", None, "One\n\ntwo\n\nthree"),
        ("# *We* share.", "text", "# *We* share."),
        ("<p>We share.</p>", "text", "<p>We share.</p>"),
        ("<p>We share.</p>", "markdown", "We share."),
        ("We share.", "html", "We share."),
    ],
)
def test_text_is_read_as_what_it_is(text: str, kind: Format | None, expected: str) -> None:
    assert load_text(text, kind=kind).text == expected


def test_the_title_of_a_web_page_serves_where_it_has_no_heading() -> None:
    page = "<html><head><title>Acme &#x202e; Inc</title></head><body><p>We share your data.</p></body></html>"
    assert load_text(page, title="file").title == "Acme Inc"


@pytest.mark.parametrize(
    "data",
    [
        POLICY.encode(),
        b"\xef\xbb\xbf" + POLICY.encode(),
        b"\xff\xfe" + POLICY.encode("utf-16-le"),
        b"\xfe\xff" + POLICY.encode("utf-16-be"),
        POLICY.replace("collect", "coll\x00ect").encode(),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16 le", "utf-16 be", "nul"],
)
def test_unicode_is_read_without_a_warning(data: bytes) -> None:
    statement = load_bytes(data)
    assert (statement.text, statement.warnings) == (POLICY.strip(), ())


def test_an_old_encoding_is_read_with_a_warning() -> None:
    statement = load_bytes((POLICY + "\n“Quotes” – the café’s.").encode("cp1252"))
    assert statement.text == POLICY + "\n“Quotes” – the café’s."
    assert len(statement.warnings) == 1
    assert re.fullmatch(warning("cp125[0-9]"), statement.warnings[0])


@pytest.mark.parametrize("extra", ["Acme® keeps your data’s copy.", "señor, père, Ångström", "“Quotes” – the café’s."])
def test_english_in_an_old_encoding_keeps_its_letters(extra: str) -> None:
    text = POLICY * 5 + extra
    assert decode(text.encode("cp1252")) == (text, (warning("cp1252"),))


def test_one_damaged_character_does_not_cost_the_others() -> None:
    text = "“We” don’t sell your data — ever. " * 50
    assert decode(text.encode() + b"\x92" + text.encode()) == (
        text + "\ufffd" + text,
        ("1 characters of this document are damaged; they are shown as \ufffd",),
    )


def test_utf_16_without_a_mark_is_read_with_a_warning() -> None:
    assert decode(POLICY.encode("utf-16-le")) == (POLICY, (warning("utf_16_le"),))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", f"the document {EMPTY}"),
        (b" \n\t\r\n ", f"the document {EMPTY}"),
        (b"\xef\xbb\xbf", f"the document: {NO_WORDS}"),
        ("\u00a0\u200b\u3000".encode(), f"the document: {NO_WORDS}"),
        (b"... --- ...", f"the document: {NO_WORDS}"),
        (b"\xff" * 50, f"the document: {NO_WORDS}"),
        (RANDOM, f"the document: {NOT_TEXT}"),
        (PNG, f"the document: {NOT_TEXT}"),
        (b"GIF89a" + bytes(range(256)) * 4, f"the document: {NOT_TEXT}"),
        (b"\x1f\x8b\x08" + RANDOM, f"the document: {NOT_TEXT}"),
        ("\x00".join(POLICY).encode(), f"the document: {NOT_TEXT}"),
        (b"a" * (MAX_BYTES + 1), "the document has more than 20 MB; give the policy alone, without pictures or other"),
        (
            b"<html><body><script>x</script></body></html>",
            "the document: no text found in this web page; if it is built by scripts, save it from the browser as text",
        ),
        (b"%PDF-1.4 junk", "the document: this PDF cannot be read, it is damaged or of another kind; open and save"),
        (b"PK\x03\x04 junk", "the document: this Word file cannot be read, it is damaged or of another kind; open and"),
    ],
    ids=(
        "empty|white space|bom|unseen|dots|ff|random|png|gif|gzip|nul between|too large|page without text|pdf|zip"
    ).split("|"),
)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match="^" + re.escape(message)) as raised:
        load_bytes(data)
    assert str(raised.value).isprintable()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("policy.txt", POLICY)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (POLICY.encode(), "a.pdf", f"a.pdf is not a PDF file, whatever its name says; give {KINDS}"),
        (POLICY.encode(), "A.DOCX", f"A.DOCX is not a DOCX file, whatever its name says; give {KINDS}"),
        (b"  ", "a.pdf", f"a.pdf {EMPTY}"),
        (zipped(), "a.pdf", "a.pdf: this Word file cannot be read, it is damaged or of another kind; open and save it"),
        (zipped(), "a.zip", "a.zip: this Word file cannot be read, it is damaged or of another kind; open and save it"),
        (PNG, "a.md", f"a.md: {NOT_TEXT}"),
        (b"# Privacy", "a.md", "a.md: the document has no text to read; give a file that holds the words of a privacy"),
        (b"<p></p>", "a.html", "a.html: no text found in this web page; if it is built by scripts"),
        (b"---", "a.txt", f"a.txt: {NO_WORDS}"),
    ],
)
def test_a_name_that_does_not_fit_is_named(data: bytes, name: str, message: str) -> None:
    with pytest.raises(DocumentError, match="^" + re.escape(message)):
        load_bytes(data, name=name)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("missing.md", "no such file: missing.md; give a path, - for standard input, or a bundled id (janrain.com)"),
        ("two words.md", "no such file: two words.md; give a path"),
        (Path("a\x00b"), "cannot read a?b: embedded null byte"),
        (Path("x" * 300), f"cannot read {'x' * 300}: File name too long"),
        (Path("\x1b[31m\u202e\n.md"), "no such file: ?[31m??.md; give a path"),
        (Path("\udcff.md"), "no such file: ?.md; give a path"),
        ("", NO_WORDS),
        ("  ", NO_WORDS),
    ],
)
def test_a_source_that_is_nothing_is_refused(
    source: str | Path, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DocumentError, match="^" + re.escape(message)) as raised:
        load_statement(source)
    assert str(raised.value).isprintable()


def test_a_folder_and_a_loop_of_links_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r" is a folder; give one document of it$"):
        load_statement(tmp_path)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(DocumentError, match=r"^cannot read .*loop: Too many levels of symbolic links$"):
        load_file(loop)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    with pytest.raises(DocumentError, match=r"large\.md has more than 20 MB; give the policy alone, without pictures"):
        load_file(path)


def test_a_name_with_control_characters_is_shown_without_them(tmp_path: Path) -> None:
    path = tmp_path / "x\x1b[31m\u202e\n.md"
    path.write_text("We share your data.", encoding="utf-8")
    statement = load_file(path)
    assert (statement.id, statement.title) == ("x?[31m??.md", "x?[31m??")
    with pytest.raises(DocumentError, match=r"^x\?\.pdf is not a PDF file"):
        load_bytes(b"text", name="x\x07.pdf")


def test_doubtful_documents_are_read_with_a_warning() -> None:
    german = "Wir erheben Ihre personenbezogenen Daten, wenn Sie ein Konto eröffnen, und geben sie niemals weiter."
    cat = "The cat sat on the mat and looked at the bird, and it was a sunny day for all of them."
    assert load_bytes(german.encode(), name="de.txt").warnings == (
        "this document seems to be in another language (de); tags and answers are made for English",
    )
    assert load_bytes(cat.encode(), name="cat.txt").warnings == (NO_POLICY,)
    assert load_bytes(POLICY.encode(), name="policy.txt").warnings == ()


def test_control_and_direction_characters_do_not_survive() -> None:
    for name in ("a.md", "a.txt", "a.html"):
        statement = load_bytes((POLICY + "\x1b[31mred\x07 \u202eevil\u2066\u200b").encode(), name=name)
        check_laws(statement)
        assert statement.text.endswith("[31mred evil")


STARTS = st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"<html>", b"# ", PNG[:8]])
NAMES = st.sampled_from([None, "a.md", "a.txt", "a.html", "a.pdf", "a.docx", "a"])


@settings(max_examples=150, deadline=None)
@given(
    STARTS, st.binary(max_size=3000) | st.text(max_size=800).map(lambda text: text.encode("utf-8", "replace")), NAMES
)
def test_any_bytes_are_read_or_refused_in_one_line(start: bytes, data: bytes, name: str | None) -> None:
    try:
        statement = load_bytes(start + data, name=name)
    except DocumentError as e:
        assert str(e).isprintable()
    else:
        check_laws(statement)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["markdown", "text", "html"]))
def test_any_text_is_read_or_refused(text: str, kind: Format) -> None:
    try:
        statement = load_text(text, kind=kind)
    except DocumentError as e:
        assert str(e).isprintable()
    else:
        check_laws(statement)
        assert load_text(text, kind=kind) == statement


@pytest.mark.parametrize("kind", ["text", "html"])
@pytest.mark.parametrize(
    "hostile",
    ["[" * 10_000, '"' * 10_000, "> " * 10_000, "<div>" * 10_000, "x" * 1_000_000, "a\x00" * 10_000],
    ids=["brackets", "quotes", "quotations", "elements", "no space", "nul"],
)
def test_hostile_text_is_read_in_any_format(hostile: str, kind: Format) -> None:
    statement = load_text("We collect data.\n\n" + hostile, kind=kind)
    check_laws(statement)
    assert statement.text.startswith("We collect data.")
