"""A password that is changed for a while, and comes back whatever happens.

The passwords that take its place follow from it and from a word that stands in the ledger: who knows the password of
``clouds.yaml`` can find them again after a run was killed, and the ledger tells no secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from defcore.cloud.http import TroubleError
from defcore.errors import InputError
from defcore.kit.identity import Identity
from defcore.kit.outcomes import NotRunError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.cloud.credential import Credential
    from defcore.kit.actor import Actor
    from defcore.kit.answer import Answer
    from defcore.kit.session import Session
    from defcore.run.ledger import Entry

KIND = "password"
ROLE = "spare"
HISTORY = 24
"""How many passwords of before a cloud may refuse, at the most; PCI DSS, which such rules follow, asks for four."""
SECOND = 1.1
"""Seconds after which a new token is surely younger than the change: Keystone notes both to the second."""


def following(original: str, word: str, step: int) -> str:
    """Return the password of a step; that of step 0 is the original.

    It has what rules for passwords ask for: letters of both cases, digits, a sign, and 32 characters.
    """
    if step == 0:
        return original
    digest = hmac.new(original.encode(), f"{word} {step}".encode(), hashlib.sha256).digest()
    return "Aa1!" + base64.urlsafe_b64encode(digest).decode()[:28]


class Spare:
    """The user whose password is changed. ``now`` is the step that its password is at, as far as we know."""

    def __init__(self, session: Session, actor: Actor, entry: Entry) -> None:
        """Take the open debt to put it back."""
        self._session, self._entry = session, entry
        # By the main user's address: with another password than the one in clouds.yaml this one finds none.
        self.identity = Identity(actor, session.actor("main").identity.url)
        self.user: str = entry.where["user"]
        self._original = str(actor.target.credential.auth["password"])

    @property
    def now(self) -> int:
        """The step that was last asked for."""
        return int(self._entry.where["step"])

    def at(self, step: int) -> str:
        """Return the password of a step, which is written nowhere."""
        found = following(self._original, self._entry.where["word"], step)
        self._session.know(found)
        return found

    def log_in(self, step: int) -> Answer:
        """POST /v3/auth/tokens with the password of a step."""
        return self.identity.create_token({"id": self.user, "password": self.at(step)})

    def change(self, step: int, before: int | None = None) -> Answer:
        """Change the password to that of a step; the ledger knows of it before the cloud does.

        ``before`` is the step that is given as the present one.
        """
        present = self.now if before is None else before
        highest = str(max(step, int(self._entry.where.get("highest", 0))))
        self._session.learn(self._entry, step=str(step), before=str(present), highest=highest)
        answer = self.identity.change_password(self.user, self.at(present), self.at(step))
        if answer.exchange.status != 204:  # noqa: PLR2004 - HTTP
            # Most likely nothing was changed; but a cloud that is being tested may say so and have changed it.
            self._session.learn(self._entry, step=str(present), before=str(step))
        return answer

    def restore(self) -> None:
        """Put the original password back, by others where the cloud refuses what was used of late.

        Raises TroubleError when that cannot be done now; the debt stays.
        """
        present = self._present()
        if present == 0:
            return
        for step in range(present, present + HISTORY + 1):
            if step > present:
                _changed(self.change(step, step - 1), step)
            if (answer := self.change(0, step)).exchange.status == 204:  # noqa: PLR2004 - HTTP
                time.sleep(SECOND)
                return
            if answer.exchange.status != 400:  # noqa: PLR2004 - HTTP
                _changed(answer, 0)
        raise TroubleError(f"the original password is refused after {HISTORY} others", exchange=answer.exchange)

    def _present(self) -> int:
        """Find which password is valid: the most likely first, so that few log-ins fail."""
        likely, before, highest = (int(self._entry.where.get(key, 0)) for key in ("step", "before", "highest"))
        for step in dict.fromkeys((likely, before, *range(highest, -1, -1))):
            answer = self.log_in(step)
            if answer.exchange.status == 201:  # noqa: PLR2004 - HTTP
                return int(step)
            if answer.exchange.status != 401:  # noqa: PLR2004 - HTTP
                break
        message = f"user {self.user} cannot log in with any password that we know: let an administrator set it anew"
        raise TroubleError(message, exchange=answer.exchange)


def _changed(answer: Answer, step: int) -> None:
    if answer.exchange.status != 204:  # noqa: PLR2004 - HTTP
        what = "the original one" if step == 0 else "another"
        message = f"changing the password to {what} ends with status {answer.exchange.status}"
        raise TroubleError(message, exchange=answer.exchange)


@contextmanager
def spare(session: Session) -> Iterator[Spare]:
    """Lend the user whose password may be changed; it is put back at the end, by the cleanup or by ``defcore reap``.

    Raises NotRunError for one who logs in by other means, or is another credential's user too.
    """
    with session.lent("spare-user", safe=True):
        actor = session.actor(ROLE)
        user = _user(session, actor)
        where = {"user": user, "word": secrets.token_hex(8), "step": "0"}
        entry = session.owe(KIND, ROLE, where)
        found = Spare(session, actor, entry)
        try:
            yield found
        finally:
            with session.setting_up():
                found.restore()
                session.settled(entry)


def _user(session: Session, actor: Actor) -> str:
    """Return the id of the spare user, once it is seen that it is one."""
    credential = actor.target.credential
    if not credential.auth.get("password"):
        message = f"needs a password: entry {credential.name} of clouds.yaml logs in by other means"
        raise NotRunError(message)
    try:
        user = actor.target.user_id
    except InputError as error:
        message = (
            f"{error.what}: if a run was killed, defcore reap --cloud X with its directory gives the password back"
        )
        raise NotRunError(message) from error
    for role in session.actors:
        other = session.actor(role).target
        if role != ROLE and (
            _words(other.credential) == _words(credential) or (role == "main" and other.user_id == user)
        ):
            message = (
                f"{credential.name} is the user of {other.credential.name} too: let it be one that nobody else uses"
            )
            raise NotRunError(message)
    return user


def _words(credential: Credential) -> dict[str, Any]:
    """Return what names the user in an entry of ``clouds.yaml``."""
    return {key: value for key, value in credential.auth.items() if key.startswith("user")}


def restore_password(actor: Actor, where: dict[str, Any]) -> None:
    """Put back a password that a run has changed."""
    session = actor.session
    entry = next(item for item in session.ledger.open_entries() if item.kind == KIND and item.where == where)
    Spare(session, actor, entry).restore()
