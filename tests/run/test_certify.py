"""From the user's words to a finished run: what is refused before anything is created, and how it ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.target import Target
from defcore.errors import DefcoreError
from defcore.guideline import resolve
from defcore.run import native
from defcore.run.certify import Done, Request, carry_out, describe, exit_code
from defcore.run.record import Cloud, Engine, Outcome, RunRecord, TestResult
from defcore.score import required_tests

if TYPE_CHECKING:
    from defcore import refcloud as reference
    from defcore.cloud.credential import Credential

STORAGE = "interoperable-cloud-storage"
PLATFORM = "interoperable-cloud-platform"
ONE = "92139d73-7819-4db1-85f8-3f2f22a8d91f"


def nothing(*_: Any) -> None:  # noqa: ANN401 - a handler
    """Do nothing."""


def test_one_test_is_run_and_recorded(clouds_yaml: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record must say what was asked for, so that it can be scored without the words being repeated."""
    assert clouds_yaml
    monkeypatch.chdir(tmp_path)
    told: list[tuple[int, Path]] = []
    steps: list[Any] = []
    done = carry_out(
        Request(cloud="plain", tests=(f"id-{ONE}",)),
        started=lambda count, _, out: told.append((count, out)),
        progress=steps.append,
    )
    assert told == [(1, done.out)]
    assert len(steps) == 1
    assert done.out.parent == Path("runs")
    assert done.out.name.startswith("plain-20")
    record = done.record
    assert (record.guideline, record.program, record.partial, record.complete) == ("2026.11", PLATFORM, True, True)
    assert ONE in record.selection
    assert record.engine.suite_digest
    assert exit_code(done) == 0


def test_of_a_cloud_only_what_anybody_may_know_is_told(
    credentials: dict[str, Credential], refcloud: reference.Cloud
) -> None:
    """The record is published: the project's id is nobody's business."""
    target = Target(credentials["main"])
    found = describe(target)
    assert (found.name, found.region, found.auth_url) == (
        "plain",
        refcloud.entries["plain"]["region_name"],
        refcloud.entries["plain"]["auth"]["auth_url"],
    )
    assert target.project_id not in str(found.catalogue)
    assert "PROJECT" in found.catalogue["object-store"]


@pytest.mark.parametrize(
    "words",
    [
        {"cloud": "no-such-cloud"},
        {"program": "no-such-program"},
        {"guideline": "1999.01"},
        {"guideline": "no-such-file.json"},
        {"tests": ("no-such-test",)},
        {"capabilities": ("no-such-capability",)},
        {"named": {"alt": "no-such-entry"}},
    ],
)
def test_wrong_words_create_nothing(
    clouds_yaml: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: dict[str, Any]
) -> None:
    """A typo must be told before a directory is made or a request sent."""
    assert clouds_yaml
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DefcoreError) as caught:
        carry_out(Request(**({"cloud": "plain", "program": STORAGE} | words)), started=nothing, progress=nothing)
    assert caught.value.exit_code == 2
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (["passed"], 0),
        (["passed", "failed"], 1),
        (["passed", "skipped", "error"], 1),
        (["passed", "unsupported"], 1),
        (["passed", "error"], 3),
        (["passed", "not_run"], 3),
        ([], 3),
    ],
)
def test_the_exit_code_follows_the_required_tests(outcomes: list[str], code: int) -> None:
    """Scripts see only this number: 1 is the cloud's fault, 3 says that nothing was judged."""
    source = resolve("2026.11")
    program = source.guideline.program(STORAGE)
    assert program
    ids = [test.id for test in required_tests(source.guideline, program)]
    results = tuple(
        TestResult(id=test_id, name="n", outcome=Outcome(word)) for test_id, word in zip(ids, outcomes, strict=False)
    )
    other = TestResult(id="00000000-0000-4000-8000-000000000000", name="not required", outcome=Outcome.FAILED)
    record = RunRecord(
        id="r",
        started="2026-11-20T10:00:00Z",
        cloud=Cloud(name="x", auth_url="https://k"),
        engine=Engine(name="native", version="0"),
        results=(*results, other),
    )
    assert exit_code(Done(Path(), record, source, STORAGE)) == code
    assert exit_code(Done(Path(), record, source, "no-such-program")) == 3


def test_a_program_is_found_when_none_is_named(
    clouds_yaml: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``defcore run --cloud X`` is the first thing that anybody tries."""
    assert clouds_yaml
    planned: list[Any] = []

    def stop(plan: Any, *_: Any, **words: Any) -> None:  # noqa: ANN401 - in the place of the run
        plans.append(plan)
        planned.append(words)
        raise ZeroDivisionError

    monkeypatch.setattr(native, "run", stop)
    plans: list[Any] = []
    with pytest.raises(ZeroDivisionError):
        carry_out(
            Request(cloud="plain", out=tmp_path / "out", workers=7),
            started=lambda *_: None,
            progress=nothing,
        )
    assert (plans[0].program, plans[0].partial) == (PLATFORM, False)
    assert len(plans[0].tests) > 270
    assert planned[0]["options"].workers == 7
