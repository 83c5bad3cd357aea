"""Tests of the reader of JUnit XML."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.importing.junit import read
from defcore.importing.told import MAX_TEXT, Told
from defcore.run.record import Outcome

from .samples import subunit

if TYPE_CHECKING:
    from pathlib import Path

ID = "00000000-0000-4000-8000-000000000001"
BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><testsuite><testcase name="&h;"/></testsuite>"""
    % (b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(7)))
)


def told(content: str | bytes) -> list[Told]:
    """Read a whole file."""
    return list(read(io.BytesIO(content.encode() if isinstance(content, str) else content), "file.xml"))


def refused(content: str | bytes) -> InputError:
    """Read a file that is none, and return why."""
    with pytest.raises(InputError) as caught:
        told(content)
    assert "\n" not in str(caught.value)
    return caught.value


def test_pytest_s_own_report_is_read(tmp_path: Path) -> None:
    """If it fails, results of a suite in pytest cannot be brought along."""
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "def test_good(record_property):\n"
        f"    record_property('idempotent_id', '{ID}')\n"
        "def test_bad():\n    assert 1 == 2\n"
        "@pytest.mark.skip(reason='no swift')\ndef test_skipped():\n    pass\n"
        "@pytest.fixture\ndef broken():\n    raise OSError('gone')\n"
        "def test_broken(broken):\n    pass\n"
        "@pytest.fixture\ndef leaky():\n    yield\n    raise OSError('gone')\n"
        "def test_leaky(leaky):\n    pass\n"
        "@pytest.mark.parametrize('x', ['a.b'])\ndef test_param(x):\n    pass\n"
    )
    words = [sys.executable, "-m", "pytest", "-q", "--junitxml=out.xml", "-p", "no:cacheprovider", "test_it.py"]
    subprocess.run(words, cwd=tmp_path, capture_output=True, check=False)
    found = told((tmp_path / "out.xml").read_bytes())
    assert [(item.name, item.outcome) for item in found] == [
        (f"test_it.test_good[id-{ID}]", Outcome.PASSED),
        ("test_it.test_bad", Outcome.FAILED),
        ("test_it.test_skipped", Outcome.SKIPPED),
        ("test_it.test_broken", Outcome.ERROR),
        ("test_it.test_leaky", Outcome.ERROR),
        ("test_it.test_param[a.b]", Outcome.PASSED),
    ]
    assert found[1].reason == "assert 1 == 2"
    assert "def test_bad" in (found[1].trace or "")
    assert found[2].reason == "no swift"
    assert all(item.started and item.seconds is not None for item in found)


def test_tempest_s_report_is_read() -> None:
    """If it fails, the JUnit XML that clouds keep of their Tempest runs cannot be brought along."""
    text = {"mime_type": "text/plain;charset=utf8", "eof": True}
    names = [f"tempest.api.x.Y.test_{word}[id-{ID},smoke]" for word in "abc"]
    stream = subunit(
        {"test_id": names[0], "test_status": "success"},
        {"test_id": names[1], "test_status": "skip", "file_name": "reason", "file_bytes": b"no", **text},
        {"test_id": names[2], "file_name": "traceback", "file_bytes": b"Traceback\nBad: 1\n", **text},
        {"test_id": names[2], "test_status": "fail"},
        {"test_id": "setUpClass (tempest.a.B)", "test_status": "fail"},
    )
    words = [sys.executable, "-m", "subunit.filter_scripts.subunit2junitxml"]
    done = subprocess.run(words, input=stream, capture_output=True, check=False)
    found = told(done.stdout)
    assert [(item.name, item.outcome, item.reason) for item in found] == [
        (names[0], Outcome.PASSED, None),
        (names[1], Outcome.SKIPPED, "no"),
        (names[2], Outcome.FAILED, None),
        ("setUpClass (tempest.a.B)", Outcome.FAILED, None),
    ]
    assert "Bad: 1" in (found[2].trace or "")


