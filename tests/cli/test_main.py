"""The command line as a whole: quick to start, one line for every error, help for everything."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from defcore import __version__
from defcore.cli.main import COMMANDS, cli, main
from defcore.errors import CloudError, InputError, RefusedError

if TYPE_CHECKING:
    from tests.conftest import Desk


def test_the_version_is_told_without_anything_heavy() -> None:
    """Shells, editors and CI call it often; importing openstack alone takes most of a second."""
    code = (
        "import sys\nfrom defcore.cli.main import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "heavy = {'openstack', 'pydantic', 'keystoneauth1', 'requests', 'pytest', 'jinja2', 'cryptography'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines() == [f"defcore, version {__version__}", "[]"]


@pytest.mark.parametrize("words", [["--help"], ["-h"], []])
def test_help_lists_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A newcomer learns from it what there is."""
    with pytest.raises(SystemExit):
        main(words)
    out = capsys.readouterr()
    for name, (_, text) in COMMANDS.items():
        assert re.search(rf"^  {name} ", out.out + out.err, re.MULTILINE)
        assert text.split()[0] in out.out + out.err


def _paths(command: click.Command, words: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [words]
    context = click.Context(command)
    found = [words]
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner
        found += _paths(inner, (*words, name))
    return found


@pytest.mark.parametrize("words", _paths(cli, ()), ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """A command without help is one that nobody finds; each option must say what it is for."""
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert not ended.value.code
    out = capsys.readouterr().out
    assert out.startswith("Usage: ")
    assert re.search(r"\n\n  [A-Z][^\n]+", out)
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        inner = command.get_command(click.Context(command), word)
        assert inner
        command = inner
    assert command.help
    assert not [item.name for item in command.params if isinstance(item, click.Option) and not item.help]


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (InputError("x", "is\nwrong", where="f", hint="mend it"), 2, "defcore: f: is wrong (mend it)\n"),
        (CloudError("x", "is down"), 3, "defcore: is down\n"),
        (RefusedError("x", "is forged"), 1, "defcore: is forged\n"),
        (OSError(errno.ENOSPC, "No space left on device", "/f"), 2, "defcore: /f: No space left on device\n"),
        (OSError("odd"), 2, "defcore: odd\n"),
        (KeyboardInterrupt(), 130, "\ndefcore: ended by the user\n"),
        (ZeroDivisionError("by 0"), 3, None),
    ],
)
def test_every_error_is_one_line_and_its_exit_code(
    error: BaseException,
    code: int,
    line: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Scripts read the code, people the line; a traceback helps neither."""

    @click.command()
    def breaks() -> None:
        raise error

    monkeypatch.setattr(cli, "get_command", lambda *_: breaks)
    monkeypatch.delenv("DEFCORE_DEBUG", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["anything"])
    assert ended.value.code == code
    err = capsys.readouterr().err
    assert err == line or (line is None and "DEFCORE_DEBUG=1" in err and "Traceback" not in err)


def test_a_fault_of_ours_can_be_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reports a bug must be able to send the traceback."""
    monkeypatch.setattr("importlib.import_module", lambda _: 1 / 0)
    monkeypatch.setenv("DEFCORE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["run", "--cloud", "x"])


@pytest.mark.parametrize("words", [["no-such-command"], ["run"], ["run", "--cloud", "x", "-n", "0"], ["score"]])
def test_wrong_words_are_told_with_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A slip on the command line is wrong use: exit code 2, and nothing on stdout."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    out = capsys.readouterr()
    assert (ended.value.code, out.out) == (2, "")
    assert "Error: " in out.err
    assert "Traceback" not in out.err


def test_a_reader_that_goes_away_is_no_traceback(desk: Desk) -> None:
    """``defcore … | head -1`` is everyday use."""
    line = f"{sys.executable} -P -m defcore --help | true"
    found = subprocess.run(["bash", "-c", line], env=desk.environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in found.stderr


def test_a_broken_pipe_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Python itself would complain once more when it ends, unless stdout leads nowhere by then."""
    duplicated: list[tuple[int, int]] = []
    monkeypatch.setattr("os.dup2", lambda one, other: duplicated.append((one, other)))
    monkeypatch.setattr(cli, "main", _raise_broken_pipe)
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 2
    assert len(duplicated) == 1
    assert capfd.readouterr().err == ""


def _raise_broken_pipe(**_: object) -> None:
    raise BrokenPipeError


def test_the_module_is_the_command(desk: Desk) -> None:
    """Where no script is on the PATH, ``python -m defcore`` must do."""
    found = subprocess.run(
        [sys.executable, "-m", "defcore", "--version"],
        cwd=desk.folder,
        env=desk.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == f"defcore, version {__version__}\n"
    assert desk.run("--version").stdout == found.stdout
