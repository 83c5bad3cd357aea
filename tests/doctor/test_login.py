"""What the log-in tells: who one is, for how long, and whose clock is wrong."""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.cloud.access import Access
from defcore.cloud.credential import Credential
from defcore.doctor import Wanted, examine
from defcore.doctor.login import TOLERANCE, clocks, look, skew
from defcore.doctor.login import Login as Found
from defcore.errors import CloudError, InputError

from .conftest import kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Fake

NOW = 1_800_000_000.0
ACCESS = Access("project", ("member",), "p", "u", NOW, NOW + 86400, ())
PASSWORD = Credential("x", "password", {"auth_url": "https://k/v3"}, None, "public", True, None, {})  # noqa: FBT003


def told(access: Access, credential: Credential = PASSWORD, seconds: float = 60) -> dict[str, str]:
    """Return what is found of a log-in that worked."""
    return kinds(look(Found(access=access), credential, Wanted((), seconds=seconds), NOW))


def test_an_ordinary_user_with_a_day_is_fine() -> None:
    """A finding where nothing is wrong would teach people not to read them."""
    assert told(ACCESS) == {}


@pytest.mark.parametrize("role", ["admin", "Admin", "cloud_admin", "manager", "service", "ResellerAdmin"])
def test_a_powerful_user_is_a_problem(role: str) -> None:
    """A run as an administrator would call a cloud fine whose customers are locked out."""
    found = told(replace(ACCESS, roles=("member", role)))
    assert found == {"too-many-rights": f"problem x: the user has the role {role}"}


def test_a_token_for_the_whole_system_is_both() -> None:
    """A system token belongs to no project, and may do everything."""
    assert set(told(replace(ACCESS, scope="system", roles=()))) == {"no-project", "too-many-rights"}


@pytest.mark.parametrize("scope", ["domain", "nothing"])
def test_without_a_project_nothing_can_be_tested(scope: str) -> None:
    """A forgotten project_name is a frequent mistake; the catalogue is then empty, and every test unsupported."""
    assert told(replace(ACCESS, scope=scope)) == {
        "no-project": f"problem x: the token is scoped to {scope}, not to a project"
    }


@pytest.mark.parametrize(
    ("auth_type", "auth"), [("v3totp", {}), ("v3multifactor", {"passcode": "123456"}), ("v3totp", {"passcode": "1"})]
)
def test_a_passcode_is_good_for_one_log_in(auth_type: str, auth: dict[str, str]) -> None:
    """The doctor gets in and every worker after it does not: nobody would guess why."""
    assert "one-time-login" in told(ACCESS, replace(PASSWORD, auth_type=auth_type, auth={**PASSWORD.auth, **auth}))


@pytest.mark.parametrize(
    ("auth_type", "life", "seconds", "expected"),
    [
        ("password", 86400, 60, None),
        ("password", 599, 60, "note x: the token lives another 10 minutes"),
        ("password", 100, 60, "note x: the token lives another 100 s"),
        ("password", -200, 60, "problem x: the token ended 3 minutes ago"),
        ("v3token", 86400, 60, None),
        ("v3token", 7200, 7200, "problem x: the token lives another 2 hours, and cannot be renewed"),
        ("token", 350, 60, "problem x: the token lives another 6 minutes, and cannot be renewed"),
    ],
)
def test_a_token_must_outlive_the_run(auth_type: str, life: float, seconds: float, expected: str | None) -> None:
    """A run that dies halfway of an expired token has cost an afternoon."""
    found = told(replace(ACCESS, expires=NOW + life), replace(PASSWORD, auth_type=auth_type), seconds)
    assert found.get("token-short") == expected


def test_a_token_without_an_end_is_told() -> None:
    """An expiry that cannot be read must not be taken for one that is far away."""
    assert "token-short" in told(replace(ACCESS, expires=None))


