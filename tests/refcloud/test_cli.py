"""The command line: data on stdout, everything for people on stderr."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from defcore.cli.cloud import cloud as command

if TYPE_CHECKING:
    from pathlib import Path

    from defcore import refcloud


@pytest.fixture
def runner(home: refcloud.Home, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A command line that works in our own home."""
    monkeypatch.setattr("defcore.cli.cloud._home", lambda: home)
    return CliRunner()


def test_stdout_of_up_is_a_clouds_yaml(runner: CliRunner, either: refcloud.Cloud) -> None:
    """If this fails, ``defcore cloud up > clouds.yaml`` does not make a clouds.yaml."""
    result = runner.invoke(command, ["up", "--name", either.name])
    assert result.stdout == either.clouds_yaml.read_text()
    assert "is up already" in result.stderr


def test_status_is_json_for_scripts(runner: CliRunner, plain: refcloud.Cloud) -> None:
    """If this fails, scripts have to read a table."""
    found = {one["name"]: one for one in json.loads(runner.invoke(command, ["status", "--format", "json"]).stdout)}
    mine = found[plain.name]
    assert (mine["state"], mine["profile"], mine["data"]) == ("up", "plain", str(plain.data))
    services = {one["service"]: one for one in mine["services"]}
    assert services["identity"]["port"] == plain.ports["identity"]
    assert services["identity"]["pid"] > 0


def test_status_is_a_table_for_people(runner: CliRunner, odd: refcloud.Cloud) -> None:
    """If this fails, people cannot see which port is whose."""
    text = runner.invoke(command, ["status"]).stdout
    assert f"odd: up (odd), {odd.data}" in text
    assert f"port {odd.ports['front']}" in text


def test_logs_are_printed(runner: CliRunner, plain: refcloud.Cloud) -> None:
    """If this fails, nobody finds out why a service answers 500."""
    text = runner.invoke(command, ["logs", "--name", plain.name, "--lines", "1", "identity"]).stdout
    assert f"{plain.data}/log/identity" in text


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, DEFCORE_CACHE is not obeyed."""
    monkeypatch.setenv("DEFCORE_CACHE", str(tmp_path))
    assert CliRunner().invoke(command, ["status"]).stdout == "no cloud\n"
