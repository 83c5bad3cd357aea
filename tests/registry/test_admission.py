"""Admission: what is in order comes in, and everything else hears all that is wrong with it."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from defcore.attest import dsse, keys
from defcore.attest.canonical import canonical, sha256_hex
from defcore.registry.check import index
from defcore.registry.examine import glance
from defcore.registry.model import Held, Submission
from defcore.registry.store import GUIDELINES
from defcore.run.record import Outcome
from defcore.score.product import Containment, Declaration

from .conftest import NOW, Anything, Registry, rules

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = ("payload", "predicate", "subject", "product", "guideline", "run", "predicateType", "report", "digest", "id")


def JSON(inner: Anything) -> Anything:  # noqa: N802 - a strategy
    """Give objects with the keys that a report has."""
    return some.dictionaries(some.sampled_from(KEYS), inner)


T1 = "11111111-0000-4000-8000-000000000000"


def test_an_honest_report_is_admitted(registry: Registry) -> None:
    """If it fails, an honest vendor is turned away."""
    verdict = registry.admit(registry.submission())
    assert verdict.findings == ()
    assert verdict.entry is not None
    names = f"acme-{sha256_hex(b'Acme')[:8]}/cloud-{sha256_hex(b'Cloud')[:8]}"
    assert verdict.entry.place == f"{names}/2026.11/2026-11-20-{verdict.entry.digest[:12]}"
    assert verdict.public is not None
    assert verdict.public.report.public


def test_a_public_report_alone_is_admitted_with_a_note(registry: Registry) -> None:
    """If it fails, a vendor that keeps its failures to itself cannot take part, or nobody is told what was not seen."""
    verdict = registry.admit(replace(registry.submission(), full=None))
    assert rules(verdict) == ["full"]
    assert not verdict.refused


def test_a_full_report_alone_is_not_shown(registry: Registry) -> None:
    """If it fails, the registry has a report of which it may show nothing."""
    assert rules(registry.admit(replace(registry.submission(), public=None))) == ["public"]


def test_a_failing_cloud_is_admitted(registry: Registry) -> None:
    """If it fails, only those who pass everything can say what they pass."""
    run = registry.house.run_record({T1: Outcome.FAILED})
    assert registry.admit(registry.submission(run=run)).findings == ()


def test_all_findings_come_at_once(registry: Registry) -> None:
    """If it fails, a vendor mends one thing, submits, and hears of the next, ten times over."""
    product = registry.house.described(
        product="Certified Cloud", configuration={"system": "TBD"}, declarations=(), release="\u202etxt"
    )
    run = registry.house.run_record(partial=True, selection="swift only", complete=True)
    verdict = registry.admit(registry.submission(product=product, run=run), now=NOW + dt.timedelta(days=90))
    assert {"complete", "fresh", "placeholder", "words", "product", "configuration", "label"} == set(rules(verdict))


def _stranger(registry: Registry) -> Submission:
    return registry.submission(key=registry.world.stranger)


def _rival(registry: Registry) -> Submission:
    return registry.submission(key=registry.world.rival)


def _altered(registry: Registry) -> Submission:
    made = registry.submission()
    value = json.loads(made.full or b"")
    value["payload"] = base64.b64encode(
        base64.b64decode(value["payload"]).replace(b"four disks", b"nine disks")
    ).decode()
    return replace(made, full=canonical(value) + b"\n")


def _without_signature(registry: Registry) -> Submission:
    value = json.loads(registry.submission().full or b"")
    value["signatures"] = []
    return Submission(full=canonical(value) + b"\n")


def _tampered(change: Callable[[Anything], object]) -> Callable[[Registry], Submission]:
    return lambda registry: Submission(full=registry.house.tampered(change, registry.submission().full))


def _bomb(value: Anything) -> None:
    content = gzip.compress(b" " * 200_000_000, mtime=0)
    value["guideline"].update(content=base64.b64encode(content).decode(), digest=sha256_hex(b"?"))


def _known_bomb(value: Anything) -> None:
    content = gzip.compress(b" " * 200_000_000, mtime=0)
    value["guideline"].update(content=base64.b64encode(content).decode())


def _deep(registry: Registry) -> Submission:
    payload = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    return Submission(full=dsse.seal(payload, [registry.house.key]))


def _doubled_key(registry: Registry) -> Submission:
    payload = base64.b64decode(json.loads(registry.submission().full or b"")["payload"])
    return Submission(
        full=dsse.seal(payload.replace(b'"program":', b'"program":"x","program":', 1), [registry.house.key])
    )


def _product(**more: Anything) -> Callable[[Registry], Submission]:
    return lambda registry: registry.submission(product=registry.house.described(**more))


def _run(**more: Anything) -> Callable[[Registry], Submission]:
    return lambda registry: registry.submission(run=registry.house.run_record(**more))


TWICE = tuple(Declaration(section="swift", containment=word) for word in Containment)
ENDLESS = {f"key {number}": ("long " * 300).strip() for number in range(90)}


def _easier(registry: Registry) -> Submission:
    value = registry.house.guideline_value()
    value["metadata"]["scoring"]["cutoff_score"] = 1
    return registry.submission(source=registry.house.guideline_file(value))


BAD = {
    "unsigned": (_without_signature, "signature"),
    "altered": (_altered, "signature"),
    "foreign key": (_stranger, "key"),
    "another vendor's key": (_rival, "key"),
    "dated 2099": (_tampered(lambda value: value.update(issued_at="2099-01-01T00:00:00Z")), "fresh"),
    "no such day": (_tampered(lambda value: value.update(issued_at="2026-13-40T00:00:00Z")), "fresh"),
    "dated before its run": (_tampered(lambda value: value.update(issued_at="2026-11-01T00:00:00Z")), "fresh"),
    "omitted test": (_tampered(lambda value: value["results"].pop()), "tests"),
    "doubled test": (_tampered(lambda value: value["results"].append(value["results"][0])), "tests"),
    "invented test": (_tampered(lambda value: value["results"][0].update(id=T1.replace("1", "9"))), "tests"),
    "inflated verdict": (_tampered(lambda value: value["results"][0].update(outcome="failed")), "verdict"),
    "inflated level": (_tampered(lambda value: value["run"].update(level="L3")), "label"),
    "other product": (_tampered(lambda value: value["product"].update(version="9")), "target"),
    "unknown field": (_tampered(lambda value: value.update(extra=1)), "readable"),
    "decompression bomb": (_tampered(_bomb), "guideline"),
    "bomb under a known digest": (_tampered(_known_bomb), "guideline"),
    "deep nesting": (_deep, "readable"),
    "duplicate keys": (_doubled_key, "readable"),
    "an easier guideline": (_easier, "guideline"),
    "a run cut off": (_run(complete=False), "complete"),
    "a void run": (_run(void="the cloud was down"), "complete"),
    "signed long after": (_run(started="2026-09-01T00:00:00Z", ended="2026-09-01T01:00:00Z"), "fresh"),
    "nothing configured": (_product(configuration={}), "configuration"),
    "next to nothing": (_product(configuration={"system": "one machine"}), "configuration"),
    "a placeholder": (_product(version="tbd"), "placeholder"),
    "a section undeclared": (_product(declarations=()), "product"),
    "a section declared twice": (_product(declarations=TWICE), "product"),
    "a mark in the name": (_product(product="OpenStack Powered Cloud"), "label"),
    "a mark in the comment": (_product(configuration={"system": "Cloud Storage on four disks"}), "label"),
    "an endless name": (_product(product="x" * 300), "words"),
    "an endless description": (_product(configuration=ENDLESS), "words"),
    "letters that turn round": (_product(product="Cl\u202eduo"), "words"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_the_rule_that_it_breaks(registry: Registry, case: str) -> None:
    """If it fails, this attack, or this slip, gets into the registry, or is explained by the wrong rule."""
    make, rule = BAD[case]
    verdict = registry.admit(make(registry))
    assert rule in rules(verdict), verdict.findings
    assert verdict.refused


def test_a_public_report_with_a_pass_more_is_refused(registry: Registry) -> None:
    """If it fails, the pages show a pass that the report behind them does not have."""
    bad, good = registry.submission(run=registry.house.run_record({T1: Outcome.FAILED})), registry.submission()
    forged = registry.house.statement(good.public)
    forged["predicate"]["report"]["sha256"] = sha256_hex(bad.full or b"")
    verdict = registry.admit(Submission(full=bad.full, public=registry.house.resign(forged)))
    assert rules(verdict) == ["pair"]


def test_reports_in_each_others_place_are_refused(registry: Registry) -> None:
    """If it fails, a full report is shown to everybody because of its file's name."""
    made = registry.submission()
    assert rules(registry.admit(Submission(full=made.public, public=made.full))) == ["readable", "readable"]