@pytest.mark.parametrize(
    ("ahead", "words"), [(400, "7 minutes ahead of"), (-7200, "2 hours behind"), (31, "31 s ahead of")]
)
def test_a_wrong_clock_is_told_with_its_side(ahead: float, words: str) -> None:
    """Temporary URLs fail on it in a way that nobody connects with a clock."""
    found = kinds(clocks({"object-store": (formatdate(NOW + ahead, usegmt=True), NOW)}, None, NOW))
    assert found == {"clock-off": f"problem object-store: its clock is {words} ours"}


def test_clocks_within_the_tolerance_agree() -> None:
    """The date of a response has whole seconds and may be some seconds old."""
    dates = {"identity": (formatdate(NOW - TOLERANCE + 1, usegmt=True), NOW), "compute": (None, NOW)}
    found = clocks(dates, ACCESS, NOW + 5)
    assert [(item.kind, item.severity.value) for item in found] == [("clock", "ok")]


def test_the_clock_of_the_tokens_counts_too() -> None:
    """The Date header may be a load balancer's, while Keystone itself lives in the past."""
    found = clocks({}, replace(ACCESS, issued=NOW - 100), NOW)
    assert [(item.kind, item.where) for item in found] == [("clock-off", "identity, by its tokens")]


def test_no_clock_at_all_is_no_finding() -> None:
    """Without any date there is nothing to compare."""
    assert clocks({"identity": (None, NOW)}, None, NOW) == []


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} \d\d:\d\d:\d\d( GMT)?") | st.none())
def test_any_date_is_read_or_is_none(text: str | None) -> None:
    """A server may send anything as its date, and the doctor must go on."""
    assert isinstance(skew(text, NOW), float | None)


def test_a_cloud_with_a_wrong_clock(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """The whole way: header and token of a real exchange."""
    fake.ahead = 3600
    found = [item for item in examine({"main": fake.credential()}, wanted()).findings if item.kind == "clock-off"]
    assert {item.where for item in found} == {"identity", "identity, by its tokens", "object-store"}


def test_a_refused_log_in_ends_the_examination(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Nothing else can be looked at, and a run would be pointless."""
    fake.says("POST /v3/auth/tokens", {"error": {"code": 401, "message": "no", "title": "Unauthorized"}}, 401)
    found = examine({"main": fake.credential()}, wanted())
    assert set(kinds(found)) == {"login-refused"}
    assert isinstance(found.blocked, InputError)
    assert found.exit_code == 2
    assert "openstack --os-cloud x token issue" in found.findings[0].todo


@pytest.mark.parametrize("how", ["dead", "hanging", "busy"])
def test_an_unreachable_cloud_ends_it_too(how: str, fake: Fake, wanted: Callable[..., Wanted], dead_port: int) -> None:
    """Exit code 3 tells a script to try again later, and it must come soon."""
    credential = fake.credential()
    if how == "dead":
        credential = replace(credential, auth={**credential.auth, "auth_url": f"http://127.0.0.1:{dead_port}/v3"})
    fake.hangs = "/v3" if how == "hanging" else ""
    if how == "busy":
        fake.answers["POST /v3/auth/tokens"] = (503, {}, b"")
    found = examine({"main": credential}, wanted(), budget=1)
    assert set(kinds(found)) == {"cloud-unreachable"}
    assert isinstance(found.blocked, CloudError)
    assert found.exit_code == 3


def test_no_project_is_one_finding_and_not_ten(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """That every service is missing follows from it, and would only hide it."""
    fake.scope = {}
    found = examine({"main": fake.credential()}, wanted())
    assert set(kinds(found)) == {"no-project"}
    assert found.blocked
    assert found.blocked.code == "no-project"


def test_no_secret_is_in_a_finding(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Findings are pasted into tickets."""
    fake.roles = ("planted-password", "admin planted-token")
    found: Any = examine({"main": fake.credential()}, wanted())
    assert "planted" not in repr([item.to_wire() for item in found.findings])
