"""``defcore trust | decide | bundle | badge | verify --trust``: an authority's whole work, at the command line."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from defcore.attest import disclosure, evidence, keys
from defcore.cli import trusted

from .desks import Desk
from .runs import T1, write_evidence

if TYPE_CHECKING:
    from .conftest import House
    from .desks import Done

DAY = dt.timedelta(days=1)
AWARD = "decide award @bundle.json @approval.json @admission.json --trust @trust.jsonl --until 2027-11-20"


class Office(Desk):
    """The vendor's desk with the authority's beside it: two roots, a board of two, and a clock."""

    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)

    def keys(self, *names: str) -> None:
        """Make keys."""
        for name in names:
            keys.write_pair(self.folder / name, keys.generate())

    def done(self, line: str) -> Done:
        """Run a command line that must succeed."""
        done = self.run(line)
        assert done.exit_code == 0, done
        return done

    def twice(self, line: str, *names: str) -> Done:
        """Give one command with several keys, one after the other; return the last answer."""
        return [self.done(f"{line} --key @{name}") for name in names][-1]

    def begin(self) -> str:
        """Set up the trust policy; return its pin."""
        self.keys("one", "two", "board1", "board2", "lab")
        roots = "--root @one.pub --root @two.pub --threshold 2"
        pin = self.twice(f"trust init @trust.jsonl --authority Board {roots} --quorum approve=2", "one", "two").stdout
        grant = "trust grant @trust.jsonl --since 2026-01-01"
        self.twice(f"{grant} --party Board --role authority --public @board1.pub", "one", "two")
        self.twice(f"{grant} --party Board --role authority --public @board2.pub", "two", "one")
        self.twice(f"{grant} --party Acme --role vendor --public @key.pub", "one", "two")
        return pin.strip()

    def awarded(self) -> str:
        """Do everything up to a bundle with an award in it; return the pin."""
        pin = self.begin()
        self.done("sign @run.json --product @product.json --key @key -o @report --guideline @guideline.json")
        self.done("bundle @report @trust.jsonl -o @bundle.json")
        self.twice("decide approve @guideline.json --trust @trust.jsonl -o @approval.json", "board1", "board2")
        self.twice("decide admit Acme --trust @trust.jsonl --condition fees -o @admission.json", "board1")
        self.twice(f"{AWARD} -o @award.json", "board2")
        self.done("bundle @bundle.json @approval.json @admission.json @award.json -o @bundle.json")
        return pin


@pytest.fixture
def office(desk: Desk, house: House, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return both desks."""
    for name in ("key", "key.pub"):
        (desk.folder / name).unlink()
    made = Office(desk.folder, house)
    monkeypatch.setattr(trusted, "now", lambda: made.now)
    return made


def test_from_a_policy_to_an_award(office: Office) -> None:
    """Otherwise an authority could not work with this at all."""
    pin = office.awarded()
    done = office.done(f"verify @bundle.json --trust {pin} --require awarded")
    assert done.stdout.startswith("Awarded by Board, valid from 2026-11-21 UTC until 2027-11-20 UTC.\n")
    value = json.loads(office.done(f"verify @bundle.json --trust {pin} --format json").stdout)
    assert (value["status"], value["report"]["interop"], value["trust"]["version"]) == ("awarded", "pass", 4)
    assert office.done(f"verify @bundle.json --trust {pin} --at 2036-11-20").stdout.startswith("Expired")
    office.refused(f"verify @bundle.json --trust {pin} --at 2036-11-20 --require awarded", 1, "it is expired")


def test_an_award_is_taken_back(office: Office) -> None:
    """Otherwise an authority could never correct itself."""
    pin = office.awarded()
    office.now += DAY
    line = "decide revoke @award.json --trust @trust.jsonl --reason changed -o @revocation.json"
    assert "act        revoke" in office.done(f"{line} --key @board1").stderr
    office.done("bundle @bundle.json @revocation.json -o @bundle.json")
    office.refused(f"verify @bundle.json --trust {pin} --require awarded", 1, "it is revoked")
    assert office.done(f"verify @bundle.json --trust {pin} --at 2026-11-21").stdout.startswith("Awarded")
    office.refused(f"{line} --key @board1", 2, "is signed with")
    wrong = "decide revoke @approval.json --trust @trust.jsonl --reason x -o @no --key @board1"
    office.refused(wrong, 2, "is no award")


