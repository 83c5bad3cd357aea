"""Keystone v3: tokens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from defcore.kit.outcomes import NotRunError

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
        answer = self._actor.send(
            "POST",
            f"{self.url}/auth/tokens",
            operation="POST /v3/auth/tokens",
            headers={"Content-Type": "application/json"},
            body=json.dumps({"auth": auth}).encode(),
            token=None,
            probe=self._probe,
            # Twice gives two tokens, of which one is never used and expires.
            idempotent=True,
        )
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

    def _about(self, method: str, subject: str) -> Answer:
        return self._actor.send(
            method,
            f"{self.url}/auth/tokens",
            operation=f"{method} /v3/auth/tokens",
            headers={"X-Subject-Token": subject},
            probe=self._probe,
        )

    def _probe(self) -> str | None:
        status = self._actor.http.glance(self.url)
        return None if status is not None and status < 500 else "its version document cannot be read"  # noqa: PLR2004
