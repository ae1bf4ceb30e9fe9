"""Tests of `smallprint archive`: what it prints, its exit codes, and one line for everything that is wrong."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from archive_fakes import History
from nlp_fakes import tiny_engine
from store_fakes import KEEP, SAID, SELL, made_store, policy, tiny_tagger, version

from nlp import cli
from nlp.cli import archive_history
from nlp.store import Store

MAY = "We do sell your data to anyone who asks."
QUESTION = "do you sell my data to anyone?"
TEXTS = (policy(), policy(SELL), policy(), policy(SELL, KEEP))
COLUMNS = "service document first last versions changes technical returns noise flagged texts clauses distinct".split()


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tag, embed and answer without models."""
    # The package has a command of the name of the module.
    monkeypatch.setattr(sys.modules["nlp.cli.archive"], "load_tagger", tiny_tagger)
    monkeypatch.setattr(archive_history, "load_engine", tiny_engine)


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Return an archive of two services in which one file is no text."""
    made = History(tmp_path / "archive.git")
    for day, text in enumerate(TEXTS, 1):
        subject = "First record of" if day == 1 else "Record new changes of"
        files = {"Acme/Privacy Policy.md": text}
        made.commit(f"{subject} Acme Privacy Policy", files, date=f"2020-01-0{day}")
    made.commit("First record of Bond Privacy Policy", {"Bond/Privacy Policy.md": policy(MAY)}, date="2020-02-01")
    made.commit("First record of Coil Privacy Policy", {"Coil/Privacy Policy.md": b"\x00\x01\x02\xff" * 99})
    made.commit("First record of Acme Terms", {"Acme/Terms of Service.md": policy()}, date="2020-02-02")
    return made


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Return the path of a store of two services."""
    items = [version(day, text) for day, text in enumerate(TEXTS)]
    made_store(tmp_path / "store", [*items, version(9, policy(MAY), service="Bond"), version(9, "", service="Coil")])
    return str(tmp_path / "store")


def run(capsys: pytest.CaptureFixture[str], *arguments: str, err: str = "") -> str:
    """Run `smallprint archive`, which must not fail, and return what it prints."""
    code = cli.main(["archive", *arguments])
    out, said = capsys.readouterr()
    assert (code, said) == (0, err)
    return out