def test_a_stolen_key(office: Office) -> None:
    """Otherwise nobody could stop a thief without killing honest history."""
    pin = office.awarded()
    office.now += DAY
    fingerprint = office.done("key show @key.pub").stdout.strip()
    office.twice(f"trust revoke @trust.jsonl --public {fingerprint} --before 2026-11-21 --reason stolen", "one", "two")
    done = office.done("verify @bundle.json --trust @trust.jsonl --require awarded")
    assert "was revoked since: what it signed before 2026-11-21 UTC keeps its worth (stolen)" in done.stdout
    office.done("bundle @bundle.json @trust.jsonl -o @bundle.json")
    assert json.loads(office.done(f"verify @bundle.json --trust {pin} --format json").stdout)["trust"]["version"] == 5
    office.keys("new")
    office.twice("trust rotate @trust.jsonl --old @board1.pub --new @new.pub", "one", "two")
    office.twice("trust rotate @trust.jsonl --quorum award=2 --threshold 1", "one", "two")
    shown = office.done("trust show @trust.jsonl").stdout
    assert "revoked    vendor for Acme" in shown
    assert "roots      1 of 2 for every change" in shown
    assert "award 2" in shown
    assert json.loads(office.done("trust show @trust.jsonl --format json").stdout)["pin"] == pin


def test_a_report_alone_is_checked_by_an_authority(office: Office) -> None:
    """Otherwise a reviewer who is sent a report would have to pack it first."""
    office.begin()
    run = write_evidence(office.folder / "run", {T1: 3})
    pair = office.house.pair(evidence=evidence.commit(run, {T1}))
    office.write("report", pair.full)
    office.write("public", pair.public)
    office.write("opened.json", disclosure.disclose(run, T1))
    trust = "--trust @trust.jsonl --guideline @guideline.json"
    assert office.done(f"verify @report {trust}").stdout.startswith("Self-tested")
    opened = office.done(f"verify @report {trust} --disclosure @opened.json").stdout
    assert "exchanges opened are those of test" in opened
    paired = office.done(f"verify @public {trust} --full @report --format json")
    assert any("exactly what the full report gives" in item for item in json.loads(paired.stdout)["proved"])


def test_an_act_and_a_policy_are_checked_alone(office: Office) -> None:
    """Otherwise whoever is sent an act could not look at it."""
    pin = office.awarded()
    assert "act        award" in office.done("verify @award.json --trust @trust.jsonl").stdout
    assert json.loads(office.done("verify @award.json --trust @trust.jsonl --format json").stdout)["act"] == "award"
    assert pin in office.done(f"verify @trust.jsonl --trust {pin}").stdout
    assert json.loads(office.done(f"verify @trust.jsonl --trust {pin} --format json").stdout)["pin"] == pin
    office.refused(f"verify @award.json --trust {pin}", 2, "brings no trust policy")
    office.refused("verify @award.json --trust @trust.jsonl --require pass", 2, "is no report")
    office.refused(f"verify @trust.jsonl --trust {'0' * 64}", 1, "not with the one that you trust")
    half = "decide approve @guideline.json --trust @trust.jsonl --key @board1 -o @half.json"
    assert "Not yet in force" in office.done(half).stderr
    office.refused("verify @half.json --trust @trust.jsonl", 1, "is signed by 1 of the 2 that it takes to approve")


