"""``defcore certify``: what it prints and writes; the run itself is tested elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cli.main import main
from defcore.guideline import resolve
from defcore.run import certify
from defcore.run.certify import Done, Request
from defcore.run.journal import Ended, Journal, PlannedTest, Started, TestFinished, write_record
from defcore.run.record import Attempt, Cloud, Engine, Outcome
from defcore.score import program_tests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STORAGE = "interoperable-cloud-storage"
AT = "2026-11-20T10:00:00Z"


@pytest.fixture
def carried_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Outcome], Path]:
    """Let the run have ended with that outcome for every test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    def carry(outcome: Outcome) -> Path:
        source = resolve("2026.11")
        program = source.guideline.program(STORAGE)
        assert program
        names = {test.id: test.name for held, _ in program_tests(source.guideline, program) for test in held.tests}
        out = tmp_path / "run"
        out.mkdir()
        journal = Journal(out)
        cloud, engine = Cloud(name="x", region="r", auth_url="https://k"), Engine(name="native", version="0")
        plan = tuple(PlannedTest(id=test_id, name=name) for test_id, name in names.items())
        words: dict[str, Any] = {"partial": False, "selection": "all", "guideline": "2026.11", "program": STORAGE}
        journal.add(Started(id="run-1", at=AT, cloud=cloud, engine=engine, plan=plan, **words))
        for test_id in names:
            result = Attempt(outcome=outcome, started=AT, seconds=1)
            journal.add(TestFinished(id=test_id, attempt=1, result=result))
        journal.add(Ended(at=AT))
        journal.close()

        def carried(request: Request, **_: object) -> Done:
            assert (request.cloud, request.workers) == ("x", 2)
            return Done(out, write_record(out), source, STORAGE)

        monkeypatch.setattr(certify, "carry_out", carried)
        return out

    return carry


def run_main(*words: str) -> int:
    """Run the command line and give its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def describe(path: Path) -> None:
    """Write a product that is filled in."""
    words = ("--vendor", "Acme", "--product", "Cloud", "--version", "1", "--release", "2026.2", "--program", STORAGE)
    assert run_main("product", "init", "-o", str(path), *words) == 0
    product = json.loads(path.read_text(encoding="utf-8"))
    product["configuration"] = {"system": "a disk"}
    for item in product["declarations"]:
        item |= {"containment": "contained", "comment": "as it is"}
    path.write_text(json.dumps(product), encoding="utf-8")


@pytest.mark.parametrize(
    ("outcome", "code", "verdict"),
    [(Outcome.PASSED, 0, "pass"), (Outcome.FAILED, 1, "fail"), (Outcome.ERROR, 3, "untested")],
)
def test_the_verdict_is_printed_and_is_the_exit_code(
    carried_out: Callable[[Outcome], Path],
    outcome: Outcome,
    code: int,
    verdict: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One command is all that most vendors will ever use: it must end with the verdict, and say what to do next."""
    out = carried_out(outcome)
    assert run_main("certify", "--cloud", "x", "-n", "2") == code
    printed = capsys.readouterr().out
    assert verdict in printed
    assert f"report:        {out / 'report.html'}" in printed
    assert "to sign it: defcore product init" in printed
    assert "steps:         run 0." in printed
    assert (out / "report.html").read_text(encoding="utf-8").startswith("<!")
    assert not (out / "report.dsse.json").exists()


def test_with_a_product_it_is_signed_and_can_be_verified(
    carried_out: Callable[[Outcome], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole way in one command: a stranger with the public key can check what comes out."""
    out = carried_out(Outcome.PASSED)
    assert run_main("key", "new", "key") == 0
    describe(tmp_path / "product.json")
    words = ("certify", "--cloud", "x", "-n", "2", "--product", "product.json", "--key", "key")
    assert run_main(*words) == 0
    assert f"signed report: {out / 'report.dsse.json'}" in capsys.readouterr().out
    assert run_main("verify", str(out / "report.dsse.json"), "--key", "key.pub") == 0
    # one changed byte: refused
    signed = bytearray((out / "report.dsse.json").read_bytes())
    signed[len(signed) // 2] ^= 1
    (tmp_path / "altered.json").write_bytes(signed)
    assert run_main("verify", "altered.json", "--key", "key.pub") in (1, 2)
    assert run_main("key", "new", "other") == 0
    capsys.readouterr()
    assert run_main("verify", str(out / "report.dsse.json"), "--key", "other.pub") == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--product", "none.json"), "none.json"),
        (("--product", "gaps.json"), "not filled in: vendor"),
        (("--product", "product.json", "--key", "none"), "none"),
    ],
)
def test_what_could_not_be_signed_is_told_before_the_run(
    carried_out: Callable[[Outcome], Path], words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run of an hour that cannot be signed for a typo in a path is an hour lost."""
    out = carried_out(Outcome.PASSED)
    assert run_main("product", "init", "-o", "gaps.json", "--program", STORAGE) == 0
    describe(out.parent / "product.json")
    capsys.readouterr()
    assert run_main("certify", "--cloud", "x", "-n", "2", *words) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert told in err
    assert not (out / "run.json").exists()
