"""Application credentials: made by a user, for programs that act in its stead.

https://docs.openstack.org/api-ref/identity/v3/#application-credentials
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Identity, Session, api_test, with_json, with_list
from defcore.kit.match import containing, nonempty

if TYPE_CHECKING:
    from defcore.kit import Answer

REFERENCE = "https://docs.openstack.org/api-ref/identity/v3/"
CREATE = REFERENCE + "#create-application-credential"
LIST = REFERENCE + "#list-application-credentials"
ALL = "/v3/users/{user_id}/application_credentials"


@api_test(
    "8080c75c-eddc-4786-941a-c2da7039ae61",
    service="identity",
    reference=CREATE,
    needs=("password",),
    fails_if=Change(on="POST /v3/auth/tokens", body=with_json("token.project.id", "another")),
    creates={"application-credential": 1},
    seconds=0.3,
)
def test_create(session: Session, identity: Identity) -> None:
    """A new application credential logs in to its project with a secret, which is never shown again."""
    made = created(session, identity)
    shown = identity.credential(made["id"]).status(200).shape({"application_credential": {"id": made["id"]}})
    if "secret" in shown.json()["application_credential"]:
        raise shown.wrong("$.application_credential.secret", "no such member", "a text")
    token = identity.create_token_as(made["id"], made["secret"]).status(201)
    token.shape({"token": {"project": {"id": identity.project_id}}})


@api_test(
    "852daf0c-42b5-4239-8466-d193d0543ed3",
    service="identity",
    reference=CREATE,
    needs=("password",),
    fails_if=Change(on=f"POST {ALL}", body=with_json("application_credential.expires_at", None)),
    creates={"application-credential": 1},
    seconds=0.3,
)
def test_create_with_an_end(session: Session, identity: Identity) -> None:
    """A new application credential expires when it was asked to."""
    end = (datetime.now(UTC) + timedelta(hours=1)).replace(tzinfo=None).isoformat(timespec="microseconds")
    answer = identity.create_credential(name=session.name(), expires_at=end).status(201)
    answer.shape({"application_credential": {"expires_at": end}})


@api_test(
    "ff0cd457-6224-46e7-b79e-0ada4964a8a6",
    service="identity",
    reference=LIST,
    needs=("password",),
    fails_if=Change(on=f"GET {ALL}", body=with_list("application_credentials", lambda items: items[:0])),
    creates={"application-credential": 2},
    seconds=0.3,
)
def test_list(session: Session, identity: Identity) -> None:
    """The application credentials of a user are listed."""
    with session.setting_up():
        ours = [created(session, identity)["id"] for _ in range(2)]
    answer, found = listed(identity.credentials())
    for credential in ours:
        answer.require("the ids that are listed", containing(credential), [item["id"] for item in found])


@api_test(
    "9bb5e5cc-5250-493a-8869-8b665f6aa5f6",
    service="identity",
    reference=LIST,
    needs=("password",),
    fails_if=Change(on=f"GET {ALL}", body=with_list("application_credentials", lambda items: items * 2)),
    creates={"application-credential": 2},
    seconds=0.3,
)
def test_list_by_name(session: Session, identity: Identity) -> None:
    """A list of application credentials that is filtered by a name has the one of that name alone."""
    with session.setting_up():
        _, wanted = created(session, identity), created(session, identity)
    answer, found = listed(identity.credentials(name=wanted["name"]))
    answer.require("the names that are listed", [wanted["name"]], [item["name"] for item in found])


def created(session: Session, identity: Identity) -> dict[str, Any]:
    """Create an application credential with the roles of its user; give it with its secret."""
    answer = identity.create_credential(name=session.name()).status(201)
    answer.shape({"application_credential": {"id": nonempty, "name": nonempty, "secret": nonempty}})
    made: dict[str, Any] = answer.json()["application_credential"]
    session.know(made["secret"])
    return made


def listed(answer: Answer) -> tuple[Answer, list[dict[str, Any]]]:
    """Return what is listed, and the answer that lists it."""
    answer.status(200).shape({"application_credentials": list})
    found: list[dict[str, Any]] = answer.json()["application_credentials"]
    return answer, found