def test_what_makes_no_sense_is_refused(office: Office) -> None:
    """Otherwise an authority learns of a slip from its critics."""
    office.awarded()
    office.refused("decide admit Akme --trust @trust.jsonl -o @no --key @board1", 1, "vendors with keys: Acme")
    office.refused("decide approve 2026.11 --trust @trust.jsonl -o @no --key @board1", 1, "calls itself draft")
    office.refused("decide admit Acme --trust @trust.jsonl -o @no --key @key", 1, "may not sign as authority")
    award = "decide award @report --trust @trust.jsonl --until 2027-11-20 -o @no --key @board1"
    office.refused(award, 1, "no approval of these bytes")
    office.refused(f"{AWARD} -o @no --key @board1 --waive test:{T1}=why", 1, "needs none")
    other = "decide admit Acme --trust @trust.jsonl --condition other -o @admission.json --key @board2"
    office.refused(other, 2, "something else than these words")
    assert not (office.folder / "no").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("verify @bundle.json", "nobody is trusted"),
        ("verify @bundle.json --trust @no", "cannot be read"),
        ("verify @bundle.json --trust 1234", "cannot be read"),
        ("verify @no --trust @trust.jsonl", "cannot be read"),
        ("verify @bundle.json --key @key.pub", "a key alone cannot judge it"),
        ("verify @report --key @key.pub --trust @trust.jsonl", "only one of them can judge"),
        ("verify @report --key @key.pub --require awarded", "only one of them can judge"),
        ("verify @bundle.json --trust @trust.jsonl --at tomorrow", "is no day and no time"),
        ("verify @bundle.json --trust @trust.jsonl --at 2026-02-30", "there is no time"),
        ("verify @run.json --trust @trust.jsonl", "is not a signed report"),
        ("bundle @run.json @trust.jsonl -o @no", "is not a signed report"),
        ("bundle @report -o @no", "lacks a trust policy"),
        ("bundle @trust.jsonl -o @no", "lacks a report"),
        ("trust show @report", "holds a statement of type"),
        ("trust show @no", "cannot be read"),
        ("trust grant @no --party X --role lab --public @key.pub --key @one", "cannot be read"),
        ("trust init @trust.jsonl --authority B --root @one.pub --key @one", "has begun there already"),
        ("trust init @new --authority B --root @one.pub --quorum award=0 --key @one", "is no quorum"),
        ("trust init @new --authority B --root @one.pub --quorum praise=1 --key @one", "is no quorum"),
        ("trust init @new --authority B --root @one.pub --key @two", "is none of its roots"),
        ("trust revoke @trust.jsonl --public @two.pub --reason x --key @one", "has no grant"),
        ("trust rotate @trust.jsonl --key @one", "would change nothing"),
        (AWARD + " --waive test=x --key @board1 -o @no", "is no waiver"),
        (AWARD + " --waive thing:x=y --key @board1 -o @no", "is no waiver"),
        ("badge @bundle.json --trust @trust.jsonl --link javascript:alert(1)", "is no address"),
    ],
)
def test_bad_input_is_one_line(office: Office, line: str, words: str) -> None:
    """Otherwise a slip ends in a traceback, or in half a file."""
    office.awarded()
    before = {path: path.read_bytes() for path in office.folder.rglob("*") if path.is_file()}
    done = office.run(line)
    assert (done.exit_code, done.stdout) in ((2, ""), (1, "")), done
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in office.folder.rglob("*") if path.is_file()} == before


def test_a_badge_is_drawn(office: Office) -> None:
    """Otherwise a vendor would draw one itself, and say more than is proved."""
    pin = office.awarded()
    line = f"badge @bundle.json --trust {pin} --link https://example.org/bundle.json"
    assert b"awarded \xc2\xb7 L0 \xc2\xb7 until 2027-11-20" in office.done(line).stdout.encode()
    done = office.done(f"{line} -o @badge.svg")
    assert "as of 2026-11-21" in done.stderr
    assert b'href="https://example.org/bundle.json"' in (office.folder / "badge.svg").read_bytes()
    assert json.loads(office.done(f"{line} --format shields").stdout)["color"] == "brightgreen"
    late = office.done(f"badge @bundle.json --trust {pin} --at 2036-01-01 --guideline @guideline.json").stdout
    assert "award expired 2027-11-20" in late


def test_the_clock_is_this_machines() -> None:
    """Otherwise every act would bear another date than that of its signing."""
    assert trusted.now().utcoffset() == dt.timedelta(0)


def test_a_day_for_a_report_checked_by_key(office: Office) -> None:
    """Otherwise the same option would mean nothing beside --key."""
    office.awarded()
    assert office.run("verify @report --key @key.pub --guideline @guideline.json --at 2036-01-01").exit_code == 0
    office.refused("verify @report --key @key.pub --guideline @guideline.json --at 2026-01-01", 1, "yet to come")


def test_an_unfinished_policy_shows_what_waits(office: Office) -> None:
    """Otherwise the second person signs without seeing what."""
    office.begin()
    line = "trust grant @trust.jsonl --party Lab --role lab --public @lab.pub --until 2027-01-01 --key @one"
    assert "waits for signatures: 1 of 2 by the roots" in office.done(line).stderr
    assert "  + good" not in office.done("trust show @trust.jsonl").stdout.split("lacks signatures")[0]
    assert "+ good       lab for Lab" in office.done("trust show @trust.jsonl").stdout
    office.refused("verify @trust.jsonl --trust @trust.jsonl", 1, "lacks signatures")
