"""Keystone v3: tokens, and what a user sees and may change of itself."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from defcore.kit.identity_shapes import SCOPED
from defcore.kit.outcomes import NotRunError
from defcore.kit.owing import create, told

if TYPE_CHECKING:
    from defcore.kit.actor import Actor
    from defcore.kit.answer import Answer


class Identity:
    """Identity API v3, https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management."""

    def __init__(self, actor: Actor, url: str) -> None:
        """Speak to Keystone at ``url``, which ends in ``/v3``."""
        self._actor = actor
        self.url = url

    @property
    def user_id(self) -> str:
        """Our own user's id."""
        return self._actor.target.user_id

    @property
    def username(self) -> str | None:
        """Our own user's name, where we log in by name."""
        name = self._actor.target.credential.auth.get("username")
        return str(name) if name else None

    @property
    def project_id(self) -> str:
        """Our project's id."""
        return self._actor.target.project_id

    @property
    def role(self) -> str:
        """The role of who acts, as the ledger names it."""
        return self._actor.role

    @property
    def token(self) -> str:
        """Our own token."""
        return self._actor.target.token()

    def password(self) -> dict[str, Any]:
        """Return the ``auth.identity.password.user`` object of our own user; without a password the test is not run."""
        auth = self._actor.target.credential.auth
        if not auth.get("password"):
            name = self._actor.target.credential.name
            message = f"needs a password: entry {name} of clouds.yaml logs in by other means"
            raise NotRunError(message)
        return {"id": self.user_id, "password": auth["password"]}

    def create_token(self, user: dict[str, Any], project: str | None = None) -> Answer:
        """POST /v3/auth/tokens with a password, scoped to a project id when one is given."""
        auth: dict[str, Any] = {"identity": {"methods": ["password"], "password": {"user": user}}}
        if project:
            auth["scope"] = {"project": {"id": project}}
        return self._log_in(auth)

    def create_token_from(self, token: str) -> Answer:
        """POST /v3/auth/tokens with another token."""
        return self._log_in({"identity": {"methods": ["token"], "token": {"id": token}}})

    def create_token_as(self, credential: str, secret: str) -> Answer:
        """POST /v3/auth/tokens with an application credential, by its id."""
        words = {"id": credential, "secret": secret}
        return self._log_in({"identity": {"methods": ["application_credential"], "application_credential": words}})

    def _log_in(self, auth: dict[str, Any]) -> Answer:
        # Twice gives two tokens, of which one is never used and expires.
        answer = self._ask("POST", "/auth/tokens", body={"auth": auth}, token=None, idempotent=True)
        if made := answer.get("X-Subject-Token"):
            self._actor.session.know(made)
        return answer

    def show_token(self, subject: str) -> Answer:
        """GET /v3/auth/tokens: what a token is good for."""
        return self._about("GET", subject)

    def check_token(self, subject: str) -> Answer:
        """HEAD /v3/auth/tokens: whether a token is valid."""
        return self._about("HEAD", subject)

    def delete_token(self, subject: str) -> Answer:
        """DELETE /v3/auth/tokens: revoke a token."""
        return self._about("DELETE", subject)

    def catalogue(self) -> Answer:
        """GET /v3/auth/catalog: the services that our token is good for."""
        return self._ask("GET", "/auth/catalog")

    # -- the API itself --------------------------------------------------------------------------------------------

    def versions(self) -> Answer:
        """GET / above the version, which needs no token."""
        return self._ask("GET", re.sub(r"/v3$", "/", self.url), operation="GET /", token=None)

    def description(self) -> Answer:
        """GET /v3: what the version is."""
        return self._ask("GET", "")

    def version(self) -> tuple[int, int]:
        """Prepare to judge by what the version has: the number that it tells."""
        with self._actor.setting_up():
            told = self.description().status(200).shape({"version": {"id": str}}).json()["version"]["id"]
        found = re.fullmatch(r"v3\.(\d+)", told)
        return 3, int(found[1]) if found else 0

    def own(self) -> dict[str, Any]:
        """Prepare to judge by what is known: return what our own token is good for."""
        with self._actor.setting_up():
            found: dict[str, Any] = self.show_token(self.token).status(200).shape({"token": SCOPED}).json()["token"]
        return found

    # -- what a user sees, and has ---------------------------------------------------------------------------------

    def domain(self, domain: str) -> Answer:
        """GET /v3/domains/{domain_id}."""
        return self._ask("GET", f"/domains/{domain}", operation="GET /v3/domains/{domain_id}")

    def projects(self) -> Answer:
        """GET /v3/users/{user_id}/projects: the projects in which we have a role."""
        return self._ask("GET", f"/users/{self.user_id}/projects", operation="GET /v3/users/{user_id}/projects")

    def change_password(self, user: str, before: str, after: str) -> Answer:
        """POST /v3/users/{user_id}/password: by the password that a user has; no token is needed."""
        return self._ask(
            "POST",
            f"/users/{user}/password",
            operation="POST /v3/users/{user_id}/password",
            body={"user": {"original_password": before, "password": after}},
            token=None,
        )

    # -- application credentials -----------------------------------------------------------------------------------

    def create_credential(self, **members: Any) -> Answer:  # noqa: ANN401 - JSON values
        """POST /v3/users/{user_id}/application_credentials; its name, one of ours, is entered in the ledger first."""
        return create(
            self._actor.session,
            self.role,
            "application-credential",
            [{"name": members["name"]}],
            lambda: self._credentials("POST", body={"application_credential": members}),
            lambda answer: [told(answer, "application_credential", "id")],
        )

    def credentials(self, **filters: str) -> Answer:
        """GET /v3/users/{user_id}/application_credentials."""
        return self._credentials("GET", params=filters)

    def credential(self, credential: str) -> Answer:
        """GET /v3/users/{user_id}/application_credentials/{application_credential_id}."""
        return self._credentials("GET", credential)

    def delete_credential(self, credential: str) -> Answer:
        """DELETE /v3/users/{user_id}/application_credentials/{application_credential_id}."""
        return self._credentials("DELETE", credential)

    def _credentials(self, method: str, credential: str = "", **more: Any) -> Answer:  # noqa: ANN401 - as for _ask
        operation = f"{method} /v3/users/{{user_id}}/application_credentials"
        path = f"/users/{self.user_id}/application_credentials"
        if credential:
            operation, path = f"{operation}/{{application_credential_id}}", f"{path}/{credential}"
        return self._ask(method, path, operation=operation, **more)

    # -- how it is asked -------------------------------------------------------------------------------------------

    def _about(self, method: str, subject: str) -> Answer:
        return self._ask(method, "/auth/tokens", headers={"X-Subject-Token": subject})

    def _ask(
        self,
        method: str,
        path: str,
        *,
        operation: str | None = None,
        headers: dict[str, str] | None = None,
        body: Any = None,  # noqa: ANN401 - a JSON value
        **more: Any,  # noqa: ANN401 - as for Actor.send
    ) -> Answer:
        """Send a request to a path below ``/v3``, or to a whole URL."""
        sent = {"Content-Type": "application/json"} if body is not None else {}
        return self._actor.send(
            method,
            path if "://" in path else f"{self.url}{path}",
            operation=operation or f"{method} /v3{path}",
            headers=sent | (headers or {}),
            body=json.dumps(body).encode() if body is not None else b"",
            probe=self._probe,
            **more,
        )

    def _probe(self) -> str | None:
        status = self._actor.http.glance(self.url)
        return None if status is not None and status < 500 else "its version document cannot be read"  # noqa: PLR2004
