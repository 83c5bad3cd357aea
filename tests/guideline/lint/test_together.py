"""Rules that look at several guidelines at once, and how a set is compared."""

from __future__ import annotations

import pytest

from defcore.guideline.lint import lint_all
from defcore.guideline.lint.model import Looks, Subject
from defcore.guideline.lint.rules import ALL
from tests.guideline.builders import Doc, drop, put
from tests.guideline.old_files import ONE, SOURCE, TWO, v1_2

from .builders import APPROVAL, STATUS, capability, check_all, clean, entry, keys, source, uid


def series(*names: str, status: str = "approved") -> list[Doc]:
    """Return guidelines of these ids, each replacing the one before."""
    docs = []
    for before, name in zip(("2000.01", *names), names, strict=False):
        docs.append(put(put(clean(name), (*APPROVAL, "replaces"), before), STATUS, status))
    return docs


def test_two_may_be_approved_at_once() -> None:
    """Vendors may use the two latest, so two is no finding."""
    assert check_all(*series("2019.11", "2020.06")) == ()


def test_more_than_two_are_too_many() -> None:
    """Four stood as approved for years; nobody could say which two counted."""
    found = check_all(*series("2018.11", "2019.06", "2019.11", "2020.06"))
    assert keys(found) == [("approved-at-once", "2018.11"), ("approved-at-once", "2019.06")]
    assert "4 guidelines are approved at once (2018.11, 2019.06, 2019.11, 2020.06)" in found[0].message
    assert found[0].path == "$.metadata.os_trademark_approval.status"


def test_add_ons_are_counted_apart() -> None:
    """An add-on stands beside the platforms, it does not replace one."""
    docs = series("2019.11", "2020.06")
    dns = [put(doc, ("metadata", "source"), SOURCE) for doc in series("dns.2019.11", "dns.2020.06", "dns.2018.02")]
    found = [item for item in lint_all([source(doc) for doc in (*docs, *dns[:2])]) if item.rule == "approved-at-once"]
    assert found == []
    (late,) = [item for item in check_all(*docs, *dns) if item.rule == "approved-at-once"]
    assert late.subject == "dns.2018.02"
    assert "of dns are approved at once" in late.message


def test_none_is_passed_over() -> None:
    """A guideline that starts from an old one drops what was decided since."""
    docs = series("2018.11", "2019.06", "2019.11")
    docs[2] = put(docs[2], (*APPROVAL, "replaces"), "2018.11")
    docs = [put(doc, STATUS, "superseded") for doc in docs]
    (found,) = [item for item in check_all(*docs) if item.rule == "lineage-skipped"]
    assert (found.subject, found.message) == ("2019.11", "it replaces 2018.11, but 2019.06 was approved since")
    docs[1] = put(docs[1], STATUS, "draft")
    assert not [item for item in check_all(*docs) if item.rule == "lineage-skipped"]
    docs[2] = drop(docs[2], (*APPROVAL, "replaces"))
    assert not [item for item in check_all(*docs) if item.rule == "lineage-skipped"]


def test_an_id_names_one_guideline() -> None:
    """Two files of one id: a verdict under that id may be by either."""
    files = [source(clean(), "a/2018.02.json"), source(clean(), "b/2018.02.json")]
    found = lint_all(files)
    assert [(item.rule, item.file, item.message) for item in found] == [
        ("id-doubled", "b/2018.02.json", "the id is that of 2018.02.json too")
    ]


def test_a_test_keeps_its_id() -> None:
    """In 2018.02 the id of one test was overwritten by another's: results for it were counted for the other."""
    one = clean("2016.08", put=capability(update=entry("7"), crud=entry("6")))
    two = clean("2018.02", put=capability(crud=entry("6"), show=entry("6", aliases=["tempest.api.update"])))
    found = [item for item in check_all(two, one) if item.rule == "id-changed"]
    assert [(item.file, item.subject) for item in found] == [("2018.02.json", "tempest.api.update")]
    assert f"has the id {uid('6')} here and {uid('7')} in 2016.08" in found[0].message


def test_an_id_that_changes_twice_is_told_once_a_file() -> None:
    """The same line must not be reported twice because a name stands in two capabilities."""
    one = clean("2016.08", put=capability(x=entry("7")))
    two = clean("2018.02", put=capability(x=entry("6")), get=capability(x=entry("6")))
    assert len([item for item in check_all(one, two) if item.rule == "id-changed"]) == 1


def test_names_without_ids_change_nothing() -> None:
    """The stand-in id of a test of 1.2 is no id that could have changed."""
    new = put(clean(), ("capabilities", "objectstore-object-put", "tests"), {ONE: entry("1"), TWO: entry("2")})
    assert not [item for item in check_all(v1_2(), new) if item.rule == "id-changed"]


def test_a_set_is_compared_along_what_replaces_what() -> None:
    """A folder with gaps must not be compared across them: what happened in between is not known."""
    old = clean("2017.01", put=capability(put=entry("1")))
    new = clean("2018.02", get=capability(get=entry("3")))
    assert [item.rule for item in check_all(old, new)] == []
    new = put(new, (*APPROVAL, "replaces"), "2017.01")
    assert [item.rule for item in check_all(old, new)] == ["required-unannounced", "removed-unannounced"]


def test_the_previous_one_may_be_named() -> None:
    """Somebody compares a draft with a file that lies elsewhere."""
    old = clean("2017.01", put=capability(put=entry("1")))
    new = clean("2018.02", put=capability(put=entry("1")))
    assert keys(lint_all([source(new)], source(old))) == [("lineage", "2018.02")]


def test_a_guideline_is_not_compared_with_itself() -> None:
    """A file that says that it replaces itself is odd, and no history."""
    assert check_all(put(clean(), (*APPROVAL, "replaces"), "2018.02")) == ()


@pytest.mark.parametrize(
    ("name", "target", "series_", "month"),
    [
        ("2020.06", "2020.06", "", "2020.06"),
        ("dns.2020.06", None, "dns", "2020.06"),
        ("next", "2018-08-01", "", "2018.08"),
        ("2015.next", None, "", None),
        ("nfv.next", "someday", "nfv", None),
        ("Mine", "2031.05", "Mine", "2031.05"),
    ],
)
def test_series_and_month(name: str, target: str | None, series_: str, month: str | None) -> None:
    """Which rules bind a guideline depends on its month, and what it is counted with on its series."""
    doc = clean(name)
    doc["metadata"]["os_trademark_approval"]["target_approval"] = target
    subject = Subject(source(doc))
    assert (subject.series, subject.month) == (series_, month)


def test_every_rule_on_sets_is_tested_here() -> None:
    """A rule that nobody has seen at work may not work."""
    assert {rule.id for rule, _ in ALL if rule.looks is Looks.SET} == {
        "lineage-skipped",
        "approved-at-once",
        "id-doubled",
        "id-changed",
    }
