"""The worksheet is read and written as people keep it, notes and all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.guideline.worksheet import COLUMNS, Row, Sheet, load_sheet, parse_sheet, write_sheet

LINE = "images-v2-list:   [1,0,1] [1,1,1] [1,1,1] [1,0,1] [1] [88]*"
NAMES = st.text("abcxyz019.-_", min_size=1, max_size=12)
ROWS = st.builds(
    Row,
    NAMES,
    st.tuples(*(st.sampled_from("01?") for _ in COLUMNS)),
    st.none() | st.integers(0, 100),
    st.booleans(),
)


def test_a_row_is_read() -> None:
    """A value in the wrong column would score another criterion."""
    row = parse_sheet(LINE.encode(), "w").rows()["images-v2-list"]
    assert (row.value("tools"), row.value("sticky"), row.value("atomic"), row.value("non-admin")) == (
        "0",
        "1",
        "0",
        "1",
    )
    assert (row.total, row.star) == (88, True)


@pytest.mark.parametrize("end", ["", " []", " [?]", " [ ? ] "])
def test_a_row_without_a_total_is_read(end: str) -> None:
    """A reviewer fills in values; the tool adds them up."""
    row = parse_sheet(f"a: [1,?,0] [1,1,1] [1, 1,1] [1,0,1] [1]{end}".encode(), "w").rows()["a"]
    assert (row.total, row.star, row.values[1]) == (None, False, "?")


@given(st.lists(ROWS, unique_by=lambda row: row.name, max_size=5))
def test_what_is_written_is_read_again(rows: list[Row]) -> None:
    """A worksheet that changes by being saved would lose a reviewer's work."""
    sheet = Sheet(("Title", "-----", *rows, "", "  * a note: [1] is no row"))
    assert parse_sheet(write_sheet(sheet).encode(), "w") == sheet


@given(st.text(max_size=200) | st.text("ab:[]01?,* \n", max_size=80))
def test_any_text_is_a_worksheet_or_one_clear_error(text: str) -> None:
    """Whatever a reviewer mails in must not end in a trace of calls."""
    try:
        sheet = parse_sheet(text.encode(), "w")
    except InputError as error:
        clear = "\n" not in str(error)
        assert clear
    else:
        assert parse_sheet(write_sheet(sheet).encode(), "w").rows() == sheet.rows()


@given(st.binary(max_size=50))
def test_any_bytes_are_a_worksheet_or_one_clear_error(data: bytes) -> None:
    """The wrong file is named as that."""
    try:
        parse_sheet(data, "w")
    except InputError as error:
        clear = str(error).startswith("w")
        assert clear


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x\na: [1,0] [1,1,1]", r"^w:2: is a row that cannot be read"),
        ("a: [1,0,2] [1,1,1] [1,1,1] [1,0,1] [1] [88]*", "cannot be read"),
        (f"{LINE}\n{LINE}", r"^w:2: scores images-v2-list a second time, after line 1"),
    ],
)
def test_a_spoiled_row_is_no_note(text: str, message: str) -> None:
    """A row that is passed over in silence is a capability that nobody scores."""
    with pytest.raises(InputError, match=message):
        parse_sheet(text.encode(), "w")


def test_rows_of_a_block_stand_below_each_other() -> None:
    """Columns that do not line up hide the one value that differs."""
    row = Row("a", ("1",) * 13, 100, star=True)
    text = write_sheet(Sheet((row, Row("longer", ("0",) * 13, 0), "note", Row("b", ("?",) * 13))))
    first, second, _, last = text.split("\n")
    assert first.index("[") == second.index("[")
    assert last == "b: [?,?,?] [?,?,?] [?,?,?] [?,?,?] [?] [?]"


def test_the_published_worksheet_is_read() -> None:
    """140 capabilities were scored by people over years; none of it may be lost."""
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        pytest.skip("DEFCORE_OFFICIAL does not name the folder with the published worksheet")
    path = Path(folder) / "scoring-worksheet.txt"
    sheet = load_sheet(path)
    assert len(sheet.rows()) == 140
    text = path.read_text(encoding="utf-8").split("\n")
    written = write_sheet(sheet).split("\n")
    assert [" ".join(line.split()) for line in written] == [" ".join(line.split()) for line in text]