def fail(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """Run `smallprint archive`, which must fail with a code and one line on standard error, and return the line."""
    assert cli.main(["archive", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("smallprint: ")
    assert err.count("\n") == 1
    return err.removeprefix("smallprint: ").rstrip("\n")


def json_lines(text: str) -> list[Any]:
    """Return the objects of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def table(text: str) -> list[list[str]]:
    """Return the cells of a table without spaces in its cells."""
    return [line.split() for line in text.splitlines()]


def test_an_archive_is_imported(capsys: pytest.CaptureFixture[str], tmp_path: Path, history: History) -> None:
    folder = str(tmp_path / "store")
    out = run(capsys, "import", str(history.path), "--store", folder)
    names, acme, bond, sum_, last, refused = out.splitlines()
    assert names.split() == COLUMNS
    assert acme.split() == "Acme Privacy Policy 2020-01-01 2020-01-04 4 2 0 1 0 0 3 19 6".split()
    assert bond.split() == "Bond Privacy Policy 2020-02-01 2020-02-01 1 0 0 0 0 0 1 5 5".split()
    assert sum_ == "versions = the first that is not flagged + changes + technical + returns + noise + flagged"
    assert last == f"5 versions added to {folder}, 0 there before; 24 clauses seen, 7 tagged and embedded"
    assert refused == f"1 file gave no version; to see why: smallprint archive list --problems --store {folder}"
    (problem,) = json_lines(run(capsys, "list", "--store", folder, "--problems", "--jsonl"))
    assert problem["reference"].endswith(":Coil/Privacy Policy.md")
    assert run(capsys, "list", "--store", folder, "--problems") == f"{problem['reference']}: {problem['reason']}\n"
    assert run(capsys, "import", str(history.path), "--store", folder) == (
        f"0 versions added to {folder}, 5 there before; 0 clauses seen, 0 tagged and embedded\n{refused}\n"
    )
    assert run(capsys, "list", "--store", folder).splitlines() == [names, acme, bond, sum_]


def test_one_version_is_one_version(capsys: pytest.CaptureFixture[str], tmp_path: Path, history: History) -> None:
    given = ("import", str(history.path), "--store", str(tmp_path / "store"), "--service", "Bond")
    assert run(capsys, *given).splitlines()[-1].startswith(f"1 version added to {tmp_path / 'store'}, 0 there before; ")


def test_an_import_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path, history: History) -> None:
    folder = str(tmp_path / "store")
    (record,) = json_lines(run(capsys, "import", str(history.path), "--store", folder, "--service", "acme", "--json"))
    assert [document["service"] for document in record.pop("documents")] == ["Acme"]
    assert record == {
        "store": folder,
        "added": 4,
        "there": 0,
        "problems": 0,
        "clauses_seen": 19,
        "embedded": 6,
    }


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        (["--all-documents"], ["Privacy Policy", "Terms of Service"]),
        (["--document", "terms of service"], ["Terms of Service"]),
        ([], ["Privacy Policy"]),
    ],
)
def test_documents_are_chosen(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, history: History, options: list[str], documents: list[str]
) -> None:
    run(capsys, "import", str(history.path), "--store", str(tmp_path / "store"), *options)
    assert Store.open(tmp_path / "store").documents("Acme") == documents


def test_a_folder_of_dated_files_with_two_of_one_day(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in (("2016-05-31.md", policy()), ("2016-05-31-2.md", policy(SELL)), ("2017-01-01.md", policy(KEEP))):
        (folder / f"acme-{name}").write_text(text)
    store = str(tmp_path / "store")
    run(capsys, "import", str(folder), "--store", store)
    line = fail(capsys, 2, "show", "acme", "2016-05-31", "--store", store)
    assert line == "'acme' has 2 versions of 2016-05-31; give the number of one: 1, 2"
    *rows, sum_, doubt = run(capsys, "list", "acme", "--store", store).splitlines()
    assert [row.split()[1] for row in rows] == ["date", "2016-05-31", "2016-05-31", "2017-01-01"]
    assert sum_.startswith("3 versions = the first + 2 real changes + ")
    assert doubt == "version 2: 'acme-2016-05-31.md' has the same date; their order is that of their names"


def test_what_is_doubtful_is_said_once_for_all_versions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    doubtful = {1: ("a",), 2: ("a", "b"), 3: ("a",), 5: ("a",), 6: ("a",)}
    made_store(tmp_path / "store", [version(day, warnings=doubtful.get(day, ())) for day in range(1, 8)])
    lines = run(capsys, "list", "Acme", "--store", str(tmp_path / "store")).splitlines()
    assert lines[-2:] == ["versions 1-3, 5-6: a", "version 2: b"]


def test_a_store_whose_first_import_was_killed_at_its_beginning(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, store: str
) -> None:
    folder = tmp_path / "begun"
    folder.mkdir()
    (folder / "store.json").write_bytes((Path(store) / "store.json").read_bytes())
    said = f"smallprint: there is no version in {folder} yet; run the import again\n"
    assert run(capsys, "list", "--store", str(folder), err=said) == ""
    line = f"there is no version in '{folder}' yet; run the import again"
    assert fail(capsys, 2, "ask", QUESTION, "--store", str(folder)) == line


def test_a_folder_of_files_dated_by_month(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder, store = tmp_path / "files", str(tmp_path / "store")
    folder.mkdir()
    for name, text in (("2016-05", policy()), ("2017", policy(SELL)), ("2020-02-30", policy(KEEP))):
        (folder / f"acme-{name}.md").write_text(text)
    out = run(capsys, "import", str(folder), "--store", store)
    assert out.splitlines()[1].split()[:5] == ["acme", "Privacy", "Policy", "2016-05", "2017"]
    assert out.splitlines()[-1].startswith("1 file gave no version; to see why: ")
    said = "acme-2020-02-30.md: there is no such date as 2020-02-30; correct its name\n"
    assert run(capsys, "list", "--problems", "--store", store) == said
    assert [row[1] for row in table(run(capsys, "list", "acme", "--store", store))[1:3]] == ["2016-05", "2017"]
    assert run(capsys, "list", "acme", "--store", store).endswith(
        "version 1: only the month of it is known; it is put at the beginning of the month\n"
        "version 2: only the year of it is known; it is put at the beginning of the year\n"
    )


def test_lines_are_logged_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nlp.cli.archive_output._LINE_EVERY", 3)
    options = ("import", str(history.path), "--store", str(tmp_path / "store"))
    logged = "3 versions, 3 new; 13 clauses seen, 0 embedded\n6 versions, 5 new; 24 clauses seen, 0 embedded\n"
    run(capsys, *options, err=logged)
    run(capsys, *options, "--quiet")


def test_bad_archives(capsys: pytest.CaptureFixture[str], tmp_path: Path, history: History) -> None:
    to = ("--store", str(tmp_path / "store"))
    assert "no such archive" in fail(capsys, 2, "import", str(tmp_path / "none"), *to)
    (tmp_path / "empty").mkdir()
    assert "holds no dated policies" in fail(capsys, 2, "import", str(tmp_path / "empty"), *to)
    other = History(tmp_path / "code.git")
    other.commit("Start", {"README.md": "hello", "src/main.py": "pass"})
    assert "holds no documents" in fail(capsys, 2, "import", str(other.path), *to)
    (tmp_path / "torn.bundle").write_bytes(b"# v2 git bundle\n" + b"0" * 40 + b" refs/heads/main\n\nPACK")
    assert "cannot be read as a git bundle" in fail(capsys, 2, "import", str(tmp_path / "torn.bundle"), *to)
    assert "did you mean 'Acme'" in fail(capsys, 2, "import", str(history.path), *to, "--service", "Acne")
    assert "give either" in fail(capsys, 2, "import", str(history.path), *to, "--all-documents", "--document", "x")
    assert history.last
    history.lose(list(history.files)[2])
    assert "the history is not all there" in fail(capsys, 2, "import", str(history.path), *to)
    assert not (tmp_path / "store").exists()


def test_bad_stores(capsys: pytest.CaptureFixture[str], tmp_path: Path, history: History, store: str) -> None:
    given = ("import", str(history.path), "--store")
    assert "is no archive store, and has files in it" in fail(capsys, 2, *given, str(tmp_path))
    line = fail(capsys, 2, *given, store, "--mode", "fast")
    assert line == f"'{store}' was made in the mode 'accurate', not 'fast'; leave --mode out, or give another --store"
    assert "does not exist; make one with" in fail(capsys, 2, "list", "--store", str(tmp_path / "none"))
    record = json.loads((Path(store) / "store.json").read_text())
    (Path(store) / "store.json").write_text(json.dumps(record | {"format": 2}))
    for arguments in (("list",), ("timeline", "Acme"), ("ask", QUESTION), ("show", "Acme", "1")):
        assert "of format 2, and this release has 1" in fail(capsys, 2, *arguments, "--store", store)


def test_a_service_with_a_slash_and_two_of_one_name_but_for_its_case(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    history, store = History(tmp_path / "archive.git"), str(tmp_path / "store")
    for name in ("AC/DC", "Acme", "acme"):
        history.commit(f"First record of {name} Privacy Policy", {f"{name}/Privacy Policy.md": policy(name)})
    run(capsys, "import", str(history.path), "--store", store)
    reference = f"{next(iter(history.files))}:AC/DC/Privacy Policy.md"
    said = f"smallprint: AC/DC, Privacy Policy, version 1 of 2020-01-01, {reference}\n"
    assert "AC/DC" in run(capsys, "show", "ac/dc", "1", "--store", store, err=said)
    assert "acme" in run(capsys, "show", "acme", "1", "--store", store, "--json")
    line = fail(capsys, 2, "show", "ACME", "1", "--store", store)
    assert line == "'ACME' may be 'Acme' or 'acme'; write it as it is there"
    assert fail(capsys, 2, "ask", "ACME", "--store", store).startswith(
        "'ACME' is a service, and the question is missing"
    )


def test_a_file_that_is_not_utf_8_is_read_with_a_doubt(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "acme-2016-05-31.md").write_bytes(policy("We keep your caf\xe9 visits.").encode("cp1252"))
    run(capsys, "import", str(tmp_path), "--store", str(tmp_path / ".store"))
    lines = run(capsys, "list", "acme", "--store", str(tmp_path / ".store")).splitlines()
    doubt = "the document is not UTF-8; it was read as cp1252: check its accents and quotes"
    assert lines[-1] == f"version 1: {doubt}"


def test_a_store_keeps_its_mode(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = list[str]()
    monkeypatch.setattr(
        sys.modules["nlp.cli.archive"], "load_tagger", lambda mode: modes.append(mode) or tiny_tagger(mode)
    )
    given = ("import", str(history.path), "--store", str(tmp_path / "store"))
    run(capsys, *given, "--service", "Acme", "--mode", "fast")
    assert "1 version added" in run(capsys, *given)
    run(capsys, *given[:-1], str(tmp_path / "other"))
    assert modes == ["fast", "fast", "accurate"]
    assert Store.open(tmp_path / "store").config.mode == "fast"


def test_services_are_listed(capsys: pytest.CaptureFixture[str], store: str) -> None:
    rows = table(run(capsys, "list", "--store", store))
    assert rows[0] == COLUMNS
    assert [row[0] for row in rows[1:]] == ["Acme", "Bond", "Coil", "versions"]
    (record,) = json_lines(run(capsys, "list", "--store", store, "--json"))
    assert (record["store"], record["mode"]) == (store, "accurate")
    assert record["documents"] == json_lines(run(capsys, "list", "--store", store, "--jsonl"))
    assert record["documents"][0]["versions"] == 4


def test_versions_are_listed(capsys: pytest.CaptureFixture[str], store: str) -> None:
    lines = run(capsys, "list", "acme", "--store", store).splitlines()
    assert lines[0].split() == ["version", "date", "clauses", "words", "what", "reference"]
    assert lines[3].split()[:2] == ["3", "2020-01-03"]
    assert [" ".join(line.split()[4:-2]) for line in lines[1:5]] == [
        "first version",
        "change",
        "returned to version 1",
        "change",
    ]
    sum_ = "4 versions = the first + 2 real changes + 0 technical + 1 return + 0 with noise only + 0 flagged"
    assert lines[5:] == [f"{sum_}; 3 different texts"]
    assert "flagged: empty" in run(capsys, "list", "Coil", "--store", store)
    (record,) = json_lines(run(capsys, "list", "acme", "--store", store, "--json"))
    assert (record["service"], record["document"]) == ("Acme", "Privacy Policy")
    assert record["versions"] == json_lines(run(capsys, "list", "acme", "--store", store, "--jsonl"))
    assert "did you mean 'Acme'" in fail(capsys, 2, "list", "acne", "--store", store)
    assert run(capsys, "list", "--store", store, "--problems", err="smallprint: no file was refused\n") == ""


def test_a_version_is_shown(capsys: pytest.CaptureFixture[str], store: str) -> None:
    said = f"smallprint: Acme, Privacy Policy, version 2 of 2020-01-02, {1:040x}:Acme/Privacy Policy.md\n"
    out = run(capsys, "show", "acme", "2", "--store", store, err=said)
    assert SELL in out
    assert "#" not in out
    assert run(capsys, "show", "Acme", "2020-01-02", "--store", store, "--stored", err=said) == TEXTS[1]
    (record,) = json_lines(run(capsys, "show", "Acme", "2", "--store", store, "--json"))
    assert record["text"] + "\n" == out
    assert record["number"] == 2
    assert "no version 9" in fail(capsys, 2, "show", "Acme", "9", "--store", store)
    assert "the document has no text to read" in fail(capsys, 2, "show", "Coil", "1", "--store", store)


def test_a_timeline_is_told(capsys: pytest.CaptureFixture[str], store: str) -> None:
    lines = run(capsys, "timeline", "acme", "--store", store).splitlines()
    assert lines[:2] == [
        "Acme, Privacy Policy",
        "4 versions = the first + 2 real changes + 0 technical + 1 return + 0 with noise only + 0 flagged; "
        "3 different texts",
    ]
    assert [line.split()[:2] for line in lines[4:]] == [
        ["2020-01-01", "1"],
        ["2020-01-02", "2"],
        ["2020-01-03", "3"],
        ["2020-01-04", "4"],
    ]
    assert "returned to version 1" in lines[6]
    assert lines[5].endswith("Sharing")
    (record,) = json_lines(run(capsys, "timeline", "acme", "--store", store, "--json"))
    steps = json_lines(run(capsys, "timeline", "acme", "--store", store, "--jsonl"))
    assert [{k: v for k, v in step.items() if k not in ("service", "document")} for step in steps] == record["steps"]
    assert [step["kind"] for step in steps] == ["first", "change", "return", "change"]


def test_a_timeline_of_flagged_versions(capsys: pytest.CaptureFixture[str], store: str) -> None:
    out = run(capsys, "timeline", "Coil", "--store", store)
    assert (
        "\n1 version = 0 real changes + 0 technical + 0 returns + 0 with noise only + 1 flagged; 1 different text\n"
        in out
    )
    assert out.endswith("no version of it can be compared: all are flagged; see archive list\n")


def test_a_timeline_is_written(capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path) -> None:
    names = {"--html": "t.html", "--plot": "t.svg", "--csv": "t.csv", "--clauses": "c.csv"}
    options = [part for name, file in names.items() for part in (name, str(tmp_path / file))]
    said = "".join(f"smallprint: wrote {tmp_path / file}\n" for file in names.values())
    run(capsys, "timeline", "Acme", "--store", store, *options, err=said)
    assert (tmp_path / "t.html").read_text().startswith("<!DOCTYPE html>")
    assert "<svg" in (tmp_path / "t.svg").read_text()
    with (tmp_path / "t.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 4
    with (tmp_path / "c.csv").open(newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == [*SAID, SELL, KEEP]


@pytest.mark.parametrize(
    ("option", "name", "message"),
    [
        ("--plot", "t.pdf", "must end in .svg or .png"),
        ("--html", "none/t.html", "there is no folder"),
        ("--html", "store", "is a directory"),
    ],
)
def test_files_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path, option: str, name: str, message: str
) -> None:
    assert message in fail(capsys, 2, "timeline", "Acme", "--store", store, option, str(tmp_path / name))


def test_one_question_over_time(capsys: pytest.CaptureFixture[str], store: str) -> None:
    lines = run(capsys, "ask", "acme", QUESTION, "--store", store).splitlines()
    assert [line.split()[4] for line in lines[1:5]] == ["not_stated", "no", "not_stated", "no"]
    assert lines[-1] == ("The verdict changed on 2020-01-02 (no), 2020-01-03 (not_stated), 2020-01-04 (no).")
    assert "The verdict never changed." in run(capsys, "ask", "Bond", QUESTION, "--store", store)
    (record,) = json_lines(run(capsys, "ask", "acme", QUESTION, "--store", store, "--json"))
    assert [change["on"] for change in record["changed"]] == ["2020-01-02", "2020-01-03", "2020-01-04"]
    answers = json_lines(run(capsys, "ask", "acme", QUESTION, "--store", store, "--jsonl"))
    assert [answer | {"question": QUESTION} for answer in record["answers"]] == answers


def test_the_conclusion_names_amounts_limits_and_other_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    limited = "We do not sell your data to anyone unless you agree."
    kept = [f"We keep records of calls {time}." for time in ("for 30 days", "for 2 years", "as we like", "as you like")]
    texts = [policy(kept[0], SELL), *(policy(text, limited) for text in kept[1:])]
    made_store(tmp_path / "calls", [version(day, text) for day, text in enumerate(texts)])
    asked = ("--store", str(tmp_path / "calls"))
    assert run(capsys, "ask", "Acme", "How long do you keep records of calls?", *asked).splitlines()[-1] == (
        "The answer changed on 2020-01-02 (2 years), 2020-01-03 (other words), 2020-01-04 (other words)."
    )
    lines = run(capsys, "ask", "Acme", QUESTION, *asked).splitlines()
    assert "no, with an exception" in lines[2]
    assert lines[-1] == "The answer changed on 2020-01-02 (no, with an exception)."


def test_one_question_to_all_services(capsys: pytest.CaptureFixture[str], store: str) -> None:
    left_out = "smallprint: no version that is not flagged: Coil (Privacy Policy)\n"
    lines = run(capsys, "ask", QUESTION, "--store", store, err=left_out).splitlines()
    assert [line.split()[0] for line in lines] == ["service", "Acme", "Bond"]
    assert [line.split()[4] for line in lines[1:]] == ["no", "yes"]
    assert (SELL in lines[1], MAY in lines[2]) == (True, True)
    said = (
        "smallprint: no version of 2020-01-02 or before that is not flagged: "
        "Bond (Privacy Policy), Coil (Privacy Policy)\n"
    )
    (_, acme) = run(capsys, "ask", QUESTION, "--store", store, "--at", "2020-01-02", err=said).splitlines()
    assert acme.split()[3:5] == ["2020-01-02", "no"]


def test_where_there_is_no_version_to_ask(capsys: pytest.CaptureFixture[str], store: str) -> None:
    said = "smallprint: no version that is not flagged: Coil (Privacy Policy)\n"
    assert run(capsys, "ask", "Coil", QUESTION, "--store", store, err=said) == "There is no version to ask.\n"
    said = "smallprint: no version of 2019-01-01 or before that is not flagged: Acme (Privacy Policy)\n"
    arguments = ("ask", "Acme", QUESTION, "--at", "2019-01-01", "--store", store)
    assert run(capsys, *arguments, err=said) == "There is no version to ask.\n"


def test_answers_as_a_table(capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    run(capsys, "ask", "Acme", QUESTION, "--store", store, "--csv", path, err=f"smallprint: wrote {path}\n")
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    answers = json.loads(run(capsys, "ask", "Acme", QUESTION, "--store", store, "--json"))["answers"]
    assert [row["verdict"] for row in rows] == [answer["verdict"] for answer in answers]
    assert [row["reference"] for row in rows] == [answer["reference"] for answer in answers]
    assert rows[0]["service"] == "Acme"


def test_service_and_question_may_be_given_in_either_order(capsys: pytest.CaptureFixture[str], store: str) -> None:
    told = run(capsys, "ask", "acme", QUESTION, "--store", store)
    assert run(capsys, "ask", QUESTION, "acme", "--store", store) == told
    line = fail(capsys, 2, "ask", QUESTION, "Acne", "--store", store)
    assert line == f"there is no service 'Acne' in '{store}'; did you mean 'Acme'?"


@pytest.mark.parametrize(
    ("lone", "said"), [("Acme", "is a service"), ("acme", "is a service"), ("Acne", "is nearly the service 'Acme'")]
)
def test_a_service_without_a_question(capsys: pytest.CaptureFixture[str], store: str, lone: str, said: str) -> None:
    again = f'smallprint archive ask Acme "do you sell my data?" --store {store}'
    assert fail(capsys, 2, "ask", lone, "--store", store) == (
        f"'{lone}' {said}, and the question is missing; for example: {again} (see smallprint --help)"
    )


def test_a_domain_without_a_question_that_is_no_service(capsys: pytest.CaptureFixture[str], store: str) -> None:
    line = fail(capsys, 2, "ask", "janrain.com", "--store", store)
    assert line == f"there is no service 'janrain.com' in '{store}'; there is 'Acme', 'Bond', 'Coil'"


def test_what_cannot_be_asked(capsys: pytest.CaptureFixture[str], store: str) -> None:
    assert "the question is empty" in fail(capsys, 2, "ask", "Acme", "?", "--store", store)
    assert "did you mean 'Acme'" in fail(capsys, 2, "ask", "Acne", QUESTION, "--store", store)
    assert "each in quotes" in fail(capsys, 2, "ask", "do", "you", "sell", "--store", store)
    for day in ("May", "2021-02-30", "2021", ""):
        line = fail(capsys, 2, "ask", QUESTION, "--store", store, "--at", day)
        assert f"there is no such date as {day!r}; give a day as YYYY-MM-DD" in line


def test_two_versions_are_compared(capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path) -> None:
    out = run(capsys, "compare", "acme", "first", "newest", "--store", store)
    assert f"+ {SELL}" in out
    assert f"+ {KEEP}" in out
    (record,) = json_lines(run(capsys, "compare", "acme", "2", "2020-01-03", "--store", store, "--json"))
    assert [(change["kind"], change["old"]) for change in record["changes"]] == [("removed", SELL)]
    assert (record["old"]["archived_on"], record["new"]["archived_on"]) == ("2020-01-02", "2020-01-03")
    rows = json_lines(run(capsys, "compare", "acme", "1", "4", "--store", store, "--jsonl"))
    assert [row["new_quote"] for row in rows] == [SELL, KEEP]
    report = tmp_path / "report.html"
    said = f"smallprint: wrote {report}\n"
    run(capsys, "compare", "acme", "1", "4", "--store", store, "--html", str(report), err=said)
    assert KEEP in report.read_text()
    assert "names no version" in fail(capsys, 2, "compare", "acme", "1", "last", "--store", store)


def test_versions_are_compared_in_the_order_given(capsys: pytest.CaptureFixture[str], store: str) -> None:
    said = (
        "smallprint: the first one given is the later: version 4 of 2020-01-04, then version 1 of 2020-01-01; what is "
        "told as added is what was removed over time, and the other way round\n"
    )
    out = run(capsys, "compare", "acme", "newest", "first", "--store", store, err=said)
    assert (f"- {SELL}" in out, f"+ {SELL}" in out) == (True, False)
    (record,) = json_lines(run(capsys, "compare", "acme", "4", "1", "--store", store, "--json", err=said))
    assert (record["old"]["archived_on"], record["new"]["archived_on"]) == ("2020-01-04", "2020-01-01")
    assert [change["kind"] for change in record["changes"]] == ["removed", "removed"]
    same = "smallprint: both are version 4 of 2020-01-04\n"
    assert "No change" in run(capsys, "compare", "acme", "2020-06", "newest", "--store", store, err=same)


def test_nothing_that_a_terminal_would_obey_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    name = "A\x1b[31mcme"
    made_store(tmp_path / "store", [version(0, policy("We sell data\x1b[2J to anyone."), service=name)])
    for arguments in (("list",), ("list", name), ("timeline", name), ("ask", QUESTION), ("ask", name, QUESTION)):
        assert "\x1b" not in run(capsys, *arguments, "--store", str(tmp_path / "store"))
