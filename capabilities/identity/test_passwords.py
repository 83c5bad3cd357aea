"""A user changes its own password.

https://docs.openstack.org/api-ref/identity/v3/#change-password-for-user
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit import Change, Session, UnsupportedError, api_test
from defcore.kit.match import nonempty
from defcore.kit.password import spare

if TYPE_CHECKING:
    from defcore.kit import Answer

REFERENCE = "https://docs.openstack.org/api-ref/identity/v3/#change-password-for-user"
CHANGE = "POST /v3/users/{user_id}/password"
READ_ONLY = (403, 405, 501)


@api_test(
    "ad71bd23-12ad-426b-bb8b-195d2b635f27",
    service="identity",
    reference=REFERENCE,
    needs=("spare",),
    uses=("spare-user",),
    fails_if=Change(on="POST /v3/auth/tokens", nth=3, status=201),
    seconds=3,
)
def test_change_password(session: Session) -> None:
    """A user who changes its password logs in with the new one, but no more with the old one or an older token."""
    with spare(session) as user:
        with session.setting_up():
            before = user.log_in(0).status(201).get("X-Subject-Token") or ""
            user.identity.create_token_from(before).status(201)
        allowed(user.change(1)).status(204)
        user.log_in(1).status(201).header("X-Subject-Token", nonempty)
        user.identity.create_token_from(before).status(404)
        user.log_in(0).status(401)


@api_test(
    "941784ee-5342-4571-959b-b80dd2cea516",
    service="identity",
    reference=REFERENCE,
    needs=("spare",),
    uses=("spare-user",),
    fails_if=Change(on=CHANGE, status=400),
    seconds=3,
)
def test_change_password_again(session: Session) -> None:
    """A user may always change to a new password, and a cloud that keeps old ones refuses to take them again."""
    with spare(session) as user:
        allowed(user.change(1)).status(204)
        user.log_in(1).status(201)
        if user.change(0).status(204, 400).exchange.status == 400:
            user.change(1).status(400)
        user.change(2).status(204)
        user.log_in(2).status(201)


def allowed(answer: Answer) -> Answer:
    """Pass on an answer, unless it says that nobody changes passwords here: where they come from elsewhere."""
    if answer.exchange.status in READ_ONLY:
        message = f"the cloud lets users change no passwords (status {answer.exchange.status})"
        raise UnsupportedError(message)
    return answer
