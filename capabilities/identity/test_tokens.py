"""Create and revoke tokens.

https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from defcore.kit import Change, Identity, Only, Session, api_test, with_json, with_list
from defcore.kit.checks import explained, holding, in_json
from defcore.kit.identity_shapes import SCOPED, TOKEN
from defcore.kit.match import beginning_with, caseless, iso_time, later_than, nonempty

REFERENCE = "https://docs.openstack.org/api-ref/identity/v3/"


@api_test(
    "6f8e4436-fc96-4282-8122-e41df57197a9",
    service="identity",
    needs=("password",),
    reference=REFERENCE + "#password-authentication-with-unscoped-authorization",
    fails_if=Change(on="POST /v3/auth/tokens", body=with_json("token.expires_at", "2001-01-01T00:00:00.000000Z")),
    seconds=0.3,
)
def test_create_token(identity: Identity) -> None:
    """A user who gives a password gets a token that names the user and expires later than it was issued."""
    answer = identity.create_token(identity.password()).status(201).header("X-Subject-Token", nonempty)
    answer.shape({"token": {"issued_at": iso_time, "expires_at": iso_time}})
    issued = datetime.fromisoformat(answer.json()["token"]["issued_at"])
    answer.shape({"token": {"expires_at": later_than(issued, "issued_at")}})
    answer.shape({"token": {"expires_at": later_than(datetime.now(UTC), "now")}})
    answer.shape({"token": {"user": our_user(identity), "methods": beginning_with("password")}})


@api_test(
    "0f9f5a5f-d5cd-4a86-8a5b-c5ded151f212",
    service="identity",
    needs=("password",),
    reference=REFERENCE + "#revoke-token",
    fails_if=Change(on="HEAD /v3/auth/tokens", nth=2, status=200),
    seconds=0.3,
)
def test_revoke_token(identity: Identity) -> None:
    """A token can be checked and shown until it is revoked, and is not found from then on."""
    created = identity.create_token(identity.password()).status(201).header("X-Subject-Token", nonempty)
    token = created.get("X-Subject-Token") or ""
    identity.check_token(token).status(200)
    identity.show_token(token).status(200).shape({"token": {"user": our_user(identity)}})
    identity.delete_token(token).status(204)
    identity.check_token(token).status(404)


@api_test(
    "a9512ac3-3909-48a4-b395-11f438e16260",
    service="identity",
    needs=("password",),
    reference=REFERENCE + "#validate-and-show-information-for-token",
    fails_if=Change(on="GET /v3/auth/tokens", body=with_json("token.expires_at", "2001-01-01T00:00:00.000000Z")),
    seconds=0.3,
)
def test_validate_token(session: Session, identity: Identity) -> None:
    """A token is shown as it was when it was issued, until it is revoked."""
    created = identity.create_token(identity.password()).status(201).header("X-Subject-Token", nonempty)
    token = created.get("X-Subject-Token") or ""
    created.shape({"token": {"user": our_user(identity)}})
    issued = created.json()["token"]
    roles = issued.pop("roles", None)
    shown = identity.show_token(token).status(200)
    shown.shape({"token": exactly(issued) if roles is None else Only(exactly(issued).members | {"roles": list})})
    # The published test sorts the roles in a way that leaves nothing of them to compare.
    session.advise(lambda: shown.shape({"token": {"roles": roles or []}}) if roles else None)
    identity.delete_token(token).status(204)
    identity.show_token(token).status(404)


def exactly(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the shape that a JSON value has alone."""
    if isinstance(value, dict):
        return Only({key: exactly(item) for key, item in value.items()})
    return [exactly(item) for item in value] if isinstance(value, list) else value


def our_user(identity: Identity) -> dict[str, object]:
    """Tell what a token says of our own user."""
    return {"id": identity.user_id, "name": caseless(identity.username) if identity.username else nonempty}


@api_test(
    "3d09c11a-a034-45e1-aff2-3c3a94205161",
    service="identity",
    needs=("password",),
    reference=REFERENCE + "#password-authentication-with-scoped-authorization",
    fails_if=Change(on="POST /v3/auth/tokens", body=with_list("token.roles", lambda items: items[1:])),
    seconds=0.3,
)
def test_create_token_of_a_project(identity: Identity) -> None:
    """A token for a project tells in full whose it is, where it holds, the roles there, and the services."""
    own = identity.own()
    answer = identity.create_token(identity.password(), identity.project_id).status(201).check(in_json)
    answer.header("X-Subject-Token", nonempty).shape({"token": SCOPED | {"methods": ["password"]}})
    known = {key: own[key] for key in ("user", "project", "roles", "catalog")}
    holding(answer, "$.token", known, answer.json()["token"])


@api_test(
    "3ce583c3-d051-4dfe-a17a-61c0aae1ec3e",
    service="identity",
    needs=("password",),
    reference=REFERENCE + "#password-authentication-with-unscoped-authorization",
    fails_if=Change(on="POST /v3/auth/tokens", body=with_json("token.audit_ids", [])),
    seconds=0.3,
)
def test_create_token_in_full(identity: Identity) -> None:
    """A token for which no project is named tells in full whose it is, how it was obtained and how long it lasts."""
    user = {key: value for key, value in identity.own()["user"].items() if key in ("id", "name", "domain")}
    answer = identity.create_token(identity.password()).status(201).check(in_json)
    answer.shape({"token": TOKEN | {"methods": ["password"], "user": user}})


@api_test(
    "5fbfae9d-0d06-4031-a729-30202be547c1",
    service="identity",
    reference=REFERENCE + "#check-token",
    fails_if=Change(on="HEAD /v3/auth/tokens", header=("Content-Type", "text/plain")),
    seconds=0.3,
)
def test_show_and_check_own_token(identity: Identity) -> None:
    """A token is shown with all that it is good for, and its check answers with the same headers and no body."""
    own = identity.own()
    shown = identity.show_token(identity.token).status(200).check(in_json).shape({"token": SCOPED})
    holding(shown, "$.token", own, shown.json()["token"])
    checked = identity.check_token(identity.token).status(200).body(b"")
    checked.header("Content-Type", shown.get("Content-Type"))


@api_test(
    "9529ba09-1c12-4f9c-a2a8-6d505b5e77be",
    service="identity",
    needs=("password",),
    reference=REFERENCE + "#authentication-and-token-management",
    fails_if=Change(on="POST /v3/auth/tokens", body=lambda _: b""),
    seconds=0.3,
)
def test_refused_and_why(identity: Identity) -> None:
    """Nobody gets a token for a project that does not exist, and a token that does not exist is not found."""
    explained(identity.create_token(identity.password(), uuid.uuid4().hex), 401, 404)
    explained(identity.show_token(uuid.uuid4().hex), 404)
