"""What is left of runs is ended, on a real cloud; what is a bystander's is not touched."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests

from defcore.cloud.target import Target
from defcore.errors import DefcoreError, InputError
from defcore.kit.borrow import QUOTA, account_quota, temp_url_key
from defcore.kit.cleanup import FINDERS, HANDLERS, in_order
from defcore.kit.names import LIFETIME, fresh, parse
from defcore.kit.session import Session
from defcore.run.journal import Journal, Started, replay, stamp
from defcore.run.ledger import LEDGER, Entry, Ledger, open_entries
from defcore.run.lock import LOCK, RunLock, busy
from defcore.run.reap import Item, Order, Reaped, reap, runs_below
from defcore.run.record import Cloud, Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from defcore import refcloud as reference
    from defcore.cloud.credential import Credential

DEAD = "dead0000deadbeef"
HOUR = 3600.0
BYSTANDERS = (
    "defcore-",
    "defcore-backup",
    "defcore-dead0000",
    "defcore-dead0000-notes-deadbeef-",
    "defcore-dead0000-1-deadbeef",
    "defcore-DEAD0000-100000-deadbeef",
    "defcore-dead0000-10000-deadbeef ",
    "my-defcore-dead0000-10000-deadbeef",
)
"""Names that merely look like ours; ``10000`` in base 36 would have expired in 1973."""


class Account:
    """A project's containers, without our own code."""

    def __init__(self, credential: Credential) -> None:
        target = Target(credential)
        self.url = str(target.endpoint("object-store"))
        self._headers = {"X-Auth-Token": target.token()}

    def ask(self, method: str, path: str = "", **more: Any) -> requests.Response:  # noqa: ANN401 - of requests
        """Send a request."""
        headers = self._headers | more.pop("headers", {})
        return requests.request(method, self.url + path, headers=headers, timeout=20, **more)

    def names(self) -> set[str]:
        """List the containers."""
        return set(self.ask("GET").text.splitlines())

    def make(self, *names: str) -> None:
        """Create containers, each with an object in it."""
        for name in names:
            assert self.ask("PUT", f"/{quote(name)}").status_code in (201, 202)
            assert self.ask("PUT", f"/{quote(name)}/plum", data=b"plum").status_code == 201

    def clear(self) -> None:
        """Remove everything of ours and of the bystanders."""
        for name in self.names():
            for item in self.ask("GET", f"/{quote(name)}").text.splitlines():
                self.ask("DELETE", f"/{quote(name)}/{quote(item)}")
            self.ask("DELETE", f"/{quote(name)}")


@pytest.fixture
def account(credentials: dict[str, Credential]) -> Iterator[Account]:
    """Give the main project, empty before and after."""
    found = Account(credentials["main"])
    found.clear()
    yield found
    found.clear()


@pytest.fixture
def second(credentials: dict[str, Credential]) -> Iterator[Account]:
    """Give the second project, empty before and after."""
    found = Account(credentials["alt"])
    found.clear()
    yield found
    found.clear()


@pytest.fixture
def dead(tmp_path: Path, credentials: dict[str, Credential]) -> Callable[..., Path]:
    """Make the directory of a run that was killed: a header, and a ledger that a test fills."""

    def make(run_id: str = DEAD, where: str = "dead", **cloud: Any) -> Path:  # noqa: ANN401 - fields of Cloud
        out = tmp_path / where
        out.mkdir(parents=True)
        main = credentials["main"]
        words = {"name": "plain", "region": main.region, "auth_url": main.auth["auth_url"]} | cloud
        journal = Journal(out)
        journal.add(
            Started(
                id=run_id, at="2026-11-20T10:00:00Z", cloud=Cloud(**words), engine=Engine(name="native", version="0"),
                partial=False, selection="all", entries={role: item.name for role, item in credentials.items()},
                plan=(),
            )
        )  # fmt: skip
        journal.close()
        return out

    return make


def session_of(out: Path, credentials: dict[str, Credential]) -> Session:
    """Open a session as a worker of that run would."""
    return Session(out, replay(out).head.id, credentials, Ledger(out / LEDGER))


def go(*given: Path, found: tuple[Path, ...] = (), **words: Any) -> Reaped:  # noqa: ANN401 - of an Order
    """Reap the plain cloud."""
    order: dict[str, Any] = {"cloud": "plain", "now": time.time()} | words
    return reap(Order(**order), given, found)


def names(items: list[Item]) -> list[str]:
    """Give the names."""
    return [item.name for item in items]


