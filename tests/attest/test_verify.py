"""Every attack that applies has a test that shows it refused. The attacker holds a good key unless said otherwise."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.attest import keys
from defcore.attest.canonical import canonical, encode, sha256_hex
from defcore.attest.statement import MAX_GUIDELINE
from defcore.attest.verify import LEEWAY, require, verify
from defcore.errors import InputError, RefusedError
from defcore.run.record import Outcome
from defcore.score import KnownGuideline

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Anything, House

FAILING = {"11111111-0000-4000-8000-000000000000": Outcome.FAILED}


def refused(house: House, report: bytes, **more: object) -> str:
    """Return the code with which a report is refused."""
    with pytest.raises(RefusedError) as caught:
        house.verify(report, file="report.dsse.json", **more)
    assert caught.value.exit_code == 1
    assert caught.value.where == "report.dsse.json"
    return caught.value.code


def test_an_honest_report_holds(house: House) -> None:
    """Otherwise nobody's report would be accepted."""
    report = house.report()
    checked = house.verify(report)
    assert (checked.card.interop.value, checked.mark.value, checked.guideline_known) == ("pass", "eligible", True)
    assert checked.signers == (house.key.public.keyid,)
    assert checked.digest == sha256_hex(report)


def test_an_honest_failure_holds_too(house: House) -> None:
    """Otherwise a report of a failing cloud would look like a forged one."""
    checked = house.verify(house.report(run=house.run_record(FAILING)))
    assert (checked.card.interop.value, checked.mark.value) == ("fail", "not-eligible")


def test_an_altered_result_is_refused(house: House) -> None:
    """Attack: whoever has the file, but not the key, turns a failure into a pass."""
    report = house.report(run=house.run_record(FAILING))
    envelope = json.loads(report)
    statement = house.statement(report)
    statement["predicate"]["results"][0]["outcome"] = "passed"
    envelope["payload"] = encode(canonical(statement))
    assert refused(house, canonical(envelope) + b"\n") == "bad-signature"


def test_an_unknown_key_is_refused(house: House) -> None:
    """Attack: somebody signs a report about another's product with a key of his own."""
    with pytest.raises(RefusedError, match="not among the keys given"):
        verify(house.report(), [keys.generate().public])


def test_no_key_at_all_is_refused(house: House) -> None:
    """Otherwise forgetting the key would mean trusting everybody."""
    with pytest.raises(RefusedError, match=r"the keys given \(none\)"):
        verify(house.report(), [])


def drop_first(predicate: Anything) -> None:
    """Leave out a result."""
    del predicate["results"][0]


def double_first(predicate: Anything) -> None:
    """Give a result twice."""
    predicate["results"].insert(0, predicate["results"][0])


def invent(predicate: Anything) -> None:
    """Add a result for a test that does not exist."""
    name = "\x1b[2Jinvented"
    predicate["results"].append(predicate["results"][0] | {"id": "9" * 8 + "-0000-4000-8000-" + "9" * 12, "name": name})


RESULTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "omitted test": (drop_first, "omitted-test"),
    "no results": (lambda p: p.update(results=[]), "omitted-test"),
    "duplicated test": (double_first, "double-test"),
    "invented test": (invent, "invented-test"),
    "renamed test": (lambda p: p["results"][0].update(name="easier"), "invented-test"),
    "reordered tests": (lambda p: p["results"].reverse(), "test-order"),
    "outcome that no run gave": (lambda p: p["results"][0].update(matched=None), "invented-outcome"),
    "outcome without a source": (
        lambda p: p["results"][0].update(matched=None, implementation=None, revision=None),
        "invented-outcome",
    ),
    "source without a match": (
        lambda p: p["results"][0].update(implementation=None, revision=None),
        "invented-outcome",
    ),
}


@pytest.mark.parametrize("attack", RESULTS)
def test_results_that_are_not_those_of_the_guideline_are_refused(house: House, attack: str) -> None:
    """Attack: a vendor leaves out, doubles, invents or renames a test."""
    change, code = RESULTS[attack]
    assert refused(house, house.tampered(change)) == code


STRAY = {"test": "9" * 8 + "-0000-4000-8000-" + "9" * 12, "kind": "advisory", "message": "all is well"}


def inflate_capabilities(predicate: Anything) -> None:
    """Say that every capability passed."""
    for item in predicate["capabilities"]:
        item["verdict"] = "pass"


VERDICTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "interop": (lambda p: p["verdict"].update(interop="pass"), "verdict"),
    "mark": (lambda p: p["verdict"].update(mark="eligible"), "verdict"),
    "reasons": (lambda p: p["verdict"].update(reasons=[{"about": "interop", "code": "all-passed"}]), "reasons"),
    "no reasons": (lambda p: p["verdict"].update(reasons=[]), "reasons"),
    "capability verdict": (inflate_capabilities, "capabilities"),
    "capability status": (lambda p: p["capabilities"][0].update(status="advisory"), "capabilities"),
    "capability left out": (lambda p: p.update(capabilities=p["capabilities"][1:]), "capabilities"),
    "program": (lambda p: p.update(program="Cloud Storage"), "unknown-program"),
    "unknown program": (lambda p: p.update(program="\x1b[2J"), "unknown-program"),
    "other program": (lambda p: p.update(program="other"), "verdict"),
    "level": (lambda p: p["run"].update(level="L3"), "level"),
    "exchanges without a root": (lambda p: p.update(evidence={"root": None, "leaves": 3}), "evidence"),
    "root over nothing": (lambda p: p.update(evidence={"root": "a" * 64, "leaves": 0}), "evidence"),
    "finding about nothing": (lambda p: p.update(findings=[STRAY]), "invented-finding"),
    "partial run hidden": (lambda p: p["run"].update(partial=False), "reasons"),
}


@pytest.mark.parametrize("attack", VERDICTS)
def test_an_inflated_verdict_is_refused(house: House, attack: str) -> None:
    """Attack: a vendor states a better verdict, level or completeness than its results give."""
    change, code = VERDICTS[attack]
    report = house.report(run=house.run_record(FAILING, partial=True, selection="some"))
    assert refused(house, house.tampered(change, report)) == code


TARGETS: dict[str, tuple[Callable[[Any], object], str]] = {
    "other product": (lambda p: p["product"].update(product="Other"), "product"),
    "other version": (lambda p: p["target"].update(version="2.0"), "subject"),
    "description with gaps": (
        lambda p: p["product"].update(configuration={"system": "CHANGE ME"}),
        "product-incomplete",
    ),
}


@pytest.mark.parametrize("attack", TARGETS)
def test_a_swapped_product_is_refused(house: House, attack: str) -> None:
    """Attack: a vendor runs the tests on one product and claims them for another."""
    change, code = TARGETS[attack]
    assert refused(house, house.tampered(change)) == code


@pytest.mark.parametrize("field", ["endpoints", "regions", "vendor"])
def test_a_swapped_target_is_refused(house: House, field: str) -> None:
    """Attack: the target described is another than the one that the subject's digest names."""
    statement = house.statement()
    target = statement["predicate"]["target"]
    target[field] = {"endpoints": {"object-store": "https://other"}, "regions": [], "vendor": "Other"}[field]
    assert refused(house, house.resign(statement)) == "subject"


def test_a_subject_under_another_name_is_refused(house: House) -> None:
    """Attack: the name that people read is another than the target that the digest covers."""
    statement = house.statement()
    statement["subject"][0]["name"] = "Other/Cloud/1.0"
    assert refused(house, house.resign(statement)) == "subject"


def easier(house: House) -> dict[str, Any]:
    """Return the guideline with the same id and the same tests, of which one is excused."""
    value = house.guideline_value()
    flag = {"reason": "D400", "action": "none", "date": "2026-01-01"}
    value["capabilities"]["put"]["tests"]["put_one"]["flagged"] = flag
    return value


def test_an_easier_guideline_with_the_same_tests_is_refused(house: House) -> None:
    """Attack: a vendor excuses the test that fails in a copy of the guideline, and embeds the copy."""
    source = house.guideline_file(easier(house))
    report = house.report(source=source, known=[KnownGuideline.of(source)], run=house.run_record(FAILING))
    assert house.statement(report)["predicate"]["verdict"]["interop"] == "pass"
    assert refused(house, report) == "guideline-swapped"


def test_somebody_who_trusts_the_other_guideline_can_say_so(house: House) -> None:
    """Otherwise nobody could check a report under a guideline of their own."""
    source = house.guideline_file(easier(house))
    report = house.report(source=source)
    assert house.verify(report, known=[KnownGuideline.of(source)]).guideline_known


def packed(content: bytes) -> str:
    """Write a guideline as a report holds it."""
    return encode(gzip.compress(content))


def unpacked(guideline: Anything) -> bytes:
    """Read the guideline that a report holds."""
    return gzip.decompress(base64.b64decode(guideline["content"]))


