"""What an authority's command refuses to sign, and how several sign one act."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from defcore.attest import acts, decide
from defcore.errors import DefcoreError, InputError, RefusedError
from defcore.run.record import Outcome

from .world import DECIDED, UNTIL

if TYPE_CHECKING:
    from collections.abc import Callable

    from .world import Anything, World


def refused(action: Callable[[], object], kind: type[DefcoreError] = RefusedError) -> str:
    """Return the code with which something is refused."""
    with pytest.raises(kind) as caught:
        action()
    assert "\n" not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("status", ["draft", "superseded"])
def test_only_a_final_guideline_is_approved(world: World, status: str) -> None:
    """Otherwise the approval of a draft would be taken for that of what became of it."""
    source = world.house.guideline_file(world.house.guideline_value(status))
    assert refused(lambda: decide.approve(world.trust, source)) == "not-for-approval"


def test_only_a_vendor_with_a_key_is_admitted(world: World) -> None:
    """Otherwise a slip in a name admits nobody, silently."""
    with pytest.raises(RefusedError, match="vendors with keys: Acme, Rival") as caught:
        decide.admit(world.trust, "Akme", since=None, until=None)
    assert caught.value.code == "no-such-vendor"


def test_a_key_without_the_role_signs_no_act(world: World) -> None:
    """Otherwise a vendor's command would write an act that looks like one."""
    build = decide.approve(world.trust, world.house.source)
    assert refused(lambda: world.issue(build, [world.house.key])) == "not-granted"
    assert refused(lambda: world.issue(build, [world.stranger])) == "unknown-key"
    early = DECIDED.replace(year=2025)
    assert refused(lambda: world.issue(build, world.board[:1], early)) == "outside-grant"


def test_several_sign_one_act(world: World) -> None:
    """Otherwise a quorum could never be reached."""
    build = decide.approve(world.trust, world.house.source)
    first = decide.issue(build, world.board[0], world.trust, DECIDED, file="approval.json")
    assert (first.has, first.takes) == (1, 2)
    later = DECIDED + dt.timedelta(days=3)
    second = decide.issue(build, world.board[1], world.trust, later, joining=first.data, file="approval.json")
    assert (second.has, second.takes, second.decision.digest) == (2, 2, first.decision.digest)
    eyes = decide.issue(build, world.reviewer, world.trust, later, joining=second.data, file="approval.json")
    assert (eyes.has, len(eyes.decision.signers)) == (2, 3)


def test_nobody_signs_another_act_than_the_one_named(world: World) -> None:
    """Attack: the file that is passed on approves another guideline than the one that the second person names."""
    first = decide.issue(
        decide.approve(world.trust, world.house.source), world.board[0], world.trust, DECIDED, file="approval.json"
    )
    value = world.house.guideline_value()
    value["metadata"]["os_trademark_approval"]["releases"] = ["2026.2"]
    other = decide.approve(world.trust, world.house.guideline_file(value))
    code = refused(
        lambda: decide.issue(other, world.board[1], world.trust, DECIDED, joining=first.data, file="approval.json"),
        InputError,
    )
    assert code == "other-proposal"


def test_an_award_that_is_not_earned_is_not_signed(world: World) -> None:
    """Otherwise the authority learns from its critics that the product had failed."""
    broken = {"11111111-0000-4000-8000-000000000000": Outcome.FAILED}
    report = world.house.report(run=world.house.run_record(broken))
    with pytest.raises(RefusedError, match="interop fail, mark not-eligible") as caught:
        world.issue(world.awarding(report), world.board[:1])
    assert caught.value.code == "award-unearned"


def test_an_award_rests_on_approval_and_admission(world: World) -> None:
    """Otherwise an award is made that no verifier accepts."""
    assert refused(lambda: world.issue(world.awarding(decisions=[]), world.board[:1])) == "award-unapproved"
    only = [world.approval]
    assert refused(lambda: world.issue(world.awarding(decisions=only), world.board[:1])) == "award-unadmitted"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"until": "2026-11-30T00:00:00Z"}, "act-span"),
        ({"since": "2026-11-30T00:00:00Z"}, "act-backdated"),
    ],
)
def test_an_award_has_a_life_after_its_making(world: World, words: Anything, code: str) -> None:
    """Otherwise a slip in a year makes an award that has ended already, or one from before it was made."""
    assert refused(lambda: world.issue(world.awarding(**words), world.board[:1])) == code


def test_words_that_cannot_be_are_bad_input(world: World) -> None:
    """Otherwise a slip ends in a traceback."""
    for words in ({"conditions": [" "]}, {"until": "tomorrow"}):
        assert refused(lambda w=words: world.issue(world.awarding(**w), world.board[:1]), InputError) == "bad-words"  # type: ignore[misc]


def test_an_award_may_begin_later(world: World) -> None:
    """Otherwise an award could not be prepared for the day on which it is announced."""
    made = world.issue(world.awarding(since="2027-06-01T00:00:00Z"), world.board[:1])
    assert acts.read(made, world.trust, "award.json").predicate.terms.until == UNTIL


def test_a_revocation_may_begin_later(world: World) -> None:
    """Otherwise nobody could be given time to take a logo down."""
    made = world.issue(world.withdrawing(since="2027-06-01T00:00:00Z"), world.board[:1])
    assert acts.read(made, world.trust, "revocation.json").predicate.terms.since == "2027-06-01T00:00:00Z"
