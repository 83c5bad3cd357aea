"""Create and revoke tokens.

https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from defcore.kit import Change, Identity, Only, Session, api_test, with_json
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
