"""The examination as a whole: nothing is changed, the time is bounded, every kind of finding is provoked somewhere."""

from __future__ import annotations

import ast
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from defcore.doctor import Finding, Severity, examine
from defcore.doctor.kinds import KINDS
from defcore.doctor.model import LONGEST, found, plain
from defcore.doctor.reader import together
from defcore.kit.meta import NEEDS

from .conftest import PROJECT, kinds, suite_test

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.doctor import Wanted

    from .conftest import Fake


def test_nothing_is_sent_that_could_change_a_cloud(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Whoever is asked to try the doctor on a production cloud must be able to believe it."""
    tests = [suite_test(number, needs=(role,)) for number, role in enumerate(NEEDS)]
    services = [
        suite_test(10 + n, service=kind) for n, kind in enumerate(("compute", "image", "network", "block-storage"))
    ]
    fake.endpoints |= {kind: f"{fake.url}/{kind}" for kind in ("compute", "image", "network", "block-storage", "dns")}
    credentials = {role: fake.credential() for role in ("main", *NEEDS)}
    examine(credentials, wanted(*tests, *services))
    words = set(fake.requests)
    assert {word for word in words if not word.startswith(("GET ", "HEAD "))} == {"POST /v3/auth/tokens"}
    assert len(words) > 8


def test_a_dead_service_does_not_eat_the_time(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Twenty seconds are promised, whatever a service does."""
    fake.endpoints["compute"] = f"{fake.url}/tarpit"
    fake.hangs = "/tarpit"
    began = time.monotonic()
    result = examine({"main": fake.credential()}, wanted(suite_test(1), suite_test(2, service="compute")), budget=2)
    assert time.monotonic() - began < 3
    assert kinds(result) == {"too-slow": "problem compute: it was not done in time"}
    assert [item.where for item in result.findings if item.kind == "service"] == ["identity", "object-store"]


def test_a_slow_service_is_given_up_soon_enough(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Within the usual budget the deadline of a single request comes first, and says what happened."""
    fake.hangs = f"/v1/AUTH_{PROJECT}"
    began = time.monotonic()
    result = examine({"main": fake.credential()}, wanted())
    assert 4 < time.monotonic() - began < 12
    assert kinds(result) == {"no-answer": f"problem object-store: {fake.store}: no answer in time"}


def test_a_run_goes_on_while_one_of_its_services_is_there(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """A cloud without volumes can still be tested for everything else."""
    result = examine({"main": fake.credential()}, wanted(suite_test(1), suite_test(2, service="block-storage")))
    assert set(kinds(result)) == {"no-service"}
    assert (result.exit_code, result.blocked) == (1, None)
    assert set(result.services) == {"identity", "object-store"}


def test_a_run_of_nothing_that_is_there_is_pointless(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Fifty times "unsupported" tell less than one line."""
    result = examine({"main": fake.credential()}, wanted(suite_test(1, service="compute")))
    assert result.exit_code == 2
    assert result.blocked
    assert "the catalogue has no compute" in str(result.blocked)


def test_identity_alone_is_never_missing(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """A program of tokens needs nothing but Keystone, which may be left out of its own catalogue."""
    del fake.endpoints["identity"]
    result = examine({"main": fake.credential()}, wanted(suite_test(1, service="identity")))
    assert (kinds(result), result.exit_code) == ({}, 0)


def test_what_a_task_raises_is_raised(fake: Fake) -> None:
    """A fault of ours must not look like a slow cloud."""

    def stumble() -> None:
        raise ZeroDivisionError

    assert fake
    with pytest.raises(ZeroDivisionError):
        together([lambda: None, stumble], time.monotonic() + 5)
    assert together([], 0) == []


def test_text_of_a_cloud_stays_one_short_line() -> None:
    """A region named in control characters must not rewrite the terminal."""
    assert plain("a\x1b[2Jb\n\tc") == "a\\x1b[2Jb c"
    assert len(plain("x" * 10_000)) == LONGEST
    made = found("no-room", Severity.NOTE, "w\x07", "a\nb")
    assert made == Finding("no-room", Severity.NOTE, "w\\x07", "a b", *KINDS["no-room"])


def test_names_of_many_tests_are_cut(wanted: Callable[..., Wanted]) -> None:
    """Fifty names in a line are read by nobody."""
    tests = [suite_test(number) for number in range(5)]
    severity, words = wanted(*tests, required=frozenset()).weigh(tests)
    assert (severity, words) == (Severity.NOTE, "5 tests, 0 of them required (test_0, test_1, test_2 and 2 more)")


def test_a_token_of_the_wrong_shape_is_refused(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Something that answers like Keystone, and is not, must not bring the doctor down."""
    fake.answers["POST /v3/auth/tokens"] = (201, {"X-Subject-Token": "t"}, b'{"token": {"catalog": [{"type": "x"}]}}')
    result = examine({"main": fake.credential()}, wanted())
    assert set(kinds(result)) == {"login-refused"}
    assert result.exit_code == 2


def test_an_identity_that_tells_no_version(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """A load balancer that answers for Keystone with something else is told; a version that is none is left out."""
    fake.says("GET /v3", {"version": [1]})
    texts = [item.what for item in examine({"main": fake.credential()}, wanted()).findings if item.where == "identity"]
    assert f"Keystone answers at {fake.url}/v3" in texts
    fake.answers["GET /v3"] = (200, {}, b"hello")
    assert set(kinds(examine({"main": replace(fake.credential())}, wanted()))) == {"odd-answer"}


HERE = Path(__file__).parent
GOOD = {"login", "rights", "token-life", "clock", "tls", "catalogue", "service", "credential", "room"}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - GOOD))
def test_every_kind_is_provoked_by_a_test(kind: str) -> None:
    """A finding that no test provokes may never come, or come with a wrong text."""
    written = {
        node.value
        for path in HERE.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert kind in written


def test_every_kind_is_used_and_none_is_forgotten() -> None:
    """A text that no check uses is dead; a check with an unknown kind would stumble when it is needed."""
    room = HERE.parents[1] / "defcore" / "doctor"
    source = "".join(path.read_text(encoding="utf-8") for path in room.glob("*.py") if path.name != "kinds.py")
    assert [kind for kind in KINDS if f'"{kind}"' not in source] == []


def test_the_documentation_says_the_same() -> None:
    """Scripts rely on the names, and people look them up."""
    page = (HERE.parents[1] / "docs" / "doctor.md").read_text(encoding="utf-8")
    rows = [
        f"| `{kind}` | {' | '.join(re.sub(r'{(.*?)}', lambda word: word[1].upper(), text) for text in texts)} |"
        for kind, texts in KINDS.items()
    ]
    assert page.endswith("\n".join(["|---|---|---|", *rows, ""]))
