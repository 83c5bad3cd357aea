"""Exchanges made by hand, and sessions without a cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from requests.structures import CaseInsensitiveDict

from defcore.cloud.credential import Credential
from defcore.cloud.http import Exchange, Policy
from defcore.kit.session import Session
from defcore.run.ledger import LEDGER, Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "pl4nted-password"  # noqa: S105 - planted


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    """Make exchanges: a GET that was answered with 200, unless told otherwise."""

    def make(status: int = 200, headers: dict[str, str] | None = None, body: bytes = b"", **more: Any) -> Exchange:  # noqa: ANN401
        words: dict[str, Any] = {
            "request_id": "req-1",
            "operation": "GET /v1/{account}",
            "method": "GET",
            "url": "http://cloud/v1/a",
            "request_headers": {},
            "request_body": b"",
            "started": 1.0,
            "seconds": 0.1,
            "attempt": 1,
        }
        answered = {"status": status, "headers": CaseInsensitiveDict(headers or {}), "body": body}
        return Exchange(**(words | answered | more))

    return make


@pytest.fixture
def credential() -> Credential:
    """Give a credential for a cloud that is not there."""
    auth = {"auth_url": "http://127.0.0.1:1/v3", "user_id": "u", "password": SECRET, "project_id": "p"}
    return Credential("x", "v3password", auth, None, "public", True, None, {})  # noqa: FBT003 - to verify TLS


@pytest.fixture
def session(tmp_path: Path, credential: Credential) -> Session:
    """Give a session whose cloud is not there, with little patience."""
    policy = Policy(connect=0.2, read=0.2, total=0.5, retries=0)
    return Session(
        tmp_path, "0123456789abcdef", {"main": credential}, Ledger(tmp_path / LEDGER), policy=policy, settle=0.2
    )
