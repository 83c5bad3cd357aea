"""``defcore doctor`` and ``defcore plan`` as the user has them, and what ``run`` and ``certify`` do of it first."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cli.doctor import lines
from defcore.doctor.model import note, ok, problem
from defcore.refcloud.entries import to_yaml

from ..cloud.gates import HttpProxy  # noqa: TID252 - tests are no package that could be imported from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.refcloud import Cloud
    from tests.conftest import Desk

STORAGE = ("--program", "interoperable-cloud-storage")
TEST = "tempest.api.object_storage.test_object_services.ObjectTest.test_create_object"


@pytest.fixture
def proxy() -> Iterator[HttpProxy]:
    """Give a proxy that keeps the method and address of everything that is sent."""
    opened = HttpProxy()
    yield opened
    opened.close()


def entries(desk: Desk, cloud: Cloud, **words: Any) -> None:  # noqa: ANN401 - of an entry
    """Write a clouds.yaml of the plain cloud's main entry alone, changed."""
    entry = json.loads(json.dumps(cloud.entries["plain"])) | words
    (desk.folder / "clouds.yaml").write_text(to_yaml({"x": entry}), encoding="utf-8")


@pytest.mark.parametrize("command", ["doctor", "plan"])
def test_nothing_is_sent_that_could_change_the_cloud(command: str, cloud_desk: Desk, proxy: HttpProxy) -> None:
    """Seen from outside, on the wire: log-ins, and apart from them only what reads."""
    found = cloud_desk.run(command, "--cloud", "plain", *STORAGE, HTTP_PROXY=proxy.url, NO_PROXY="", no_proxy="")
    assert found.returncode == 0, found.stdout + found.stderr
    changing = {
        (method, re.sub(r"^http://[^/]+", "", url)) for method, url in proxy.seen if method not in {"GET", "HEAD"}
    }
    assert changing == {("POST", "/v3/auth/tokens")}
    assert len(proxy.seen) > 10


def test_a_healthy_cloud_has_no_problems_and_is_quick(cloud_desk: Desk) -> None:
    """What is asked before every run must not be felt."""
    began = time.monotonic()
    found = cloud_desk.run("doctor", "--cloud", "plain", *STORAGE)
    assert time.monotonic() - began < 10
    assert found.returncode == 0
    assert "problem" not in found.stdout
    assert "plain: an ordinary user, with the roles: member, reader" in found.stdout
    assert re.search(
        r"^\d+ ok; program interoperable-cloud-storage of guideline 2026\.11, \d+\.\d s$", found.stdout, re.MULTILINE
    )
    assert found.stderr == ""


def test_an_administrator_is_warned_with_reason_and_remedy(cloud_desk: Desk) -> None:
    """What is wrong stands first, and each with why it matters and what to do."""
    named = [word for role in ("alt", "empty", "reseller") for word in (f"--{role}", f"plain-{role}")]
    found = cloud_desk.run("doctor", "--cloud", "plain-admin", *STORAGE, *named)
    assert found.returncode == 1
    first, why, what = found.stdout.splitlines()[:3]
    assert first.startswith("problem  plain-admin: the user has the role admin")
    assert why.strip().startswith("why: An administrator passes")
    assert what.strip().startswith("do:  Test as a user with an ordinary role")


def test_json_holds_the_same_for_scripts(cloud_desk: Desk) -> None:
    """CI reads the kinds, and must find why and what to do with each."""
    found = cloud_desk.run("doctor", "--cloud", "plain-reader", *STORAGE, "--format", "json")
    value = json.loads(found.stdout)
    assert (found.returncode, value["exit_code"], value["cloud"]) == (1, 1, "plain-reader")
    assert value["programs"] == ["interoperable-cloud-storage"]
    assert value["blocked"] is None
    assert value["counts"]["problem"] == 3
    missing = [item for item in value["findings"] if item["kind"] == "missing-credential"]
    assert {item["severity"] for item in missing} == {"problem"}
    assert all(set(item) == {"severity", "kind", "where", "what", "why", "do"} for item in value["findings"])


@pytest.mark.parametrize("command", ["doctor", "run", "plan"])
def test_wrong_words_are_one_line_and_exit_2(command: str, cloud_desk: Desk) -> None:
    """An unknown entry or program is the user's slip, told before anything is sent."""
    for words in (
        ["--cloud", "nowhere"],
        ["--cloud", "plain", "--program", "p"],
        ["--cloud", "plain", "--guideline", "g"],
    ):
        found = cloud_desk.run(command, *words)
        assert (found.returncode, found.stdout) == (2, "")
        assert found.stderr.startswith("defcore: ")
        assert len(found.stderr.splitlines()) == 1