def test_what_a_dead_run_left_is_ended_and_nothing_else(
    account: Account, second: Account, dead: Callable[..., Path], credentials: dict[str, Credential]
) -> None:
    """A killed run leaves containers in two projects, a quota and a key; a bystander has containers there too."""
    out = dead()
    session = session_of(out, credentials)
    first = session.actor("main").object_store.new_container()
    session.actor("main").object_store.new_object(first)
    theirs = session.actor("alt").object_store.new_container(word="two")
    key = "X-Account-Meta-Temp-URL-Key"
    temp_url_key(session, session.actor("main").object_store)
    account_quota(session, session.actor("main").object_store, session.actor("reseller").object_store)
    account.make(*BYSTANDERS, "wedding-photos")
    second.make("theirs")
    assert {key, QUOTA} <= {name for name in account.ask("HEAD").headers if name in (key, QUOTA)} | {key}

    planned = go(out, dry=True)
    assert len(planned.ended) == 4
    assert {first} <= account.names()
    assert len(open_entries(out / LEDGER)) == 4

    done = go(out)
    assert (done.left, done.failed, done.problems) == ([], [], [])
    assert [item.kind for item in done.ended] == ["container", "container", "account-header", "account-quota"]
    assert set(names(done.ended)) >= {first, theirs}
    assert account.names() == {*BYSTANDERS, "wedding-photos"}
    assert second.names() == {"theirs"}
    headers = account.ask("HEAD").headers
    assert key not in headers
    assert QUOTA not in headers
    assert open_entries(out / LEDGER) == []
    assert go(out) == Reaped()


def test_without_a_ledger_the_name_decides(account: Account, second: Account, clouds_yaml: Path) -> None:
    """A CI machine that is gone took its run directory along: what has expired is ended, by its name alone."""
    assert clouds_yaml
    now = time.time()
    old, new = fresh(DEAD, now - HOUR), fresh(DEAD, now + HOUR)
    also = fresh(DEAD, now - HOUR)
    account.make(old, new, *BYSTANDERS)
    second.make(also, "theirs")

    done = go()
    assert sorted(names(done.ended)) == sorted([old, also])
    assert names(done.left) == [new]
    assert "may be going on: it expires 20" in done.left[0].why
    assert account.names() == {new, *BYSTANDERS}
    assert second.names() == {"theirs"}

    # Made just now, as the cloud says, whatever its name promises.
    assert go(older_than=HOUR).ended == []
    assert "younger than 60 minutes" in go(older_than=HOUR).left[0].why
    later = now + 1.5 * HOUR
    assert names(go(older_than=HOUR, now=later, dry=True).ended) == [new]
    assert names(go(older_than=HOUR, now=later).ended) == [new]
    assert account.names() == set(BYSTANDERS)


def test_a_run_that_is_going_on_is_left_alone(
    account: Account, dead: Callable[..., Path], credentials: dict[str, Credential]
) -> None:
    """Two colleagues in one project: whoever tidies up must not pull a container from under the other's test."""
    out = dead()
    kept = session_of(out, credentials).actor("main").object_store.new_container()
    stray = fresh(DEAD, time.time() - HOUR)
    account.make(stray)
    with RunLock(out):
        assert busy(out)
        done = go(out, older_than=0)
        assert done.ended == []
        assert sorted(names(done.left)) == sorted([kept, stray])
        assert {item.why for item in done.left} == {"its run is still going on"}
        assert account.names() == {kept, stray}
    assert not busy(out)
    assert sorted(names(go(out).ended)) == sorted([kept, stray])
    assert account.names() == set()