@pytest.mark.parametrize(
    ("case", "outcomes"),
    [
        ("<testcase name='a.b'/>", [Outcome.PASSED]),
        ("<testcase name='a.b'><failure/><error/></testcase>", [Outcome.FAILED]),
        ("<testcase name='a.b'><skipped/><error/></testcase>", [Outcome.SKIPPED]),
        ("<testcase name='a.b'><flakyFailure/></testcase>", [Outcome.FAILED, Outcome.PASSED]),
        ("<testcase name='a.b'><rerunError/><failure/></testcase>", [Outcome.ERROR, Outcome.FAILED]),
        ("<testcase name='a.b' status='notrun'/>", [Outcome.NOT_RUN]),
        ("<testcase name='a.b' status='run' result='completed'/>", [Outcome.PASSED]),
        ("<testcase name='a.b'><error type='not_run'/></testcase>", [Outcome.NOT_RUN]),
        ("<testcase name='a.b'><failure type='passed'/></testcase>", [Outcome.FAILED]),
        ("<testcase name='interop' classname='defcore.verdict'/>", []),
        ("<testcase name='a'><properties><property name='id' value='no'/></properties></testcase>", [Outcome.PASSED]),
        ("<system-out>x</system-out>", []),
    ],
)
def test_the_worst_that_is_told_of_a_test_counts(case: str, outcomes: list[Outcome]) -> None:
    """If it fails, a test that failed once, or never ran, comes in as a pass."""
    assert [item.outcome for item in told(f"<testsuite>{case}</testsuite>")] == outcomes


def test_times_are_those_of_the_suite() -> None:
    """If it fails, a report tells another day than the one of the tests."""
    found = told(
        "<testsuites><testsuite timestamp='2026-11-20T10:00:00'><testcase name='a' time='1,000.5'/>"
        "<testsuite><testcase name='b' time='nan'/></testsuite></testsuite>"
        "<testsuite timestamp='soon'><testcase name='c' time='x'/></testsuite></testsuites>"
    )
    assert [(item.started, item.seconds) for item in found] == [
        (1795168800.0, 1000.5),
        (1795168800.0, None),
        (None, None),
    ]


def test_of_a_long_text_the_end_is_kept() -> None:
    """If it fails, one test's output fills the memory."""
    body = "x" * 200_000 + "<br/>the end"
    found = told(f"<testsuite><testcase name='a'><failure>{body}</failure></testcase></testsuite>")[0].trace or ""
    assert len(found) == MAX_TEXT
    assert found.endswith("the end")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "xml-doctype"),
        ("<!DOCTYPE t SYSTEM 'file:///etc/passwd'><testsuite/>", "xml-doctype"),
        ("<testsuite><testcase name='a'>", "bad-xml"),
        ("<testsuite><testcase name='&x;'/></testsuite>", "bad-xml"),
        ("", "bad-xml"),
        ("<html/>", "not-junit"),
        ("<testsuites>" + "<testsuite>" * 60, "not-junit"),
    ],
)
def test_what_is_no_report_is_refused(content: str | bytes, code: str) -> None:
    """If it fails, a bomb or a half file takes the machine down, or comes in by half."""
    assert refused(content).code == code


def test_beyond_the_limit_it_is_refused() -> None:
    """If it fails, an endless file is read for ever."""
    with pytest.raises(InputError) as caught:
        list(read(io.BytesIO(b"<testsuite>" + b" " * 300_000), "file.xml", 100_000))
    assert caught.value.code == "too-large"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<testsuite>",
                "</testsuite>",
                "<testcase name='a'>",
                "</testcase>",
                "<failure>",
                "</failure>",
                "x",
                "<skipped/>",
            ]
        ),
        max_size=12,
    )
)
def test_any_elements_give_results_or_one_line(parts: list[str]) -> None:
    """If it fails, a report that nests in an odd way costs a traceback."""
    with contextlib.suppress(InputError):
        told("".join(parts))


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """If it fails, a file of empty elements is read for minutes."""
    monkeypatch.setattr("defcore.importing.junit.MAX_PIECES", 3)
    assert refused("<testsuite>" + "<a/>" * 3 + "</testsuite>").code == "too-many"
