"""Makes everything that ``reports/`` ships, anew: an authority, a vendor, and signed reports of the reference cloud.

    python .ci/reports.py [FOLDER]        (or: make reports)

Five reports: the plain and the odd profile, two runs each, and the flawed profile, which has two defects put in on
purpose and says so in its description. All keys are made here and thrown away: whoever wants to change the registry
makes it anew. Run it again whenever the guideline that ships is changed: its reports hold the guideline's bytes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from defcore import refcloud
from defcore.refcloud import profiles
from defcore.refcloud.paths import lock_file

SERVICES = ("identity", "object-store")
PROGRAM = "interoperable-cloud-storage"
PLAIN, ODD, FLAWED = "plain", "odd", "flawed"
ORDER = (PLAIN, ODD, FLAWED, PLAIN, ODD)
SYSTEM = "one machine, SQLite, one storage node, one replica; made to try defcore on, not to keep data"
ABOUT = {
    PLAIN: ("reference-cloud", {"access": "plain HTTP, a port for each service"}),
    ODD: (
        "reference-cloud-odd",
        {"access": "TLS at one port with a CA of its own, all services below path prefixes; region and names unusual"},
    ),
    FLAWED: (
        "reference-cloud-flawed",
        {
            "access": "plain HTTP, a port for each service",
            "defects": "put in on purpose: no account quotas (the filter is left out of the pipeline), and no upload by"
            " a temporary URL (its filter allows GET and HEAD only)",
        },
    ),
}


def defcore(*words: object, good: tuple[int, ...] = (0,)) -> str:
    """Run a command as its user would; return what it prints."""
    command = [sys.executable, "-m", "defcore", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode not in good:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def product(profile: str) -> dict[str, object]:
    """Describe a profile of the reference cloud as a product."""
    pins = dict(re.findall(r"^(\w[\w.-]*)==(\S+)", lock_file("light").read_text(encoding="utf-8"), re.MULTILINE))
    name, more = ABOUT[profile]
    kept = "installed from PyPI, its code unchanged"
    return {
        "format": "defcore-product/1",
        "vendor": "defcore",
        "product": name,
        "version": "2026.2",
        "release": "2026.2",
        "regions": [profiles.find(profile).region],
        "configuration": {
            "packages": f"keystone {pins['keystone']} and swift {pins['swift']} from PyPI",
            "system": SYSTEM,
            **more,
        },
        "declarations": [
            {"section": section, "containment": "contained", "comment": kept} for section in ("keystone", "swift")
        ],
    }


def begin(registry: Path, work: Path) -> None:
    """Make the authority with its trust policy, enter the vendor's key, admit the vendor."""
    trust = work / "trust.jsonl"
    for name in ("root", "board", "vendor"):
        defcore("key", "new", work / name, "--comment", "made by make reports")
    defcore(
        "trust",
        "init",
        trust,
        "--authority",
        "defcore demonstration",
        "--root",
        work / "root.pub",
        "--key",
        work / "root",
    )
    for party, role, name in (("defcore demonstration", "authority", "board"), ("defcore", "vendor", "vendor")):
        defcore(
            "trust",
            "grant",
            trust,
            "--party",
            party,
            "--role",
            role,
            "--public",
            work / f"{name}.pub",
            "--key",
            work / "root",
        )
    title = "Reports on the reference cloud"
    about = (
        "What ships with defcore, so that there is something to look at and to compare: its own reference cloud, in"
        " three profiles. All keys were thrown away after signing; nobody is certified here."
    )
    defcore("registry", "init", registry, "--trust", trust, "--title", title, "--about", about)
    act = work / "admission.json"
    defcore("decide", "admit", "defcore", "--trust", trust, "-o", act, "--key", work / "board")
    defcore("submit", act, "--to", registry)


def certify(cloud: refcloud.Cloud, number: int, registry: Path, work: Path) -> str:
    """Test a cloud, sign both reports and submit them, the full one too; return where they lie."""
    described, out = work / f"{cloud.profile}.json", work / f"run-{number}"
    described.write_text(json.dumps(product(cloud.profile), indent=2), encoding="utf-8")
    os.environ["OS_CLIENT_CONFIG_FILE"] = str(cloud.clouds_yaml)
    words = ("--program", PROGRAM, "--product", described, "--key", work / "vendor", "--out", out)
    defcore("certify", "--cloud", cloud.name, *words, good=(0, 1))
    return defcore("submit", out, "--to", registry, "--publish-full").strip()


def main() -> None:
    """Make it all in a folder beside the old one, and take the old one's place only when all of it is in order."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "reports").resolve()
    home = refcloud.Home.default()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as clouds:
        work, made = Path(folder), Path(folder) / "registry"
        begin(made, work)
        up = {
            profile: clouds.enter_context(
                refcloud.running(home, f"reports-{profile}-{os.getpid()}", services=SERVICES, profile=profile)
            )
            for profile in dict.fromkeys(ORDER)
        }
        for number, profile in enumerate(ORDER, start=1):
            print(Path(certify(up[profile], number, made, work)).relative_to(made))  # noqa: T201
        print(defcore("registry", "check", made).splitlines()[-1])  # noqa: T201
        if (target / "README.md").exists():
            shutil.copy(target / "README.md", made)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made, target)


if __name__ == "__main__":
    main()
