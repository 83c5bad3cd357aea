"""The further credentials, on a real cloud: each is what its tests need it to be, or it is told why not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from defcore.cloud.credential import Credential, read_credentials
from defcore.cloud.http import Http
from defcore.cloud.target import Target
from defcore.doctor import examine

from .conftest import Fake, kinds, suite_test

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.doctor import Wanted

ROLES = ("alt", "empty", "reader", "reseller", "spare")
TESTS = {role: suite_test(number, needs=(role,)) for number, role in enumerate(ROLES)}


@pytest.fixture
def told(clouds_yaml: Path, wanted: Callable[..., Wanted]) -> Callable[..., dict[str, str]]:
    """Examine the plain cloud as ``main``, with other entries for some roles; all of it is needed."""
    assert clouds_yaml

    def ask(main: str = "plain", **named: str) -> dict[str, str]:
        credentials = read_credentials(main, named)
        return kinds(examine(credentials, wanted(*(TESTS[role] for role in named))))

    return ask


def test_the_right_ones_are_fine(told: Callable[..., dict[str, str]]) -> None:
    """Credentials that are as the page says must not be complained of."""
    right = {role: f"plain-{role}" for role in ROLES}
    assert told(**right) == {}


def test_a_missing_one_is_told_with_its_tests(
    credentials: dict[str, Credential], wanted: Callable[..., Wanted]
) -> None:
    """Without the second project two tests are not run, and the verdict is open: the first thing to know."""
    tests = wanted(TESTS["alt"], suite_test(9, needs=("alt",)), required=frozenset({TESTS["alt"].meta.id}))
    found = examine({"main": credentials["main"]}, tests)
    assert kinds(found) == {"missing-credential": "problem plain-alt: no entry of clouds.yaml for a second project"}
    (told,) = found.problems
    assert told.why == "These tests will not be run: 2 tests, 1 of them required (test_0, test_9)."
    assert told.todo == "Add an entry plain-alt to clouds.yaml, or name one with --alt: a second project."
    advisory = examine({"main": credentials["main"]}, wanted(TESTS["alt"], required=frozenset()))
    assert kinds(advisory)["missing-credential"].startswith("note")
    assert advisory.exit_code == 0


def test_one_that_is_not_needed_is_left_alone(
    credentials: dict[str, Credential], wanted: Callable[..., Wanted]
) -> None:
    """Whoever tests compute has no use for a ResellerAdmin, and must not be asked for one."""
    broken = replace(credentials["reseller"], auth={**credentials["reseller"].auth, "password": "planted-wrong"})
    assert kinds(examine({"main": credentials["main"], "reseller": broken}, wanted())) == {}


def test_one_that_does_not_log_in(credentials: dict[str, Credential], wanted: Callable[..., Wanted]) -> None:
    """A typo in the second password costs its tests only, and is told before."""
    broken = replace(credentials["alt"], auth={**credentials["alt"].auth, "password": "planted-wrong"})
    found = examine(credentials | {"alt": broken}, wanted(TESTS["alt"]))
    assert "refuses the log-in" in kinds(found)["credential-refused"]
    assert (found.exit_code, found.blocked) == (1, None)


@pytest.mark.parametrize("role", ["alt", "empty"])
def test_the_same_project_is_no_other_one(role: str, told: Callable[..., dict[str, str]]) -> None:
    """Tests of access between projects would show nothing, and pass."""
    found = told(**{role: "plain-reader"})
    assert found == {"same-project": "problem plain-reader: it leads to the same project as plain"}


def test_a_second_project_must_not_see_the_first(told: Callable[..., dict[str, str]]) -> None:
    """An access list that lets a ResellerAdmin in has shown nothing."""
    found = told("plain-alt", alt="plain-reseller")
    assert found == {"reads-all": "problem plain-reseller: it can read the account of plain-alt"}


def test_an_empty_project_must_be_empty(told: Callable[..., dict[str, str]], clouds_yaml: Path) -> None:
    """The test that lists nothing would fail, and the cloud be blamed."""
    assert clouds_yaml
    credential = read_credentials("plain-alt")["main"]
    target, http = Target(credential), Http(credential, lambda _: None)
    headers = {"X-Auth-Token": target.token()}
    url = f"{target.endpoint('object-store')}/doctor-was-here"
    http.send("PUT", url, operation="test", headers=headers)
    try:
        found = told(empty="plain-alt")
    finally:
        http.send("DELETE", url, operation="test", headers=headers)
    assert found == {"not-empty": "problem plain-alt: its account has 1 containers and 0 items of metadata"}


def test_an_empty_project_that_cannot_be_read(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """A user without any role on the object store sees nothing, which is not the same as an empty account."""
    other = Fake(scope={"project": {"id": "c" * 32, "name": "q", "domain": {"id": "d"}}})
    other.endpoints["object-store"] = f"{other.url}/v1/AUTH_{'c' * 32}"
    other.answers[f"HEAD /v1/AUTH_{'c' * 32}"] = (403, {}, b"")
    found = examine({"main": fake.credential(), "empty": other.credential(name="x-empty")}, wanted(TESTS["empty"]))
    other.close()
    assert kinds(found)["access-denied"].startswith("problem x-empty: ")


def test_a_spare_user_must_be_one(
    told: Callable[..., dict[str, str]], credentials: dict[str, Credential], wanted: Callable[..., Wanted]
) -> None:
    """Whoever else uses that user would be thrown out while its password is changed."""
    assert told(spare="plain") == {"same-user": "problem plain: it is the user of plain too"}
    token = Target(credentials["spare"]).token()
    auth = {key: value for key, value in credentials["spare"].auth.items() if key in ("auth_url", "project_name")}
    auth |= {"token": token, "project_domain_name": credentials["spare"].auth["project_domain_name"]}
    other = replace(credentials["spare"], auth_type="v3token", auth=auth)
    found = kinds(examine({"main": credentials["main"], "spare": other}, wanted(TESTS["spare"])))
    assert found == {"same-user": "problem plain-spare: it logs in by other means than a password"}


@pytest.mark.parametrize(("main", "others"), [("plain", ("alt", "empty")), ("plain-alt", ())])
def test_a_reseller_must_reach_other_accounts(
    main: str, others: tuple[str, ...], told: Callable[..., dict[str, str]]
) -> None:
    """An ordinary user cannot set a quota: the tests of quotas would fail, and the cloud be blamed."""
    named = {role: f"plain-{role}" for role in others}
    found = told(main, reseller="plain-reader", **named)
    assert found == {"no-reseller": "problem plain-reader: it has no right over other accounts; its roles are: reader"}


def test_a_reseller_alone_is_known_by_its_role(
    credentials: dict[str, Credential], wanted: Callable[..., Wanted]
) -> None:
    """Without a third project there is no account to try, and the name of the role has to do."""
    two = {"main": credentials["main"], "reseller": credentials["reseller"]}
    assert kinds(examine(two, wanted(TESTS["reseller"]))) == {}
    two["reseller"] = credentials["reader"]
    assert set(kinds(examine(two, wanted(TESTS["reseller"])))) == {"no-reseller"}


def test_a_reader_must_not_be_more(told: Callable[..., dict[str, str]]) -> None:
    """Tests of what a reader may not do would fail with a user who may."""
    found = told(reader="plain-alt")
    assert found == {"not-a-reader": "problem plain-alt: its roles are: member, reader"}


def test_a_password_that_is_missing_is_told(credentials: dict[str, Credential], wanted: Callable[..., Wanted]) -> None:
    """With a token or an application credential some tests cannot be run; which, and whether it matters."""
    target = Target(credentials["main"])
    auth = {"auth_url": target.auth_url, "token": target.token(), "project_id": target.project_id}
    main = replace(credentials["main"], auth_type="v3token", auth=auth)
    tests = wanted(suite_test(1, needs=("password",), service="identity"), suite_test(2))
    found = examine({"main": main}, tests)
    assert kinds(found) == {"missing-password": "problem plain: it logs in with v3token, without a password"}
    assert kinds(examine({"main": credentials["main"]}, tests)) == {}


def test_without_an_object_store_projects_are_still_compared(
    credentials: dict[str, Credential], wanted: Callable[..., Wanted]
) -> None:
    """A second project matters to every service, also where nothing can be stored."""
    away = {role: replace(item, region="elsewhere") for role, item in credentials.items()}
    found = examine(away, wanted(*(TESTS[role] for role in ("alt", "empty", "reseller"))))
    assert set(kinds(found)) == {"unknown-region"}
    assert found.blocked
    assert found.exit_code == 2
