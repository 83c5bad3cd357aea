"""A guideline in figures."""

from __future__ import annotations

from defcore.guideline.summary import counts, summary

from .builders import ID1, ID2, document, load, put
from .old_files import every


def test_tests_are_counted_by_id() -> None:
    """One test under two capabilities is to be passed once; counting it twice would promise more than is asked."""
    doc = document()
    doc["capabilities"]["get"]["tests"] = {"put one": {"idempotent_id": f"id-{ID1}"}}
    guideline = load(doc).guideline
    assert counts(guideline, guideline.components[0]).must_pass == 1
    assert counts(guideline, guideline.components[0]).flagged == 1


def test_who_must_pass_is_not_flagged() -> None:
    """An id that is flagged in one place and must pass in another must pass."""
    doc = put(document(), ("capabilities", "get", "tests"), {"put.two": {"idempotent_id": f"id-{ID2}"}})
    guideline = load(doc).guideline
    assert (
        counts(guideline, guideline.components[0]).must_pass,
        counts(guideline, guideline.components[0]).flagged,
    ) == (
        2,
        0,
    )


def test_the_value_of_show() -> None:
    """Scripts rely on these keys; a name that changes breaks them."""
    found = summary(load(every("1.2")))
    assert (found["id"], found["schema"], found["status"], found["cutoff"]) == ("2015.03", "1.2", "superseded", None)
    assert found["components"] == {
        "compute": {"required_capabilities": 1, "must_pass": 1, "flagged": 0},
        "object": {"required_capabilities": 1, "must_pass": 1, "flagged": 1},
    }
    assert found["programs"]["openstack-powered-platform"]["components"] == ["compute", "object"]
    assert found["repairs"][0] == {
        "path": "$.platform.depricated",
        "line": 17,
        "message": "key 'depricated' read as 'deprecated'",
    }
    (reference,) = summary(load(every("vertical")))["references"]
    assert reference["component"] == "os_powered_compute"
    assert reference["problem"] == "that file is not at hand"