def test_a_vendor_that_is_not_admitted_is_held_back(registry: Registry) -> None:
    """If it fails, whoever has a key is shown before the authority has said yes."""
    for path in registry.folder.act_files():
        path.unlink()
    verdict = registry.admit(registry.submission())
    assert (rules(verdict), verdict.held, verdict.refused) == (["vendor"], True, False)


def test_an_admission_that_has_ended_holds_back_what_is_new_only(registry: Registry) -> None:
    """If it fails, a vendor that left still submits, or its honest history vanishes."""
    from defcore.attest import decide

    world = registry.world
    for path in registry.folder.act_files():
        path.unlink()
    registry.act(world.approval)
    build = decide.admit(world.trust, "Acme", since="2026-11-01T00:00:00Z", until="2026-11-25T00:00:00Z")
    registry.act(world.issue(build, world.board[:1], NOW - dt.timedelta(days=20)))
    assert rules(registry.admit(registry.submission())) == ["vendor"]
    assert registry.admit(registry.submission(), new=False).findings == ()


def test_the_same_report_again_is_no_fault(registry: Registry) -> None:
    """If it fails, a vendor whose connection broke cannot simply submit again."""
    made = registry.submission()
    registry.put(made)
    verdict = registry.admit(made, index(registry.folder))
    assert (verdict.findings, verdict.there) == ((), verdict.entry and verdict.entry.place)


