"""What is said of a bundle: in plain words for people, as JSON for scripts, and never more than is true."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from defcore.attest import acts, chain, policy, verdict
from defcore.attest.trustview import draft_json, draft_text
from defcore.run.record import Outcome

from .test_award import waived
from .world import BEGIN, DECIDED, TODAY, UNTIL

if TYPE_CHECKING:
    from .world import World

LATER = TODAY.replace(year=2037)


def test_an_award_in_words(world: World) -> None:
    """Otherwise nobody but a programmer could tell what a bundle proves."""
    found = world.judge(world.bundle)
    text = verdict.judgement_text(found)
    assert text.startswith("Awarded by Board, valid from 2026-12-01 UTC until 2027-12-01 UTC.\n")
    for words in (
        "status     awarded on 2027-01-15",
        "level      L0: signed by the vendor Acme itself, whose key is enrolled",
        "the authority approved guideline 2026.11, these very bytes, on 2026-12-01 UTC, with 2 of its keys (2 needed)",
        "the authority admitted the vendor Acme",
        "the award follows from this very report",
        "condition of the award: test again after an upgrade",
        "condition of the admission: in Europe only",
        "that Board granted each key to the right party",
        "it is the signer's own clock, no log bears witness to it yet",
        "and 3 acts are here; ask for later ones",
        "mark: every condition for the mark is met",
    ):
        assert words in text
    assert "that the key belongs to Acme" not in text
    assert "the one held here" not in text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (
            DECIDED - dt.timedelta(days=1),
            "Self-tested: Board awards it from 2026-12-01 UTC on, and not yet on 2026-11-30.",
        ),
        (DECIDED + dt.timedelta(days=1), "Awarded by Board, valid from 2026-12-01 UTC until 2027-12-01 UTC."),
        (TODAY, "Revoked: Board took the award back from 2026-12-15 UTC on: the cloud was changed"),
    ],
)
def test_the_headline_is_of_the_day(world: World, day: dt.datetime, words: str) -> None:
    """Otherwise an award that ended, or did not begin, would be the first thing that people read."""
    found = world.judge(world.pack(world.approval, world.admission, world.award, world.revocation), at=day)
    assert verdict.headline(found) == words
    assert "the authority took the award back on 2026-12-15 UTC" in verdict.judgement_text(found)[:5000] or day < TODAY


def test_an_award_that_ended_in_words(world: World) -> None:
    """Otherwise an expired award would read like one in force."""
    found = world.judge(world.bundle, at=LATER)
    assert verdict.headline(found) == (
        "Expired: it was awarded by Board until 2027-12-01 UTC, and is so no longer on 2037-01-15."
    )


def test_a_self_test_in_words(world: World) -> None:
    """Otherwise a self-test would read like an award."""
    broken = world.house.run_record(dict.fromkeys(world.house.ids, Outcome.FAILED))
    text = verdict.judgement_text(world.judge(world.pack(report=world.house.report(run=broken))))
    assert text.startswith("Self-tested: on 2027-01-15 this file shows no award by Board.\n")
    assert "Why" in text
    assert "award follows" not in text
    lab = world.judge(world.pack(report=world.house.report(key=world.lab)))
    assert "signed by the lab Lab" in verdict.judgement_text(lab)


def test_waivers_are_shown(world: World) -> None:
    """Otherwise an award with exceptions would look like one without."""
    full, _, made = waived(world)
    text = verdict.judgement_text(world.judge(world.pack(world.approval, world.admission, made, report=full)))
    assert text.startswith("Awarded by Board, valid from 2026-12-01 UTC until 2027-12-01 UTC, with 2 waivers.\n")
    assert "waiver for section swift: the change was sent upstream" in text
    act = verdict.act_text(acts.read(made, world.trust, "award.json"), 1, 1)
    assert "waiver     section swift: the change was sent upstream\n" in act


def test_keys_that_went_out_of_use_are_named(world: World) -> None:
    """Otherwise nobody would hear that the key behind a report was stolen since."""
    two, day = world.roots[:2], dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    lines = world.change(world.lines, policy.Revoking(world.house.key.public.keyid, "stolen"), two, day)
    lines = world.change(lines, policy.Rotating(old=world.board[0].public.keyid, new=world.stranger.public), two, day)
    found = verdict.limits(world.judge(world.bundle, at=LATER, trusted=lines))
    keyid = world.house.key.public.keyid
    assert (
        f"the key {keyid} of Acme was revoked since: what it signed before 2027-02-01 UTC keeps its worth (stolen)"
        in found
    )
    assert f"the key {world.board[0].public.keyid} of Board is out of use as authority since 2027-02-01 UTC" in found
    assert not any("revoked since" in item for item in verdict.limits(world.judge(world.bundle, trusted=lines)))


def test_the_same_as_json(world: World) -> None:
    """Otherwise a script would have to read prose."""
    value = json.loads(json.dumps(verdict.judgement_json(world.judge(world.bundle))))
    assert (value["status"], value["at"], value["authority"]) == ("awarded", "2027-01-15T00:00:00Z", "Board")
    assert value["trust"] == {"pin": world.trust.pin, "version": 7, "issued_at": "2026-01-01T00:00:00Z"}
    assert value["award"]["urn:defcore:award:v1"]["until"] == UNTIL
    assert value["report"]["interop"] == "pass"
    assert verdict.judgement_json(world.judge(world.pack()))["award"] is None


def test_nothing_that_others_wrote_acts_on_a_terminal(world: World) -> None:
    """Attack: a product's name moves the cursor or colours the screen."""
    report = world.house.report(product=world.house.described(product="\x1b[2JCloud"))
    assert "\x1b" not in verdict.judgement_text(world.judge(world.pack(report=report)))


