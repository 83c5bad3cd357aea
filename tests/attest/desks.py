"""A vendor's folder, and the command line in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner

from defcore.attest import keys
from defcore.attest import product as products
from defcore.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import House

VERIFY = "verify @report --key @key.pub --guideline @guideline.json"


class Done(NamedTuple):
    """What a command ended with."""

    exit_code: int
    stdout: str
    stderr: str


class Desk:
    """A vendor's folder: a guideline, a run, and the command line."""

    def __init__(self, folder: Path, house: House) -> None:
        """Write what the vendor has before it signs."""
        self.folder, self.house = folder, house
        self.write("guideline.json", house.source.provenance.content)
        self.write("run.json", house.run.model_dump_json().encode())
        self.write("product.json", products.dump(house.product))
        keys.write_pair(folder / "key", house.key)

    def write(self, name: str, content: bytes) -> None:
        """Write a file."""
        (self.folder / name).write_bytes(content)

    def run(self, line: str, text: str = "") -> Done:
        """Run a command line; ``@`` stands for the folder."""
        with CliRunner().isolation(input=text) as (out, err, _):
            with pytest.raises(SystemExit) as caught:
                main(line.replace("@", str(self.folder) + "/").split())
            return Done(int(caught.value.code or 0), out.getvalue().decode(), err.getvalue().decode())

    def refused(self, line: str, code: int, words: str) -> None:
        """Show that a command line ends with one line on stderr and this exit code, and prints no data."""
        done = self.run(line)
        assert (done.exit_code, done.stdout) == (code, ""), done
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1

    def sign(self, more: str = "") -> Done:
        """Sign the run."""
        return self.run(
            f"sign @run.json --product @product.json --key @key -o @report --guideline @guideline.json {more}"
        )
