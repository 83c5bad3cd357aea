"""What a test says of itself: id, needs, reference, and the change under which it fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from defcore.kit.change import Change

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NEEDS = {
    "alt": "a second project",
    "empty": "a project in which nothing was ever stored",
    "reader": "a user with the role reader",
    "reseller": "a user with the role ResellerAdmin",
}
"""Credentials beyond the main one that a test may need, by the suffix of their entry in ``clouds.yaml``."""

TestFunction = TypeVar("TestFunction", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class TestMeta:
    """The declaration beside a test. ``extensions`` are ``service:name`` pairs that the cloud must announce."""

    __test__ = False

    id: str
    service: str
    reference: str
    fails_if: Change
    needs: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    seconds: float = 1.0
    revision: int = 1


def api_test(
    test_id: str,
    *,
    service: str,
    reference: str,
    fails_if: Change,
    needs: tuple[str, ...] = (),
    extensions: tuple[str, ...] = (),
    seconds: float = 1.0,
    revision: int = 1,
) -> Callable[[TestFunction], TestFunction]:
    """Declare an API test under its idempotent id.

    ``service`` is the catalogue type that it tests, ``reference`` the page of the API reference, ``fails_if`` the
    change of a real response under which it must fail, ``needs`` the credentials of ``NEEDS`` beyond the main one,
    ``extensions`` what the service must announce (else the outcome is ``unsupported``), ``seconds`` roughly how long it
    takes; ``revision`` grows whenever its behaviour changes.
    """
    if not _ID.fullmatch(test_id):
        message = f"{test_id!r} is not a bare lowercase UUID"
        raise ValueError(message)
    if unknown := set(needs) - set(NEEDS):
        message = f"unknown needs: {sorted(unknown)}"
        raise ValueError(message)
    meta = TestMeta(test_id, service, reference, fails_if, needs, extensions, seconds, revision)

    def mark(function: TestFunction) -> TestFunction:
        function.__defcore__ = meta  # type: ignore[attr-defined]
        return function

    return mark


def meta_of(function: Any) -> TestMeta | None:  # noqa: ANN401 - anything callable
    """Return the declaration of a test function, or None."""
    found = getattr(function, "__defcore__", None)
    return found if isinstance(found, TestMeta) else None