def test_a_listing_that_tells_no_time_gives_what_the_name_does(
    account: Account, clouds_yaml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every object store says when a container was made; its expiry says it nearly."""
    assert clouds_yaml
    name = fresh(DEAD, time.time() + HOUR)
    account.make(name)
    monkeypatch.setattr("defcore.kit.cleanup._moment", lambda _: None)
    assert go(older_than=1.5 * HOUR).ended == []
    assert names(go(older_than=HOUR / 2).ended) == [name]


def test_what_arrived_late_is_known_to_be_of_a_run_that_is_over(account: Account, dead: Callable[..., Path]) -> None:
    """A request that was under way when the run was killed: its ledger calls the container settled, and there it is."""
    out = dead()
    Ledger(out / LEDGER).close()
    late = fresh(DEAD, time.time() + HOUR)
    account.make(late)
    assert names(go().left) == [late]
    assert names(go(out, dry=True).ended) == [late]
    assert go(out, older_than=2 * HOUR).ended == []
    assert names(go(out).ended) == [late]
    assert account.names() == set()


def test_a_run_directory_that_cannot_be_locked_is_told(
    account: Account, dead: Callable[..., Path], credentials: dict[str, Credential]
) -> None:
    """A directory of somebody else, or of a disk that is read-only: the others are tidied all the same."""
    out, other = dead("aaaaaaaa00000000", "one"), dead("bbbbbbbb00000000", "two")
    kept = session_of(out, credentials).actor("main").object_store.new_container()
    gone = session_of(other, credentials).actor("main").object_store.new_container()
    Ledger(other / LEDGER).close()
    late = fresh("aaaaaaaa00000000", time.time() + HOUR)
    account.make(late)
    (out / LOCK).mkdir()
    done = go(out, other)
    assert names(done.ended) == [gone]
    assert sorted(names(done.left)) == sorted([kept, late])
    assert len(done.problems) == 1
    assert account.names() == {kept, late}


def test_only_what_is_old_enough_of_a_ledger(
    account: Account, dead: Callable[..., Path], credentials: dict[str, Credential]
) -> None:
    """Who says --older-than 1h wants to keep what was left a minute ago, to look at it."""
    out = dead()
    name = session_of(out, credentials).actor("main").object_store.new_container()
    done = go(out, older_than=HOUR)
    assert (done.ended, names(done.left)) == ([], [name])
    assert done.left[0].why == "it is younger than 60 minutes"
    assert account.names() == {name}
    assert names(go(out, older_than=HOUR, now=time.time() + 1.5 * HOUR).ended) == [name]


def test_an_edited_ledger_ends_nobody_elses_things(account: Account, dead: Callable[..., Path]) -> None:
    """A run directory from somebody else, or a slip of an editor, must not delete the wedding photos."""
    out = dead()
    account.make("wedding-photos", "defcore-backup")
    foreign = fresh("feed0000feedbeef", time.time() + HOUR)
    account.make(foreign)
    ledger = Ledger(out / LEDGER)
    where = {"account": account.url}
    for name in ("wedding-photos", "defcore-backup", foreign):
        ledger.enter("container", "main", {"name": name, **where}, test=None, expires=0)
    ledger.enter("unheard-of", "main", {"name": "x"}, test=None, expires=0)
    ledger.enter("container", "nobody", {"name": fresh(DEAD, time.time()), **where}, test=None, expires=0)
    ledger.enter(
        "container", "main", {"name": fresh(DEAD, 0), "account": "http://127.0.0.1:1/v1/x"}, test=None, expires=0
    )
    done = go(out)
    assert done.ended == []
    assert sorted({item.why for item in done.left if item.source != "name"}) == [
        "it was made as nobody, and the run has no such credential",
        "its name is not one that this run gives",
        "this version of defcore cannot end a thing of the kind unheard-of",
    ]
    # Our token is sent to no address that stands in a file.
    assert [item.why for item in done.failed] == ["http://127.0.0.1:1/v1/x is not on the object store of cloud plain"]
    assert account.names() == {"wedding-photos", "defcore-backup", foreign}


def test_what_cannot_be_ended_is_told_and_stays_in_the_ledger(
    account: Account, dead: Callable[..., Path], credentials: dict[str, Credential], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second reap must be able to try again, and the others must be ended all the same."""
    out = dead()
    store = session_of(out, credentials).actor("main").object_store
    one, two = store.new_container(), store.new_container()
    real = HANDLERS["container"]

    def end(actor: Any, where: dict[str, Any]) -> None:  # noqa: ANN401 - an actor
        if where["name"] == one:
            raise RuntimeError("no way")
        real(actor, where)

    monkeypatch.setitem(HANDLERS, "container", end)
    done = go(out)
    assert (names(done.ended), names(done.failed), done.failed[0].why) == ([two], [one], "no way")
    assert account.names() == {one}


@pytest.mark.parametrize("header", ["X-Versions-Location", "X-History-Location"])
def test_a_versioned_container_is_ended_with_its_archive(account: Account, clouds_yaml: Path, header: str) -> None:
    """What is deleted in a versioned container comes back from its archive, or cannot be moved there any more."""
    assert clouds_yaml
    archive, name = fresh(DEAD, 0), fresh(DEAD, 0)
    account.make(archive)
    account.ask("PUT", f"/{name}", headers={header: archive})
    for data in (b"1", b"2", b"3"):
        account.ask("PUT", f"/{name}/plum", data=data)
    began = time.monotonic()
    assert sorted(names(go().ended)) == sorted([archive, name])
    assert time.monotonic() - began < 10
    assert account.names() == set()


def test_two_runs_in_one_project_do_not_reap_each_other(
    account: Account, dead: Callable[..., Path], credentials: dict[str, Credential]
) -> None:
    """The end of one run, dead or alive, must be nothing to the other."""
    one, two = dead("aaaaaaaa00000000", "one"), dead("bbbbbbbb00000000", "two")
    mine = session_of(one, credentials).actor("main").object_store.new_container()
    other = session_of(two, credentials).actor("main").object_store.new_container()
    with RunLock(two):
        done = go(one, found=(one, two))
    assert (names(done.ended), names(done.left)) == ([mine], [other])
    assert account.names() == {other}


@pytest.mark.parametrize(
    "cloud", [{"name": "other"}, {"auth_url": "https://elsewhere/v3"}, {"region": "elsewhere"}, {"region": None}]
)
def test_a_run_on_another_cloud_is_not_ended_here(
    account: Account, dead: Callable[..., Path], cloud: dict[str, Any]
) -> None:
    """A container of cloud B is not found on cloud A; to settle it in the ledger would lose it for ever."""
    out = dead(**cloud)
    name = fresh(DEAD, time.time() + HOUR)
    account.make(name)
    Ledger(out / LEDGER).enter("container", "main", {"name": name}, test=None, expires=0)
    with pytest.raises(InputError, match="is a run on cloud"):
        go(out)
    assert go(found=(out,)).ended == []
    assert len(open_entries(out / LEDGER)) == 1
    assert account.names() == {name}


def test_a_directory_that_is_no_run_is_told(clouds_yaml: Path, tmp_path: Path) -> None:
    """One broken directory below ./runs must not keep the others from being tidied; one that was named must be told."""
    assert clouds_yaml
    broken = tmp_path / "runs" / "broken"
    broken.mkdir(parents=True)
    (broken / LEDGER).write_text("garbage\n", encoding="utf-8")
    (broken / "journal.jsonl").write_text("garbage\n", encoding="utf-8")
    assert runs_below(tmp_path / "runs") == [broken]
    with pytest.raises(InputError, match=r"journal\.jsonl:1"):
        go(broken)
    done = go(found=(broken,))
    assert len(done.problems) == 1
    assert "journal.jsonl:1" in done.problems[0]


def test_a_dry_run_writes_nothing(
    account: Account, dead: Callable[..., Path], credentials: dict[str, Credential]
) -> None:
    """Who only looks must not change a directory that may be somebody else's."""
    out = dead()
    name = session_of(out, credentials).actor("main").object_store.new_container()
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert names(go(out, dry=True).ended) == [name]
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert not (out / LOCK).exists()
    assert account.names() == {name}


def test_a_second_project_that_cannot_be_entered_is_told(
    account: Account, refcloud: reference.Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password that has changed hides what is left there: to say "all ended" would be wrong."""
    entries = json.loads(json.dumps(refcloud.entries))
    entries["plain-alt"]["auth"]["password"] = "wrong-by-now"  # noqa: S105 - planted
    (tmp_path / "clouds.yaml").write_text(json.dumps({"clouds": entries}), encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    old = fresh(DEAD, 0)
    account.make(old)
    done = go()
    assert names(done.ended) == [old]
    assert len(done.problems) == 1
    assert "cloud plain-alt: could not look into its project" in done.problems[0]
    assert "wrong-by-now" not in done.problems[0]


def test_a_cloud_that_is_not_there_is_an_error(
    refcloud: reference.Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dead_port: int
) -> None:
    """Nothing found is not the same as nothing left."""
    entry = refcloud.entries["plain"] | {
        "auth": refcloud.entries["plain"]["auth"] | {"auth_url": f"http://127.0.0.1:{dead_port}/v3"}
    }
    (tmp_path / "clouds.yaml").write_text(json.dumps({"clouds": {"plain": entry}}), encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    with pytest.raises(DefcoreError, match="does not answer"):
        go()


def test_what_depends_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A volume cannot go while a server uses it, whichever was made first."""
    monkeypatch.setattr("defcore.kit.cleanup.HANDLERS", dict.fromkeys(["server", "volume"], lambda *_: None))
    kinds = ["volume", "server", "volume", "odd"]
    made = [Entry(str(number), kind, "main", {}, None, 0) for number, kind in enumerate(kinds)]
    assert [entry.number for entry in in_order(made)] == ["1", "2", "0", "3"]
    assert set(FINDERS) <= {*HANDLERS}


def test_everything_that_a_run_creates_carries_run_and_expiry(
    account: Account, dead: Callable[..., Path], credentials: dict[str, Credential]
) -> None:
    """If it fails, a reap on another machine cannot know what is left of whom."""
    out = dead()
    session = Session(out, DEAD, credentials, Ledger(out / LEDGER), shared_for=5 * HOUR)
    now = time.time()
    own = session.actor("main").object_store.new_container()
    shared = session.shared("x", session.actor("main").object_store.new_container)
    for name, life in ((own, LIFETIME), (shared, 5 * HOUR)):
        found = parse(name)
        assert found
        assert found.run == DEAD[:8]
        assert now + life <= found.expires <= now + life + 120, stamp(found.expires)
    assert [entry.expires - entry.made for entry in open_entries(out / LEDGER)] == pytest.approx(
        [LIFETIME, 5 * HOUR], abs=5
    )
    session.close()
    assert account.names() == set()
