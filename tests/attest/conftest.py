"""A small guideline, a run, a product and a key, from which the attest tests make honest and dishonest reports."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from defcore.attest import dsse, keys
from defcore.attest.canonical import canonical, sha256_hex
from defcore.attest.sign import Pair, sign_pair
from defcore.attest.verify import Verification, verify
from defcore.cli import attest as attest_commands
from defcore.guideline import GuidelineFile, load_bytes
from defcore.run.record import Cloud, Engine, Outcome, RunRecord, TestResult
from defcore.score import KnownGuideline
from defcore.score.product import Containment, Declaration, Product

from .desks import Desk
from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Anything: TypeAlias = Any
"""A JSON value to tamper with, or words handed on: what it is not is the point of the tests."""

T1, T2, T3, T4 = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "1234")
ISSUED = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


def guideline_value(status: str = "approved", guideline_id: str = "2026.11") -> dict[str, Any]:
    """Return a guideline of four tests: one flagged, one standing in two capabilities, one outside the program."""

    def test(test_id: str, **more: object) -> dict[str, object]:
        return {"idempotent_id": f"id-{test_id}", **more}

    def capability(**tests: object) -> dict[str, object]:
        return {"achievements": [], "admin": False, "description": "", "project": "swift", "tests": tests}

    flag = {"reason": "D400 slow", "action": "fix", "date": "2026-01-01"}
    return {
        "metadata": {
            "id": guideline_id,
            "schema": "2.0",
            "reference": "",
            "source": "https://example.org/2026.11.json",
            "authority": {"name": "none", "mark": "none", "label": "not reviewed", "process": "2016A"},
            "scoring": {"cutoff_score": 74, "criteria": {}},
            "os_trademark_approval": {"releases": ["2026.1"], "status": status},
        },
        "platforms": {"Cloud Storage": {"description": "", "components": [{"name": "storage"}]}},
        "components": {
            "storage": {
                "capabilities": {"required": ["put", "get"]},
                "designated_sections": {"required": ["swift"]},
            },
            "other": {"capabilities": {"required": ["rest"]}, "designated_sections": {}},
        },
        "capabilities": {
            "put": capability(put_one=test(T1), put_two=test(T2)),
            "get": capability(put_two=test(T2), get_slow=test(T3, flagged=flag)),
            "rest": capability(rest_one=test(T4, aliases=["rest_old"])),
        },
        "designated_sections": {"swift": {"required": {"guidance": "all of it", "sections": {}}}},
        "test_repositories": {},
    }


def guideline_file(value: dict[str, Any]) -> GuidelineFile:
    """Read a guideline from a value."""
    return load_bytes(json.dumps(value).encode(), "guideline.json")


def run_record(outcomes: dict[str, Outcome] | None = None, **more: Anything) -> RunRecord:
    """Return a finished run in which everything passed that ``outcomes`` does not say otherwise of."""
    found = dict.fromkeys((T1, T2, T3, T4), Outcome.PASSED) | (outcomes or {})
    record = RunRecord(
        id="run-1",
        started="2026-11-20T09:00:00Z",
        ended="2026-11-20T09:10:00Z",
        complete=True,
        cloud=Cloud(
            name="mycloud", region="RegionOne", auth_url="https://id", catalogue={"object-store": "https://swift/v1"}
        ),
        engine=Engine(name="native", version="0.1.0", suite_digest="a" * 64),
        results=tuple(TestResult(id=test_id, name=test_id, outcome=outcome) for test_id, outcome in found.items()),
    )
    return record.model_copy(update=more)


def described(**more: Anything) -> Product:
    """Return a complete product description."""
    product = Product(
        vendor="Acme",
        product="Cloud",
        version="1.0",
        release="2026.1",
        configuration={"system": "swift on four disks"},
        declarations=(Declaration(section="swift", containment=Containment.CONTAINED, comment="unchanged"),),
    )
    return product.model_copy(update=more)


@dataclass
class House:
    """Everything that an honest vendor has, and the tools of a dishonest one who holds the key."""

    key: keys.PrivateKey
    source: GuidelineFile
    known: tuple[KnownGuideline, ...]
    run: RunRecord = field(default_factory=run_record)
    product: Product = field(default_factory=described)
    issued_at: dt.datetime = ISSUED

    ids = (T1, T2, T3, T4)
    guideline_value = staticmethod(guideline_value)
    guideline_file = staticmethod(guideline_file)
    run_record = staticmethod(run_record)
    described = staticmethod(described)

    def report(self, **more: Anything) -> bytes:
        """Sign an honest report, the full one."""
        return self.pair(**more).full

    def pair(self, **more: Anything) -> Pair:
        """Sign both reports honestly."""
        words: dict[str, Any] = {
            "program": "cloud-storage",
            "issued_at": self.issued_at,
            "runner_version": "0.1.0",
            "known": self.known,
        }
        run, product, source = (
            more.pop("run", self.run),
            more.pop("product", self.product),
            more.pop("source", self.source),
        )
        return sign_pair(source, run, product, more.pop("key", self.key), **(words | more))

    @functools.cached_property
    def signed(self) -> bytes:
        """Return one honest report, always the same."""
        return self.report()

    @functools.cached_property
    def published(self) -> bytes:
        """Return one honest public report, always the same."""
        return self.pair().public

    def statement(self, report: bytes | None = None) -> Anything:
        """Open a report: the statement as a plain JSON value to tamper with."""
        return json.loads(base64.b64decode(json.loads(report or self.report())["payload"]))

    def resign(self, statement: Anything) -> bytes:
        """Sign whatever the dishonest vendor likes, in perfect form."""
        return dsse.seal(canonical(statement), [self.key])

    def tampered(self, change: Callable[[Any], object], report: bytes | None = None) -> bytes:
        """Change the predicate of an honest report, keep its subject's digest right, and sign it again."""
        statement = self.statement(report)
        predicate = statement["predicate"]
        change(predicate)
        statement["subject"][0]["digest"]["sha256"] = sha256_hex(canonical(predicate["target"]))
        return self.resign(statement)

    def verify(self, report: bytes, **more: Anything) -> Verification:
        """Verify as somebody who trusts the key and holds the guideline."""
        words: dict[str, Any] = {"known": self.known} | more
        return verify(report, [self.key.public], **words)


@pytest.fixture(scope="session")
def house() -> House:
    """Return a vendor whose cloud passes everything."""
    source = guideline_file(guideline_value())
    return House(keys.generate(), source, (KnownGuideline.of(source),))


@pytest.fixture
def desk(tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a vendor's desk; its own keys would lie below the same folder, and no ssh-agent runs."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setattr(attest_commands, "_now", lambda: house.issued_at)
    return Desk(tmp_path, house)


@pytest.fixture(scope="session")
def world(house: House) -> World:
    """Return an authority to which the house is known, with an award made."""
    return World(house)