def test_a_run_signed_again_is_a_replay(registry: Registry) -> None:
    """If it fails, old results come back as new ones."""
    registry.put(registry.submission())
    again = registry.submission(issued_at=registry.house.issued_at + dt.timedelta(days=1))
    verdict = registry.admit(again, index(registry.folder))
    assert rules(verdict) == ["once"]
    other = registry.submission(product=registry.house.described(version="2.0"))
    assert "another product" in registry.admit(other, index(registry.folder)).findings[0].what


def test_an_award_comes_with_its_report(registry: Registry) -> None:
    """If it fails, an award that the authority made is not seen."""
    world = registry.world
    world.house.__dict__["signed"] = made = registry.submission().full
    award = world.issue(world.awarding(made), world.board[:1])
    submission = replace(registry.submission(), full=made, acts=(award,))
    verdict = registry.admit(replace(submission, public=None), now=NOW + dt.timedelta(days=1))
    assert verdict.full is not None
    assert verdict.full.status.value == "awarded"
    assert len(verdict.acts) == 1


def test_acts_alone_are_taken_and_a_strangers_are_not(registry: Registry) -> None:
    """If it fails, an authority cannot hand in its decisions, or anybody can."""
    world = registry.world
    assert registry.admit(Submission(acts=(world.admission,))).findings == ()
    forged = world.forge(world.admission, lambda value: value, [world.stranger])
    verdict = registry.admit(Submission(acts=(forged, b"{}\n")))
    assert rules(verdict) == ["acts", "acts"]


