"""Application credentials: made by a user, for programs that act in its stead.

https://docs.openstack.org/api-ref/identity/v3/#application-credentials
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Each, Identity, Session, api_test, with_json, with_list
from defcore.kit.checks import explained, holding, in_json
from defcore.kit.identity_shapes import CREDENTIAL, collected, linked
from defcore.kit.match import containing, nonempty

if TYPE_CHECKING:
    from defcore.kit import Answer

REFERENCE = "https://docs.openstack.org/api-ref/identity/v3/"
CREATE = REFERENCE + "#create-application-credential"
LIST = REFERENCE + "#list-application-credentials"
ALL = "/v3/users/{user_id}/application_credentials"
ONE = ALL + "/{application_credential_id}"


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


@api_test(
    "08cef3ef-7567-4f25-b3d1-e7faeee1e166",
    service="identity",
    reference=CREATE,
    needs=("password",),
    fails_if=Change(on=f"POST {ALL}", body=with_json("application_credential.description", "another")),
    creates={"application-credential": 1},
    seconds=0.3,
)
def test_created_in_full(session: Session, identity: Identity) -> None:
    """The answer to the creation of an application credential tells all that was asked for, and all that is shown."""
    roles = [{"id": item["id"], "name": item["name"]} for item in identity.own()["roles"]]
    asked = wanted(session)
    answer = identity.create_credential(**asked).status(201).check(in_json)
    answer.shape({"application_credential": CREDENTIAL | {"secret": nonempty}})
    made = answer.json()["application_credential"]
    session.know(made["secret"])
    known = asked | {"project_id": identity.project_id, "roles": roles}
    holding(answer, "$.application_credential", known, made)
    with session.setting_up():
        shown = identity.credential(made["id"]).status(200).json()["application_credential"]
    holding(answer, "$.application_credential", shown, made)
    answer.shape({"application_credential": {"links": linked(f"/application_credentials/{made['id']}")}})


@api_test(
    "d90e5c10-22f0-490e-8789-6bb47dd3abae",
    service="identity",
    reference=REFERENCE + "#show-application-credential-details",
    needs=("password",),
    fails_if=Change(on=f"GET {ONE}", body=with_json("application_credential.roles", [])),
    creates={"application-credential": 1},
    seconds=0.3,
)
def test_shown_in_full(session: Session, identity: Identity) -> None:
    """An application credential is shown as it was created, but for the secret."""
    made = prepared(session, identity)
    answer = identity.credential(made["id"]).status(200).check(in_json)
    answer.shape({"application_credential": CREDENTIAL | {"links": linked(f"/application_credentials/{made['id']}")}})
    holding(answer, "$.application_credential", made, answer.json()["application_credential"])


@api_test(
    "c175f604-005f-423d-8bc1-f78a9562a0a7",
    service="identity",
    reference=LIST,
    needs=("password",),
    fails_if=Change(on=f"GET {ALL}", body=with_list("application_credentials", lambda items: items * 2)),
    creates={"application-credential": 2},
    seconds=0.3,
)
def test_listed_in_full(session: Session, identity: Identity) -> None:
    """Each application credential is listed once, as it was created, but for the secret."""
    ours = [prepared(session, identity) for _ in range(2)]
    answer = identity.credentials().status(200).check(in_json)
    links = collected(f"/v3/users/{identity.user_id}/application_credentials")
    # Others may just be about to be made.
    answer.shape({"application_credentials": Each({"id": nonempty}), "links": links})
    found = answer.json()["application_credentials"]
    for made in ours:
        same = [item for item in found if item["id"] == made["id"]]
        place = f"those of id {made['id']} in $.application_credentials"
        holding(answer, place, [made], same)
        answer.require(place, [CREDENTIAL | {"links": linked(f"/application_credentials/{made['id']}")}], same)


@api_test(
    "41ebdad1-f495-4924-ad77-383f8b24b1f2",
    service="identity",
    reference=REFERENCE + "#delete-application-credential",
    needs=("password",),
    fails_if=Change(on=f"GET {ONE}", status=200),
    creates={"application-credential": 2},
    seconds=0.3,
)
def test_delete(session: Session, identity: Identity) -> None:
    """An application credential that was deleted is neither shown nor listed and logs nobody in; another one stays."""
    with session.setting_up():
        made, other = (created(session, identity) for _ in range(2))
        identity.credentials().status(200)
    identity.delete_credential(made["id"]).status(204).body(b"")
    explained(identity.credential(made["id"]), 404)
    answer, found = listed(identity.credentials())
    left = [item["id"] for item in found if item["id"] in (made["id"], other["id"])]
    answer.require("which of the two is listed", [other["id"]], left)
    explained(identity.create_token_as(made["id"], made["secret"]), 401, 404)
    explained(identity.delete_credential(made["id"]), 404)


@api_test(
    "2f091944-d962-4b58-b850-332e61597282",
    service="identity",
    reference=CREATE,
    needs=("password",),
    fails_if=Change(on=f"POST {ALL}", status=201),
    creates={"application-credential": 1},
    seconds=0.3,
)
def test_no_two_of_a_name(session: Session, identity: Identity) -> None:
    """A user has no two application credentials of one name."""
    with session.setting_up():
        made = created(session, identity)
    explained(identity.create_credential(name=made["name"]), 409)


def wanted(session: Session) -> dict[str, Any]:
    """Return what an application credential is asked to be; its end is in UTC, as the reference writes it."""
    end = (datetime.now(UTC) + timedelta(hours=1)).replace(tzinfo=None).isoformat(timespec="microseconds")
    described = "f\u00fcr \u30c6\u30b9\u30c8 \u2713"
    return {"name": session.name(), "description": described, "expires_at": end, "unrestricted": False}


def prepared(session: Session, identity: Identity) -> dict[str, Any]:
    """Prepare an application credential; give it as the answer to its creation told, without its secret."""
    with session.setting_up():
        answer = identity.create_credential(**wanted(session)).status(201)
        made: dict[str, Any] = answer.shape({"application_credential": {"secret": nonempty}}).json()[
            "application_credential"
        ]
    session.know(made.pop("secret"))
    return made


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
