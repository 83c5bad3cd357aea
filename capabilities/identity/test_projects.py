"""The projects in which a user has a role, and the domain that they are in.

https://docs.openstack.org/api-ref/identity/v3/#list-projects-for-user
"""

from __future__ import annotations

from defcore.kit import Change, Each, Identity, NotRunError, Session, api_test, with_json
from defcore.kit.checks import in_json
from defcore.kit.identity_shapes import OPTIONS_SINCE, collected, domain_shape, linked, project_shape
from defcore.kit.match import containing, nonempty

REFERENCE = "https://docs.openstack.org/api-ref/identity/v3/"
MANY = 10
"""How many of a user's projects are logged in to."""


@api_test(
    "86128d46-e170-4644-866a-cc487f699e1d",
    service="identity",
    reference=REFERENCE + "#list-projects-for-user",
    needs=("alt", "password"),
    fails_if=Change(on="POST /v3/auth/tokens", status=201),
    seconds=0.3,
)
def test_list_projects(session: Session, identity: Identity) -> None:
    """A user sees the projects in which it has a role, and can log in to each of them, and to no other."""
    user = identity.password()
    with session.setting_up():
        other = session.actor("alt").target.project_id
    answer = identity.projects().status(200).shape({"projects": Each({"id": nonempty, "name": nonempty})})
    projects = answer.json()["projects"]
    answer.require("the ids of the projects", containing(identity.project_id), [item["id"] for item in projects])
    if any(item["id"] == other for item in projects):
        message = (
            "the user may use the second project too: let X-alt be of a project in which the user of X has no role"
        )
        raise NotRunError(message)
    identity.create_token(user, other).status(401)
    for project in projects[:MANY]:
        token = identity.create_token(user, project["id"]).status(201).header("X-Subject-Token", nonempty)
        token.shape({"token": {"project": {"id": project["id"], "name": project["name"]}}})
        token.shape({"token": {"user": {"id": identity.user_id}}})


@api_test(
    "17a5de24-e6a0-4e4a-a9ee-d85b6e5612b5",
    service="identity",
    reference=REFERENCE + "#show-domain-details",
    fails_if=Change(on="GET /v3/domains/{domain_id}", body=with_json("domain.enabled", False)),  # noqa: FBT003 - JSON
    seconds=0.3,
)
def test_show_domain(session: Session, identity: Identity) -> None:
    """A user is shown the domain of its project, and that it is enabled."""
    with session.setting_up():
        token = identity.show_token(identity.token).status(200).json()["token"]
    domain = token["project"]["domain"]["id"]
    identity.domain(domain).status(200).shape({"domain": {"id": domain, "enabled": True}})


@api_test(
    "e004ee6a-0702-4301-85ef-fa0a3651be2b",
    service="identity",
    reference=REFERENCE + "#show-domain-details",
    fails_if=Change(on="GET /v3/domains/{domain_id}", body=with_json("domain.name", "another")),
    seconds=0.3,
)
def test_show_domain_in_full(identity: Identity) -> None:
    """A domain is shown with all its members, by the name that a token of its project gives it."""
    named = identity.own()["project"]["domain"]
    options = identity.version() >= OPTIONS_SINCE
    links = linked(f"/v3/domains/{named['id']}")
    answer = identity.domain(named["id"]).status(200).check(in_json)
    answer.shape({"domain": domain_shape(options) | named | {"enabled": True, "links": links}})


@api_test(
    "6a37d228-4fac-4fc6-bc8b-40e64749cf07",
    service="identity",
    reference=REFERENCE + "#list-projects-for-user",
    fails_if=Change(on="GET /v3/users/{user_id}/projects", body=with_json("projects.0.links.self", "http://x/v3/none")),
    seconds=0.3,
)
def test_list_projects_in_full(identity: Identity) -> None:
    """Each project of a user is listed once, with all its members, and ours as a token of it tells."""
    ours, options = identity.own()["project"], identity.version() >= OPTIONS_SINCE
    answer = identity.projects().status(200).check(in_json)
    answer.shape(
        {"projects": Each(project_shape(options)), "links": collected(f"/v3/users/{identity.user_id}/projects")}
    )
    found = answer.json()["projects"]
    ids = [item["id"] for item in found]
    answer.require("the ids of the projects", sorted(set(ids)), sorted(ids))
    for number, item in enumerate(found):
        answer.require(f"$.projects[{number}].links", linked(f"/v3/projects/{item['id']}"), item["links"])
    told = {"name": ours["name"], "domain_id": ours["domain"]["id"], "enabled": True}
    answer.require("our project in $.projects", [told], [item for item in found if item["id"] == ours["id"]])
