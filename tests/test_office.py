"""Tests of corpus.office on PDF and DOCX files written here byte by byte."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from corpus.load import load_bytes
from corpus.office import docx_to_markdown, pdf_to_markdown
from corpus.types import DocumentError

CAPTURED = Path(__file__).parents[2] / "shared" / "data" / "html" / "fruitz.pdf"


def text_at(x: float, y: float, text: str, *, size: float = 10, bold: bool = False) -> str:
    """Return the drawing of a line of text; `y` is from the foot of the page, in points."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{'F2' if bold else 'F1'} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def pdf(*pages: list[str], trailer: str = "") -> bytes:
    """Return a PDF file with the drawings of each page."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 600 800] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for n, drawings in enumerate(pages):
        content = "\n".join(drawings)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /Contents {6 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 "
            "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>"
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream")
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


LONG = "We collect your name and your address when you open an account, so that we can write to you and"


def test_pdf_paragraphs_headings_items_and_running_lines() -> None:
    def page(number: int, *drawings: str) -> list[str]:
        return [text_at(50, 770, "Spark Ltd. v3", size=8), *drawings, text_at(280, 30, f"Page {number} of 3", size=8)]

    markdown = pdf_to_markdown(
        pdf(
            page(
                1,
                text_at(50, 720, "Privacy Policy", size=18, bold=True),
                text_at(50, 690, "1. Data", bold=True),
                text_at(50, 670, LONG),
                text_at(
                    50, 658, "*send* you news, as you have asked us to do in the settings of the app. We use third-"
                ),
                text_at(
                    50,
                    646,
                    "party cookies, small files that our partners keep on your device, and a third party's infor-",
                ),
                text_at(50, 634, "mation. On what they do there, and on how to be rid of them, there is more informa-"),
            ),
            page(
                2,
                text_at(50, 720, "tion in our notice on third-party cookies."),
                text_at(50, 690, "1.1 Lists of all the things that you tell us", bold=True),
                text_at(
                    60,
                    670,
                    "\u2022 your name, which you give us when you open an account with us, and your old name, and",
                ),
                text_at(70, 658, "your address"),
                text_at(60, 646, "\u2022 your age"),
            ),
            page(3, text_at(50, 720, LONG), text_at(50, 708, "call you.")),
        )
    )
    assert markdown == (
        "# Privacy Policy\n\n"
        "## 1\\. Data\n\n"
        f"{LONG} \\*send\\* you news, as you have asked us to do in the settings of the app. We use third-"
        "party cookies, small files that our partners keep on your device, and a third party's information. "
        "On what they do there, and on how to be rid of them, there is more information in our notice on third-party "
        "cookies.\n\n"
        "### 1.1 Lists of all the things that you tell us\n\n"
        "- your name, which you give us when you open an account with us, and your old name, and "
        "your address\n\n"
        "- your age\n\n"
        f"{LONG} call you.\n"
    )


def test_pdf_heading_that_looks_like_the_body_is_one_line() -> None:
    shown = [text_at(50, 760, "Privacy Notice of Acme"), text_at(50, 748, LONG), text_at(50, 736, "call you.")]
    assert pdf_to_markdown(pdf(shown)) == f"# Privacy Notice of Acme\n\n{LONG} call you.\n"


def test_pdf_item_ends_where_a_line_begins_farther_left() -> None:
    shown = [
        text_at(50, 700, f"{LONG} so:"),
        text_at(60, 688, f"\u2022 {LONG}"),
        text_at(70, 676, f"{LONG} and"),
        text_at(66, 664, f"{LONG} at last"),
        text_at(50, 652, "so that we know you."),
    ]
    assert pdf_to_markdown(pdf(shown)) == (
        f"{LONG} so:\n\n- {LONG} {LONG} and {LONG} at last\n\nso that we know you.\n"
    )


def test_pdf_bullets_that_are_letters_of_another_font() -> None:
    def item(y: float, marker: str, text: str, font: str = "F3") -> list[str]:
        return [text_at(60, y, marker).replace("F1", font), text_at(72, y, text)]

    shown = [
        text_at(50, 700, f"{LONG} so:"),
        *item(688, "o", "your name"),
        *item(676, "o", "your age"),
        *item(664, "o", "sole mio", "F1"),
    ]
    assert pdf_to_markdown(pdf(shown)) == (f"{LONG} so:\n\n- your name\n\n- your age o sole mio\n")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Privacy Notice of Acme", "Privacy Notice of Acme"),
        ("Microsoft Word - privacy notice", "acme"),
        ("privacy notice v2.docx", "acme"),
        ("untitled document", "acme"),
        ("Document 1", "acme"),
        ("Document Privacy of Print Shops, version 1.10", "Document Privacy of Print Shops, version 1.10"),
        ("Privacy at acme.example", "Privacy at acme.example"),
        ("Privacy " + "x" * 3000, "Privacy " + "x" * 192),
        ("acme_2019", "acme"),
    ],
)
def test_pdf_without_a_heading_has_the_title_of_its_metadata(title: str, expected: str) -> None:
    data = pdf([text_at(50, 700, f"{LONG} call you.")], trailer=f"/Info << /Title ({title}) >>")
    assert load_bytes(data, name="acme.pdf").title == expected
    titled = pdf(
        [text_at(50, 700, "Privacy Policy", size=18), text_at(50, 600, LONG)],
        trailer="/Info << /Title (No such thing) >>",
    )
    assert load_bytes(titled, name="acme.pdf").title == "Privacy Policy"


def test_pdf_ruled_table() -> None:
    grid = [f"{x} 600 m {x} 700 l S" for x in (50, 250, 450)] + [f"50 {y} m 450 {y} l S" for y in (600, 650, 700)]
    words = [
        text_at(55, 680, "Data"),
        text_at(255, 680, "Use"),
        text_at(55, 630, "Name"),
        text_at(255, 630, "Account | mail"),
    ]
    before, after = text_at(50, 740, "We use it so:"), text_at(50, 560, "We keep it for a year.")
    assert pdf_to_markdown(pdf([before, *grid, *words, after])) == (
        "We use it so:\n\n| Data | Use |\n| --- | --- |\n| Name | Account \\| mail |\n\nWe keep it for a year.\n"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this PDF cannot be read, it is damaged"),
        (b"%PDF-1.4\n%%EOF", "this PDF cannot be read, it is damaged"),
        (pdf([text_at(50, 700, "We collect")])[:300], "this PDF cannot be read, it is damaged"),
        (pdf([]), "this PDF holds no text, only pictures of pages; run text recognition"),
        (pdf([text_at(50, 30, "3")]), "this PDF holds no text, only pictures of pages"),
        (pdf(*[[] for _ in range(401)]), "this PDF has 401 pages, more than a policy; save the part that is one"),
    ],
    ids=["empty", "no pages", "cut off", "textless", "page number alone", "too long"],
)
def test_pdf_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        pdf_to_markdown(data)


def test_pdf_with_a_password_is_refused() -> None:
    key = "00" * 32
    trailer = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<{key}> <{key}>]"
    with pytest.raises(DocumentError, match="this PDF is protected by a password; save a copy without one"):
        pdf_to_markdown(pdf([text_at(50, 700, "We collect")], trailer=trailer))


@pytest.mark.skipif(not CAPTURED.exists(), reason="the captured PDF is not on this machine")
def test_captured_pdf() -> None:
    markdown = pdf_to_markdown(CAPTURED.read_bytes())
    headings = [line for line in markdown.splitlines() if line.startswith("#")]
    assert [line.split(" ")[0] for line in headings[:4]] == ["#", "##", "###", "###"]
    assert markdown.count("\n- ") > 20


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def docx(body: str, *, extra: bytes = b"") -> bytes:
    """Return a Word file with the given body."""
    levels = "".join(f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="bullet"/></w:lvl>' for n in (0, 1))
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
        for id, name in (("Title", "Title"), ("H1", "heading 1"), ("L2", "List Bullet 2"), ("N3", "List Number 3"))
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{REL}/styles" Target="styles.xml"/>'
        f'<Relationship Id="r2" Type="{REL}/numbering" Target="numbering.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        if extra:
            archive.writestr("word/media/image1.bin", extra)
    return out.getvalue()


def paragraph(text: str, look: str = "") -> str:
    return f"<w:p><w:pPr>{look}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def item(text: str, level: int, style: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return paragraph(text, f'{named}<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


def test_docx_headings_lists_and_tables() -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Name", "Account"))
    body = (
        paragraph("Privacy Policy", '<w:pStyle w:val="Title"/>')
        + paragraph("1. Data", '<w:pStyle w:val="H1"/>')
        + paragraph("We collect *this*:")
        + item("your name", 0)
        + item("your first name", 1)
        + f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{cells}</w:tr></w:tbl>"
    )
    assert docx_to_markdown(docx(body)) == (
        "# Privacy Policy\n\n# 1\\. Data\n\nWe collect \\*this\\*:\n\n- your name\n  - your first name\n\n"
        "|  |  |\n| --- | --- |\n| Name | Account |\n| Name | Account |\n"
    )


def test_docx_lists_are_nested_by_their_styles() -> None:
    body = (
        item("your voice, only:", 0)
        + item("on request", 0, "L2")
        + item("at school:", 0, "L2")
        + item("in class", 0, "N3")
        + item("your name", 0)
    )
    assert docx_to_markdown(docx(body)) == (
        "- your voice, only:\n  - on request\n  - at school:\n    1. in class\n- your name\n"
    )


def test_docx_items_of_no_item_are_items() -> None:
    assert docx_to_markdown(docx(item("your name", 0, "L2") + item("your age", 0, "L2"))) == (
        "- - your name\n  - your age\n"
    )


def test_docx_that_unpacks_too_far_is_refused() -> None:
    bomb = docx(paragraph("We collect"), extra=bytes(201_000_000))
    assert len(bomb) < 1_000_000
    with pytest.raises(DocumentError, match="this Word file unpacks to 201 MB, too much for a policy"):
        docx_to_markdown(bomb)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this Word file cannot be read, it is damaged"),
        (docx(paragraph("We collect"))[:400], "this Word file cannot be read, it is damaged"),
        (docx("<w:p>"), "this Word file cannot be read, it is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "protected by a password; .*an old .doc file must be saved as .docx"),
        (docx(""), "this Word file holds no text"),
    ],
    ids=["empty", "cut off", "broken inside", "old or locked", "textless"],
)
def test_docx_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        docx_to_markdown(data)


def test_docx_without_a_document_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("other.txt", "We collect")
    with pytest.raises(DocumentError, match="this Word file cannot be read"):
        docx_to_markdown(out.getvalue())
