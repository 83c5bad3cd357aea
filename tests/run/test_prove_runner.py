"""The proofs of ``make prove-runner``, small: what the runner promises about bad days, shown on the real cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.prove_runner import cost, kills, noise, planted, tarpit, together
from benchmarks.prove_runner.bystander import left, things, touched
from benchmarks.prove_runner.proxy import Dice, Trouble
from benchmarks.prove_runner.stage import Figure, Stage

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.refcloud import Cloud

LENT = ("objectstore-account-quotas", "objectstore-temp-url-get", "objectstore-object-versioned")
"""What changes an account for a while, and what a repeated request would spoil."""


@pytest.fixture
def stage(tmp_path: Path, refcloud: Cloud) -> Stage:
    """Give a stage on the plain reference cloud, for a part of the storage program."""
    return Stage(tmp_path, refcloud, only=(*LENT, "objectstore-container-metadata"))


def shown(figures: list[Figure]) -> None:
    """Require that every figure is as it must be."""
    assert [str(figure) for figure in figures if not figure.kept] == []


def test_runs_that_are_killed_are_resumed_to_the_same_end(stage: Stage) -> None:
    """A crash would cost a vendor the run, leave servers behind, or take somebody else's things."""
    shown(kills.prove(stage, 1, seed=3))


def test_a_network_that_breaks_fails_no_test(stage: Stage) -> None:
    """A cloud would be called non-conforming for a lost packet, and nobody would see that it was one."""
    shown(noise.prove(stage, 1, seed=1, one_in=25))


def test_a_tarpit_costs_its_own_tests_alone(stage: Stage) -> None:
    """One dead service would hold up the run for hours, or take the results of the others with it."""
    stage.only = ("identity-v3-tokens-create", "objectstore-container-metadata")
    quick = {"connect": 0.5, "read": 0.3, "total": 1, "retries": 1}
    shown(tarpit.prove(stage, 1, seed=0, policy=quick))


def test_no_planted_secret_is_written_anywhere(stage: Stage) -> None:
    """A vendor publishes its run; one token, password or key in it would open its cloud to everybody."""
    wanted = ("temp-url-get", "container-acl", "object-create", "container-list")
    stage.only = tuple(f"objectstore-{name}" for name in wanted)
    shown(planted.prove(stage, 1, seed=0))


def test_two_runs_at_once_do_not_see_each_other(stage: Stage) -> None:
    """Two teams that test one project would spoil each other's results."""
    stage.only = LENT
    shown(together.prove(stage, 1, seed=0))


def test_the_cost_of_evidence_is_measured(stage: Stage) -> None:
    """The figure would be one of runs that both had evidence, or none."""
    stage.only = ("objectstore-info-request",)
    (figure,) = cost.prove(stage, 1, seed=0)
    assert 0.5 < figure.good < 2


# -- the parts --------------------------------------------------------------------------------------------------------


def test_a_figure_that_is_not_kept_says_so() -> None:
    """A proof that fails would look like one that holds."""
    assert str(Figure("tests passed", 3, 3)) == "3 of 3 tests passed"
    assert str(Figure("tests passed", 2, 3)) == "2 of 3 tests passed  <- NOT KEPT"
    assert Figure("tests passed", 2, 3, must=False).kept


def test_trouble_comes_as_often_as_it_is_said() -> None:
    """A proxy that makes no trouble would prove that a runner bears none."""
    dice = Dice(seed=1)
    for _ in range(20_000):
        dice("GET /")
    assert dice.counts[Trouble.LOST] + dice.counts[Trouble.UNHEARD] == pytest.approx(200, rel=0.25)
    for kind in (Trouble.BUSY, Trouble.SLOW_DOWN, Trouble.STALL):
        assert dice.counts[kind] == pytest.approx(200, rel=0.25)
    assert len(dice.met) == 20_000 - dice.counts[Trouble.NONE]


def test_what_is_left_or_touched_is_seen() -> None:
    """A comparison that sees nothing would call every run clean."""
    held = {"headers": {"x": "1"}, "objects": {"a": {"hash": "1"}}}
    before = {"main": {"headers": {"x-account-meta-owner": "me"}, "containers": {"mine": held}}}
    changed = {"headers": {"x": "1"}, "objects": {"a": {"hash": "2"}}}
    after = {
        "main": {"headers": {"x-account-meta-quota-bytes": "7"}, "containers": {"mine": changed, "theirs": held}},
    }
    assert things(before) == 3
    assert left(before, after) == ["main: theirs", "main: header x-account-meta-quota-bytes"]
    assert touched(before, after) == ["main: mine", "main: header x-account-meta-owner"]
    assert left(before, before) == touched(before, before) == []


@pytest.mark.parametrize("beside", ["", "x", "xx", "user:"])
def test_a_secret_is_found_in_every_form(beside: str) -> None:
    """A search that misses base64 would call a leak clean."""
    import base64
    from urllib.parse import quote

    secret = 'pl4nted/pass+word=&"ü'  # noqa: S105 - planted
    encoded = base64.b64encode((beside + secret).encode()).decode()
    for text in (
        secret,
        quote(secret, safe=""),
        encoded,
        base64.urlsafe_b64encode((beside + secret).encode()).decode(),
    ):
        assert any(form in text.encode() for form in planted.forms(secret)), text
    assert not any(form in b"nothing of the sort stands in here" for form in planted.forms(secret))
