"""The suite as data: which tests there are, and the digest by which a run names them."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.suite import collect, digest, suite_dir

from .builders import ID1, ID2, ID3, declared, module

if TYPE_CHECKING:
    from pathlib import Path


def test_finds_the_declared_tests(tmp_path: Path) -> None:
    """A test that is not found is one that no cloud is ever asked."""
    module(tmp_path, "object_store/test_put.py", declared("test_put", ID1))
    module(tmp_path, "identity/test_token.py", declared("test_token", ID2, "pass"))
    found = collect(tmp_path)
    assert {test_id: (test.node, test.says, test.meta.id) for test_id, test in found.items()} == {
        ID2: ("identity/test_token.py::test_token", "", ID2),
        ID1: ("object_store/test_put.py::test_put", "It works.", ID1),
    }
    assert found[ID1].meta.service == "object-store"


def test_takes_nothing_else_for_a_test(tmp_path: Path) -> None:
    """A helper, an undeclared function or an imported test counted as one would stand twice, or never run."""
    module(tmp_path, "helper.py", declared("test_not_here", ID2))
    module(
        tmp_path,
        "test_a.py",
        declared("test_a", ID1),
        declared("helper", ID2),
        "def test_undeclared():\n    pass\n",
        "test_value = 7\n",
    )
    module(tmp_path, "test_b.py", "from defcore_suite_test_a import test_a\n")
    assert set(collect(tmp_path)) == {ID1}


def test_an_id_under_two_tests_is_refused(tmp_path: Path) -> None:
    """One of the two would never run, and nobody would know which."""
    module(tmp_path, "test_a.py", declared("test_a", ID1))
    module(tmp_path, "test_b.py", declared("test_b", ID1))
    with pytest.raises(InputError) as caught:
        collect(tmp_path)
    assert str(caught.value) == (
        f"id {ID1} stands under test_a.py::test_a and test_b.py::test_b (give one of them an id of its own)"
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import no_such_module_here\n", "No module named 'no_such_module_here'"),
        ("def broken(:\n", "invalid syntax"),
        (declared("test_a", "not-an-id"), "is not a bare lowercase UUID"),
    ],
)
def test_a_module_that_cannot_be_imported_is_one_line(tmp_path: Path, body: str, words: str) -> None:
    """Whoever writes a test sees what is wrong with it, and in which file."""
    module(tmp_path, "test_bad.py", body)
    with pytest.raises(InputError) as caught:
        collect(tmp_path)
    assert caught.value.where == str(tmp_path / "test_bad.py")
    assert caught.value.what.startswith("cannot be imported: ")
    assert words in caught.value.what
    assert "defcore_suite_test_bad" not in sys.modules


def test_a_file_that_is_no_module_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where Python has no loader for it, the file is named."""
    module(tmp_path, "test_a.py")
    monkeypatch.setattr(importlib.util, "spec_from_file_location", lambda *_: None)
    with pytest.raises(InputError, match=r"test_a\.py: cannot be imported"):
        collect(tmp_path)


def test_the_digest_is_of_paths_and_contents(tmp_path: Path) -> None:
    """Two runs with one digest must have asked the same; the rule is public, so that anybody can check it."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.py").write_bytes(b"1")
    (tmp_path / "a.py").write_bytes(b"2")
    lines = [f"a.py {hashlib.sha256(b'2').hexdigest()}\n", f"b/x.py {hashlib.sha256(b'1').hexdigest()}\n"]
    whole = hashlib.sha256("".join(lines).encode()).hexdigest()
    assert digest(tmp_path) == whole
    (tmp_path / "b" / "__pycache__").mkdir()
    (tmp_path / "b" / "__pycache__" / "x.pyc").write_bytes(b"3")
    assert digest(tmp_path) == whole
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(b"4")
    assert digest(tmp_path) == whole
    (tmp_path / "a.py").rename(tmp_path / "c.py")
    assert digest(tmp_path) != whole


def test_the_digest_is_not_of_its_own_proof(tmp_path: Path) -> None:
    """What a proof has shown of a suite names that suite, and would make another one of it."""
    (tmp_path / "a.py").write_bytes(b"1")
    before = digest(tmp_path)
    (tmp_path / "strength.json").write_bytes(b"{}")
    assert digest(tmp_path) == before


def test_the_digest_covers_what_is_added_in_whatever_order(tmp_path: Path) -> None:
    """A report of tests that another author added would pass for one of the project's own alone."""
    roots = [tmp_path / name for name in "abc"]
    for root in roots:
        root.mkdir()
        (root / "x.py").write_text(root.name)
    one, two, three = roots
    assert digest(one, two) != digest(one)
    assert digest(one, two, three) == digest(one, three, two)
    each = sorted(digest(root) for root in (one, two))
    assert digest(one, two) == hashlib.sha256("".join(f"{item}\n" for item in each).encode()).hexdigest()


def test_added_tests_stand_beside_the_others_by_their_whole_path(tmp_path: Path) -> None:
    """A test of the same file name in another suite would be run in its place."""
    own, other = tmp_path / "own", tmp_path / "other"
    module(own, "store/test_a.py", declared("test_a", ID1))
    module(other, "store/test_a.py", declared("test_a", ID2))
    module(other, ".venv/test_c.py", declared("test_c", ID3))
    found = collect(own, other)
    assert {key: test.node for key, test in found.items()} == {
        ID1: "store/test_a.py::test_a",
        ID2: f"{other}/store/test_a.py::test_a",
    }
    assert found[ID2].function == "test_a"
    assert found[ID2].about == "Things.\n\nhttps://x/things"


def test_an_added_folder_without_tests_is_one_line(tmp_path: Path) -> None:
    """A misspelt --suite would run the project's own tests only, and look like a success."""
    own = tmp_path / "own"
    module(own, "test_a.py", declared("test_a", ID1))
    with pytest.raises(InputError, match="is no folder"):
        collect(own, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no test of a suite"):
        collect(own, tmp_path / "empty")
    with pytest.raises(InputError, match="stands under"):
        collect(own, own.parent / "own")


def test_the_shipped_suite_is_whole() -> None:
    """A suite that cannot be read would leave every run without tests."""
    found = collect(suite_dir())
    assert found
    assert all(test.says for test in found.values())
    assert len(digest(suite_dir())) == 64
