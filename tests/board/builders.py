"""A draft, its predecessor and stored results of a few words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from defcore.attest import keys
from defcore.attest.sign import sign_pair
from defcore.guideline import GuidelineFile, dump, load_bytes
from defcore.guideline import model as m
from defcore.run.record import Cloud, Engine, Outcome, RunRecord, TestResult
from defcore.score.product import Containment, Declaration, Product

if TYPE_CHECKING:
    from pathlib import Path

P, F, E, S = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED
STAMP = "2026-11-20T10:00:00Z"


def uid(number: int) -> str:
    """Return the id of test ``number``."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def guideline(name: str, *, status: m.Status, programs: tuple[m.Program, ...] = (), **capabilities: Any) -> m.Guideline:  # noqa: ANN401
    """Return a guideline; a capability is (state, tests…), a negative test is flagged."""

    def test(number: int) -> m.Test:
        flag = m.Flag("D401: slow", "wait", "2026-01-01") if number < 0 else None
        return m.Test(uid(abs(number)), f"test_{abs(number)}", (), flag)

    held: dict[str, list[str]] = {}
    for key, (state, *_) in capabilities.items():
        held.setdefault(state, []).append(key)  # "none" is no state, so no component names it
    part = m.Component(
        "store",
        tuple((state, tuple(held.get(state.value, ()))) for state in m.State),
        tuple((state, ("swift",) if state is m.State.REQUIRED else ()) for state in m.State),
    )
    return m.Guideline(
        id=name,
        schema="2.0",
        status=status,
        source=f"guidelines/{name}.json",
        reference="docs",
        replaces="2026.05" if name == "2026.11" else None,
        releases=("2026.1",),
        target_approval=None,
        authority=m.Authority("us", "our mark", "unread", "2016A"),
        scoring=m.Scoring(74, (m.Criterion("doc", "Documented", "It is written down.", 100),)),
        programs=programs
        or (m.Program("store", "Store", m.Kind.PLATFORM, "Keep things.", (m.ComponentRef("store"),)),),
        components=(part,),
        capabilities=tuple(
            m.Capability(
                key,
                f"A user can {key}.",
                "swift",
                ("doc",),
                admin=False,
                required_since=None,
                tests=tuple(test(number) for number in numbers),
            )
            for key, (_, *numbers) in capabilities.items()
        ),
        designated_sections=(
            m.DesignatedSection(
                "swift", "required", "Contain it.", None, (m.Part("proxy", "The front.", designated=True),)
            ),
        ),
        test_repositories=(),
    )


def previous() -> m.Guideline:
    """Return a guideline that requires put (1, 2) and copy (3)."""
    return guideline(
        "2026.05",
        status=m.Status.APPROVED,
        put=("required", 1, 2),
        copy=("required", 3),
        list=("advisory", 4),
        soon=("advisory", 5),
        quiet=("none", 6),
    )


def draft() -> m.Guideline:
    """Return a draft that requires put (1, 2) and list (4) instead of copy (3); soon (5) and quiet (6) may follow."""
    return guideline(
        "2026.11",
        status=m.Status.DRAFT,
        put=("required", 1, 2, -7),
        copy=("deprecated", 3),
        list=("required", 4),
        soon=("advisory", 5),
        quiet=("none", 6),
        excused=("advisory", -8),
    )


def run(name: str, outcomes: dict[int, Outcome], **fields: Any) -> RunRecord:  # noqa: ANN401 - of the record
    """Return a whole run with these outcomes by test."""
    values: dict[str, Any] = {
        "id": name,
        "started": STAMP,
        "ended": STAMP,
        "complete": True,
        "cloud": Cloud(name="c", auth_url="https://c"),
        "engine": Engine(name="native", version="1"),
    } | fields
    results = tuple(
        TestResult(id=uid(number), name=f"test_{number}", outcome=outcome) for number, outcome in outcomes.items()
    )
    return RunRecord(results=results, **values)


def source(found: m.Guideline) -> GuidelineFile:
    """Return a guideline with its bytes."""
    return load_bytes(dump(found), f"{found.id}.json")


def write(path: Path, record: RunRecord) -> Path:
    """Write a run record."""
    path.write_text(record.model_dump_json(), encoding="utf-8")
    return path


def report(path: Path, record: RunRecord) -> keys.PublicKey:
    """Write a signed report of a run under the previous guideline; return the key to check it with."""
    key = keys.generate()
    product = Product(
        vendor="We",
        product="Cloud",
        version="1",
        release="2026.1",
        regions=("r",),
        configuration={"system": "plain"},
        declarations=(Declaration(section="swift", containment=Containment.CONTAINED),),
    )
    moment = dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)
    made = sign_pair(source(previous()), record, product, key, program="store", issued_at=moment, runner_version="1")
    path.write_bytes(made.full)
    return key.public