GUIDELINES: dict[str, tuple[Callable[[Any], object], str]] = {
    "other digest": (lambda g: g.update(digest="0" * 64), "guideline-digest"),
    "other bytes": (lambda g: g.update(content=packed(unpacked(g) + b" ")), "guideline-digest"),
    "no gzip": (lambda g: g.update(content=encode(unpacked(g))), "bad-gzip"),
    "half a gzip": (lambda g: g.update(content=encode(base64.b64decode(g["content"])[:-1])), "bad-gzip"),
    "more than a gzip": (lambda g: g.update(content=encode(base64.b64decode(g["content"]) + b" ")), "bad-gzip"),
    "a gzip that fills the memory": (lambda g: g.update(content=packed(bytes(MAX_GUIDELINE + 1))), "bad-gzip"),
    "no base64": (lambda g: g.update(content=g["content"] + "="), "bad-base64"),
    "other id": (lambda g: g.update(id="2027.05"), "guideline-name"),
    "other source": (lambda g: g.update(uri="https://evil.example"), "guideline-name"),
    "no guideline": (lambda g: g.update(content=packed(b"{}"), digest=sha256_hex(b"{}")), "bad-guideline"),
    "known guidelines hidden": (lambda g: g.update(known=[]), "verdict"),
}


@pytest.mark.parametrize("attack", GUIDELINES)
def test_a_swapped_guideline_is_refused(house: House, attack: str) -> None:
    """Attack: the guideline embedded is another than the one that the report names."""
    change, code = GUIDELINES[attack]
    assert refused(house, house.tampered(lambda p: change(p["guideline"]))) == code


def test_a_guideline_of_the_vendors_own_is_only_a_claim(house: House) -> None:
    """Attack: a vendor writes an approved guideline of one test under a new id, and is eligible by it."""
    source = house.guideline_file(house.guideline_value(guideline_id="2030.01"))
    report = house.report(source=source, known=[KnownGuideline.of(source)])
    assert house.statement(report)["predicate"]["verdict"]["mark"] == "eligible"
    checked = house.verify(report)
    assert (checked.guideline_known, checked.mark.value) == (False, "undetermined")
    for word in ("pass", "eligible"):
        with pytest.raises(RefusedError, match="not among those held here"):
            require(checked, word)


def test_the_mark_is_by_the_guidelines_of_the_verifier(house: House) -> None:
    """Attack: a vendor keeps quiet about two newer guidelines, by which the report's is too old."""
    newer = [KnownGuideline(name, house.known[0].status, name) for name in ("2027.05", "2027.11")]
    checked = house.verify(house.report(), known=[*house.known, *newer])
    assert (checked.card.mark.value, checked.mark.value) == ("eligible", "not-eligible")
    require(checked, "pass")
    with pytest.raises(RefusedError, match="does not show eligible: interop pass, mark not-eligible") as caught:
        require(checked, "eligible")
    assert caught.value.exit_code == 1


def test_what_is_required_and_shown_is_let_through(house: House) -> None:
    """Otherwise a script could never accept anything."""
    checked = house.verify(house.report())
    require(checked, "pass")
    require(checked, "eligible")


TIMES: dict[str, tuple[Callable[[Any], object], str]] = {
    "issued before the end": (lambda p: p.update(issued_at="2026-11-20T09:09:59Z"), "time-order"),
    "ended before the start": (lambda p: p["run"].update(started="2026-11-20T09:20:00Z"), "time-order"),
    "no such day": (lambda p: p.update(issued_at="2026-11-31T09:30:00Z"), "bad-time"),
    "complete without an end": (lambda p: p["run"].update(ended=None), "run-end"),
}


@pytest.mark.parametrize("attack", TIMES)
def test_impossible_times_are_refused(house: House, attack: str) -> None:
    """Attack: a vendor moves a run to the date that suits it."""
    change, code = TIMES[attack]
    assert refused(house, house.tampered(change)) == code


def test_a_report_from_the_future_is_refused(house: House) -> None:
    """Attack: a report dated ahead hides every later one."""
    now = house.issued_at - LEEWAY
    assert house.verify(house.report(), now=now)
    assert refused(house, house.report(), now=now - dt.timedelta(seconds=1)) == "future"


def test_a_report_outlives_the_years(house: House) -> None:
    """Otherwise a report would be worthless as soon as it is needed."""
    assert house.verify(house.report(), now=house.issued_at.replace(year=2036))


def test_an_unfinished_run_can_be_verified(house: House) -> None:
    """Otherwise an honest vendor could not show how far it has come."""
    run = house.run_record({house.ids[0]: Outcome.NOT_RUN}, complete=False, ended=None)
    assert house.verify(house.report(run=run)).card.interop.value == "untested"


def test_what_is_no_report_is_bad_input(house: House) -> None:
    """Otherwise somebody who names the wrong file is told that a report was forged."""
    with pytest.raises(InputError) as caught:
        house.verify(b"{}")
    assert caught.value.exit_code == 2
