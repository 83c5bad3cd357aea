"""The declaration beside a test."""

from __future__ import annotations

from typing import Any

import pytest

from defcore.kit import Change, api_test
from defcore.kit.meta import meta_of, unmet

TEST_ID = "0f0e0d0c-1111-4222-8333-444455556666"
WORDS: dict[str, Any] = {
    "service": "object-store",
    "reference": "https://x",
    "fails_if": Change(on="GET /", status=500),
}


def test_a_declaration_stays_with_its_function() -> None:
    """The runner finds tests and their ids by it alone."""

    @api_test(TEST_ID, needs=("alt",), extensions=("object-store:slo",), seconds=3, revision=2, **WORDS)
    def test_it() -> None:
        """Do something."""

    meta = meta_of(test_it)
    assert meta
    found = (meta.id, meta.service, meta.needs, meta.extensions, meta.seconds, meta.revision)
    assert found == (TEST_ID, "object-store", ("alt",), ("object-store:slo",), 3, 2)


def test_what_is_not_declared_has_no_meta() -> None:
    """A helper with an attribute of that name by chance must not become a test."""

    def helper() -> None:
        """Do nothing."""

    assert meta_of(helper) is None
    helper.__defcore__ = "x"  # type: ignore[attr-defined]
    assert meta_of(helper) is None


@pytest.mark.parametrize("word", ["", "id-" + TEST_ID, TEST_ID.upper(), TEST_ID + "\n", "test_create"])
def test_an_id_is_a_bare_lowercase_uuid(word: str) -> None:
    """An id in another spelling would not be found in any guideline, and the test never be counted."""
    with pytest.raises(ValueError, match="UUID"):
        api_test(word, **WORDS)


def test_only_known_credentials_can_be_needed() -> None:
    """A need that nobody can supply would leave the test not run for ever."""
    with pytest.raises(ValueError, match="admin"):
        api_test(TEST_ID, needs=("admin",), **WORDS)


def test_what_a_test_creates_is_declared_or_usual() -> None:
    """A plan that leaves something out lets a run meet a quota in its middle."""

    def declared(**words: Any) -> dict[str, int]:  # noqa: ANN401 - of api_test
        @api_test(TEST_ID, **(WORDS | words))
        def test_it() -> None:
            """Do something."""

        meta = meta_of(test_it)
        assert meta
        assert hash(meta)
        return dict(meta.creates)

    assert declared() == {"container": 1, "object": 1}
    assert declared(service="identity") == {}
    assert declared(creates={}) == {}
    assert declared(service="compute", creates={"server": 2}) == {"server": 2}
    with pytest.raises(ValueError, match="servers"):
        declared(creates={"servers": 1})


@pytest.mark.parametrize(
    ("needs", "roles", "password", "reason"),
    [
        ((), {"main"}, False, None),
        (("alt", "password"), {"main", "alt"}, True, None),
        (("alt",), {"main"}, True, "needs a second project: give --alt NAME, or add an entry x-alt to clouds.yaml"),
        (("password",), {"main"}, False, "needs a password: entry x of clouds.yaml logs in by other means"),
    ],
)
def test_what_keeps_a_test_from_being_run_is_told(
    needs: tuple[str, ...],
    roles: set[str],
    password: bool,  # noqa: FBT001 - a parameter of the test
    reason: str | None,
) -> None:
    """The user learns which line is missing, in the run and in the plan in the same words."""

    @api_test(TEST_ID, needs=needs, **WORDS)
    def test_it() -> None:
        """Do something."""

    meta = meta_of(test_it)
    assert meta
    assert unmet(meta, "x", roles, password=password) == reason