def test_another_trust_policy_is_refused_and_a_newer_one_told(registry: Registry) -> None:
    """If it fails, a submission brings its own authority, or nobody hears that the registry's policy is old."""
    from tests.attest.world import World

    made, world = registry.submission(), registry.world
    foreign = World(registry.house)
    assert rules(registry.admit(replace(made, trust=tuple(foreign.lines)))) == ["trust"]
    assert registry.admit(replace(made, trust=tuple(world.lines[:3]))).findings == ()
    newer = world.change(world.lines, world.granting("New", "vendor", keys.generate()), world.roots[:2])
    verdict = registry.admit(replace(made, trust=tuple(newer)))
    assert rules(verdict) == ["newer"]
    assert not verdict.refused


def test_an_act_that_bears_on_the_report_and_does_not_follow_is_told(registry: Registry) -> None:
    """If it fails, a report is refused without a word of why."""
    world = registry.world
    made = registry.submission()
    award = world.issue(world.awarding(made.full), world.board[:1])
    lifted = world.forge(award, lambda value: value["predicate"].update(verifiedLevels=["DEFCORE_L9"]), world.board[:1])
    verdict = registry.admit(replace(made, acts=(lifted,)))
    assert rules(verdict) == ["acts", "acts"]


@given(data=some.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_any_bytes_get_findings_and_no_exception(registry: Registry, data: bytes) -> None:
    """If it fails, somebody's nonsense ends in a traceback."""
    assert registry.admit(Submission(full=data, public=data, acts=(data,)), Held()).refused


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "../../etc/passwd", "{{7*7}}", "a/b\\c"]
)
def test_names_with_tricks_get_a_plain_place(registry: Registry, text: str) -> None:
    """If it fails, a vendor's name leads out of the folder."""
    verdict = registry.admit(registry.submission(product=registry.house.described(product=text)))
    assert verdict.entry is not None
    vendor, product, _, _ = verdict.entry.place.split("/")
    assert all(part.replace("-", "").replace(".", "").isalnum() for part in (vendor, product))
    assert ".." not in verdict.entry.place


@pytest.mark.parametrize(("name", "words"), [("dns.2026.11", []), ("2027.03", ["guideline", "guideline"])])
def test_a_guideline_counts_from_its_month_on(registry: Registry, name: str, words: list[str]) -> None:
    """If it fails, an add-on's reports are refused, or a guideline of the future counts today."""
    value = registry.house.guideline_value("draft", name)
    source = registry.house.guideline_file(value)
    (registry.root / GUIDELINES / f"{name}.json").write_bytes(source.provenance.content)
    # What an add-on that ships is called is another digest's name here: both are known.
    assert rules(registry.admit(registry.submission(source=source))) == words


@given(some.recursive(some.none() | some.text() | some.integers(), lambda inner: some.lists(inner) | JSON(inner)))
@settings(max_examples=100, deadline=None)
def test_a_glance_at_anything_is_none_or_words(value: Anything) -> None:
    """If it fails, a report of a strange shape ends in a traceback."""
    payload = base64.b64encode(json.dumps(value).encode()).decode()
    assert glance(json.dumps({"payload": payload}).encode(), "x") is None
    assert glance(json.dumps(value).encode(), "x") is None


def test_an_endless_text_is_told(registry: Registry) -> None:
    """If it fails, one field fills a page."""
    statement = registry.house.statement(registry.submission().full)
    statement["predicate"]["run"]["selection"] = "x" * 3000
    assert "words" in rules(registry.admit(Submission(full=registry.house.resign(statement))))


def test_an_impossible_day_is_the_verifiers_finding_alone(registry: Registry) -> None:
    """If it fails, a time that does not exist ends in a traceback, or is told three times."""
    made = _tampered(lambda value: value.update(issued_at="2026-02-30T00:00:00Z"))(registry)
    found = registry.admit(made, new=False).findings
    assert [item.rule for item in found].count("fresh") == 1


def test_two_guidelines_may_judge_one_run(registry: Registry) -> None:
    """If it fails, a run cannot be scored by the next guideline as well."""
    registry.put(registry.submission())
    other = registry.house.guideline_file(registry.house.guideline_value("draft", "2026.08"))
    (registry.root / GUIDELINES / "2026.08.json").write_bytes(other.provenance.content)
    assert registry.admit(registry.submission(source=other), index(registry.folder)).findings == ()