def test_an_act_alone(world: World) -> None:
    """Otherwise whoever is asked to sign an act could not look at it first."""
    found = acts.read(world.revocation, world.trust, "revocation.json")
    text = verdict.act_text(found, 1, 1)
    assert "act        revoke\n" in text
    assert "reason     the cloud was changed\n" in text
    value = json.loads(json.dumps(verdict.act_json(found, 1, 2)))
    assert (value["act"], value["signed"], value["takes"]) == ("revoke", 1, 2)


def test_a_trust_policy_in_words(world: World) -> None:
    """Otherwise nobody could tell who may sign for whom."""
    stolen = policy.Revoking(world.house.key.public.keyid, "stolen", "2026-06-01T00:00:00Z")
    lines = world.change(world.lines, stolen, world.roots[:2])
    draft = chain.read_draft(lines, "trust.jsonl")
    text = draft_text(draft, TODAY)
    assert f"pin        {world.trust.pin}" in text
    assert "roots      2 of 3 for every change" in text
    assert "revoked    vendor for Acme" in text
    assert "good       lab for Lab" in text
    value = json.loads(json.dumps(draft_json(draft, TODAY)))
    assert (value["pin"], value["pending"], len(value["versions"])) == (world.trust.pin, None, 8)
    assert value["policy"]["grants"][2]["standing"] == "revoked"


def test_a_proposal_in_words(world: World) -> None:
    """Otherwise the second person signs without seeing what."""
    until = "2026-06-01T00:00:00Z"
    what = world.granting("New", "lab", world.stranger, until=until)
    lines = world.change(world.lines, what, world.roots[:1])
    draft = chain.read_draft(lines, "trust.jsonl")
    text = draft_text(draft, BEGIN)
    assert "Version 8, proposed 2026-01-01T00:00:00Z, lacks signatures: 1 of 2 by the roots" in text
    assert (
        f"  + good       lab for New: {world.stranger.public.keyid} from 2026-01-01T00:00:00Z until {until}\n" in text
    )
    value = draft_json(draft, BEGIN)
    assert (value["pending"]["version"], value["pending"]["lacks"]) == (8, "1 of 2 by the roots")
    begin = policy.begin("Board", [key.public for key in world.roots], 2, {})
    first = chain.read_draft(world.change([], begin, world.roots[:1]), "trust.jsonl")
    assert draft_json(first, BEGIN)["pin"] is None
    assert "Version 1, proposed" in draft_text(first, BEGIN)
