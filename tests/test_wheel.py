"""The built wheel, installed where nothing else of the project is: it carries guidelines and suite."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from defcore import __version__
from defcore.locate import data_dir

if TYPE_CHECKING:
    from defcore import refcloud as reference

ROOT = Path(__file__).resolve().parent.parent
ONE = "92139d73-7819-4db1-85f8-3f2f22a8d91f"
PARTS = ("defcore", "capabilities", "docs", "guidelines", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the sources, so that the checkout stays as it is."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (built,) = out.glob("*.whl")
    return built


class Installed:
    """An environment with the wheel and the packages that it needs, and an empty folder to work in."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.python = folder / "venv" / "bin" / "python"
        venv.create(folder / "venv", with_pip=False, symlinks=True)
        found = subprocess.run(
            [self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        )
        site = Path(found.stdout.strip())
        command = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--quiet", "--no-deps"]
        subprocess.run([*command, "--no-index", str(wheel)], check=True, capture_output=True, timeout=120)
        # What defcore needs is installed here already; its folder comes last, so that defcore is the wheel's.
        (site / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
        self.site = site
        self.desk = folder / "desk"
        self.desk.mkdir()

    def run(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the installed command."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OS_", "PYTHON", "COV"))}
        return subprocess.run(
            [str(self.python.with_name("defcore")), *map(str, words)],
            cwd=self.desk,
            env=kept | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel into a fresh environment."""
    return Installed(tmp_path_factory.mktemp("fresh"), wheel)


def test_the_wheel_holds_data_and_no_rubbish(wheel: Path) -> None:
    """Without guidelines and suite the command is useless; with caches and tests it is not reproducible."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("capabilities", "guidelines"):
        files = [path for path in data_dir(folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        expected = {f"defcore/_data/{folder}/{path.relative_to(data_dir(folder)).as_posix()}" for path in files}
        assert expected
        assert expected <= names
    assert "defcore/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests/", "capabilities/"))]


def test_the_command_is_the_wheels(installed: Installed) -> None:
    """A test of the wheel that imports the checkout would show nothing."""
    found = subprocess.run(
        [installed.python, "-P", "-c", "import defcore; print(defcore.__file__)"],
        cwd=installed.desk,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(installed.site)
    assert installed.run("--version").stdout == f"defcore, version {__version__}\n"


def test_it_runs_and_scores_from_an_empty_folder(installed: Installed, refcloud: reference.Cloud) -> None:
    """What a user gets with pip must do what it does in a checkout."""
    found = installed.run(
        "run", "--cloud", "plain", "--test", ONE, "--out", "run", OS_CLIENT_CONFIG_FILE=str(refcloud.clouds_yaml)
    )
    assert found.returncode == 0, found.stderr
    scored = installed.run("score", "run/run.json", "--format", "json")
    card = json.loads(scored.stdout)
    assert (scored.returncode, card["guideline"], card["tests"]["passed"]) == (3, "2026.11", 1)
    report = installed.run("report", "run", "--program", card["program"], "-f", "html", "-o", "report.html")
    assert report.returncode == 0, report.stderr
    assert (installed.desk / "report.html").stat().st_size > 1000