def test_a_dead_cloud_is_exit_3_everywhere(desk: Desk, refcloud: Cloud, dead_port: int) -> None:
    """A script tries again later; nothing is written, and nothing is judged."""
    auth = refcloud.entries["plain"]["auth"] | {"auth_url": f"http://127.0.0.1:{dead_port}/v3"}
    entries(desk, refcloud, auth=auth)
    doctor = desk.run("doctor", "--cloud", "x")
    assert doctor.returncode == 3
    assert "problem  x: " in doctor.stdout
    assert "a run would end at once: " in doctor.stdout
    for command in ("run", "certify", "plan"):
        assert desk.run(command, "--cloud", "x").returncode == 3
    assert sorted(item.name for item in desk.folder.iterdir()) == ["clouds.yaml"]


def test_a_run_warns_and_goes_on(desk: Desk, refcloud: Cloud) -> None:
    """A missing second project costs two tests, and is no reason to test nothing."""
    entries(desk, refcloud)
    found = desk.run("run", "--cloud", "x", "--test", TEST, "--capability", "objectstore-container-acl", "--out", "run")
    if "has no capability" in found.stderr:
        pytest.fail(found.stderr)
    assert "problem  x-alt: no entry of clouds.yaml for a second project" in found.stderr
    assert "1 passed" in found.stderr
    assert "not run" in found.stderr
    silent = desk.run("run", "--cloud", "x", "--test", TEST, "--out", "silent", "--no-doctor")
    assert "problem" not in silent.stderr
    assert silent.returncode == 0


def test_a_pointless_run_is_not_begun(desk: Desk, refcloud: Cloud) -> None:
    """In a region that does not exist every test would be unsupported, and the verdict look like a failure."""
    entries(desk, refcloud, region_name="nowhere")
    found = desk.run("run", "--cloud", "x", "--out", "run")
    assert found.returncode == 2
    line = "defcore: cloud x: the catalogue has nothing in region 'nowhere' (set region_name to one of: RegionOne)"
    assert found.stderr.splitlines()[-1] == line
    assert found.stderr.count("nothing in region") == 1
    assert not (desk.folder / "run").exists()
    insisted = desk.run("certify", "--cloud", "x", "--no-doctor")
    assert insisted.returncode == 2
    assert len(insisted.stderr.splitlines()) == 1


def test_a_plan_says_what_will_be(desk: Desk, refcloud: Cloud) -> None:
    """Whoever runs this on somebody else's cloud is asked what it will do there."""
    entries(desk, refcloud)
    found = desk.run("plan", "--cloud", "x", *STORAGE, "-n", "2")
    assert found.returncode == 0
    assert found.stdout.startswith(
        "program interoperable-cloud-storage of guideline 2026.11: 64 of 73 tests will be run\n"
    )
    assert "\nobject-store:\n  " in found.stdout
    assert "\nnot run: needs a second project: give --alt NAME, or add an entry x-alt to clouds.yaml\n" in found.stdout
    assert re.search(
        r"at the peak there are at most \d+ containers, \d+ objects; all of it is deleted again", found.stdout
    )
    assert re.search(r"about \d+ s with 2 at the same time\n$", found.stdout)
    assert found.stderr == "3 problems: see defcore doctor --cloud x\n"
    assert sorted(item.name for item in desk.folder.iterdir()) == ["clouds.yaml"]


def test_a_plan_as_json(cloud_desk: Desk) -> None:
    """A wrapper asks how long, how much, and what will not be run."""
    value = json.loads(cloud_desk.run("plan", "--cloud", "plain", "--test", TEST, "--format", "json").stdout)
    assert (value["peak"], value["problems"], value["workers"]) == ({"container": 1, "object": 1}, 0, 4)
    (test,) = value["tests"]
    assert (test["name"], test["expected"], test["reason"]) == (TEST, "run", None)


def test_a_plan_for_a_cloud_without_the_service_is_all_unsupported(desk: Desk, refcloud: Cloud) -> None:
    """What a run would refuse to begin can still be planned, and says why nothing would come of it."""
    entries(desk, refcloud, region_name="nowhere")
    found = desk.run("plan", "--cloud", "x", "--test", TEST)
    assert found.returncode == 0
    assert "0 of 1 tests will be run" in found.stdout
    assert "unsupported: the catalogue has no object-store service" in found.stdout
    assert "nothing is created" in found.stdout
    assert "a run would end at once: the catalogue has nothing in region" in found.stderr


def test_findings_are_written_with_problems_first() -> None:
    """On a long page the eye finds what matters."""
    findings = [ok("room", "a", "fine"), note("leftovers", "b", "some", entry="x"), problem("no-room", "c", "none")]
    written = lines(findings)
    assert [line[:9].strip() for line in written if not line.startswith("         ")] == ["problem", "note", "ok"]
    assert written[-1] == "     ok  a: fine"
