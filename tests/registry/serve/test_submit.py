"""Submitting over HTTP: taken once, judged one by one, acknowledged, private until it may be shown."""

from __future__ import annotations

import datetime as dt
import subprocess
from typing import TYPE_CHECKING

import requests

from defcore.attest import decide, keys
from defcore.registry import receipt
from defcore.registry.admission import FULL, PUBLIC
from defcore.registry.model import Submission
from defcore.registry.site.static import APART, OPENSSL
from defcore.registry.store import put_files

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Open


def test_a_report_is_taken_shown_and_acknowledged(served: Open) -> None:
    """If it fails, a vendor cannot submit over HTTP, or has nothing in its hands afterwards."""
    made = served.registry.submission()
    answer = served.post(made)
    (item,) = answer.json()["items"]
    assert (answer.status_code, item["standing"], item["there"]) == (201, "admitted", False)
    assert item["files"] == [FULL, PUBLIC]
    assert served.stored() == [
        f"private/{item['place']}/{receipt.FILE}",
        f"private/{item['place']}/{FULL}",
        f"private/{item['place']}/{PUBLIC}",
        f"reports/{item['place']}/{PUBLIC}",
    ]
    assert "Cloud 1.0" in served.get(item["page"]).text
    assert served.get(f"products/{item['place']}/{PUBLIC}").content == made.public
    key = keys.read_public(served.get("api/v1").json()["receipts"].encode(), "key")
    assert served.get("keys/receipts.pub").text.startswith(key.line)
    said = receipt.read(item["receipt"].encode(), "receipt", [key])
    assert said.subject[0].digest.sha256 == item["digest"]
    assert (said.predicate.place, said.predicate.trust) == (item["place"], served.registry.world.trust.pin)
    assert served.registry.check(served.now).good


def test_a_receipt_can_be_checked_with_openssl(served: Open, tmp_path: Path) -> None:
    """If it fails, a receipt proves nothing to whoever does not have defcore."""
    signed = served.post(served.registry.submission()).json()["items"][0]["receipt"]
    # The lines of the page on how to verify by hand, which name their files so.
    (tmp_path / "report.public.dsse.json").write_text(signed)
    (tmp_path / "vendor.pub").write_text(served.get("keys/receipts.pub").text)
    subprocess.run(["bash", "-e", "-c", f"{APART}\n{OPENSSL}"], cwd=tmp_path, check=True, timeout=60)
    (tmp_path / "vendor.pub").write_text(f"{served.registry.world.stranger.public.line}\n")
    lines = ["bash", "-e", "-c", f"{APART}\n{OPENSSL}"]
    assert subprocess.run(lines, cwd=tmp_path, check=False, capture_output=True, timeout=60).returncode == 1


def test_the_same_again_changes_nothing_however_late(served: Open) -> None:
    """If it fails, a vendor that did not hear the answer cannot ask again, or gets another receipt."""
    made = served.registry.submission()
    first = served.post(made).json()["items"][0]
    before = served.stored()
    served.now += dt.timedelta(days=200)
    answer = served.post(made)
    again = answer.json()["items"][0]
    assert (answer.status_code, again["there"], again["standing"]) == (200, True, "admitted")
    assert again["receipt"] == first["receipt"]
    assert served.stored() == before
    assert served.get("api/v1/reports").json()["total"] == 1


def test_a_dry_run_stores_nothing(served: Open) -> None:
    """If it fails, a vendor cannot look before it leaps."""
    answer = served.post(served.registry.submission(), dry_run=True)
    (item,) = answer.json()["items"]
    assert (answer.status_code, item["standing"], item["receipt"], item["page"]) == (200, "admitted", None, None)
    assert served.stored() == []


def test_a_batch_is_judged_item_by_item(served: Open) -> None:
    """If it fails, one bad report keeps the good ones out, or is let in with them."""
    house, world = served.registry.house, served.registry.world
    good = served.registry.submission()
    other = served.registry.submission(run=house.run_record(id="run-2"))
    bad = served.registry.submission(run=house.run_record(id="run-3"), key=world.stranger)
    files = served.files(good, bad, other)
    answer = served.send({"files": [*files[::-1], {"name": "x.txt", "content": "hello"}]})
    items = answer.json()["items"]
    assert answer.status_code == 201
    assert sorted(item["standing"] for item in items) == ["admitted", "admitted", "refused", "refused"]
    assert (items[-1]["files"], items[-1]["standing"]) == (["x.txt"], "refused")
    assert {item["subject"] for item in items} == {"Acme Cloud 1.0", None}
    assert answer.json()["stored"] == 2
    assert served.get("api/v1/reports").json()["total"] == 2


def test_what_is_not_admitted_yet_waits_unseen(served: Open) -> None:
    """If it fails, a report is shown before its vendor is admitted, or is lost until then."""
    world = served.registry.world
    product = served.registry.house.described(vendor="Rival", product="Secret")
    made = served.registry.submission(product=product, key=world.rival)
    answer = served.post(made, publish_full=True)
    (item,) = answer.json()["items"]
    assert (answer.status_code, item["standing"], item["page"]) == (201, "held back", None)
    assert receipt.read(item["receipt"].encode(), "receipt").predicate.publish_full
    for path in ("", "api/v1/reports", "data/registry.json", "compare/choices.js", "data/", "feed.xml"):
        assert "Secret" not in served.get(path).text
    assert served.get(f"products/{item['place']}/{PUBLIC}").status_code == 404
    assert served.get(f"api/v1/submissions/{item['digest']}").json()["standing"] == "held back"
    assert served.get(f"api/v1/reports/{item['digest']}").status_code == 404
    admission = world.issue(decide.admit(world.trust, "Rival", since=None, until=None), world.board[:1])
    answer = served.post(Submission(acts=(admission,)))
    assert (answer.status_code, answer.json()["items"][0]["standing"]) == (201, "admitted")
    assert "Secret" in served.get("").text
    found = served.get(f"api/v1/submissions/{item['digest']}").json()
    assert (found["standing"], found["receipt"]) == ("admitted", item["receipt"])
    assert (served.registry.root / item["place"] / FULL).read_bytes() == made.full


def test_acts_come_before_the_reports_of_the_same_batch(served: Open) -> None:
    """If it fails, an admission and the vendor's first report cannot come together."""
    world = served.registry.world
    product = served.registry.house.described(vendor="Rival")
    made = served.registry.submission(product=product, key=world.rival)
    admission = world.issue(decide.admit(world.trust, "Rival", since=None, until=None), world.board[:1])
    answer = served.post(made, Submission(acts=(admission,)))
    assert [item["standing"] for item in answer.json()["items"]] == ["admitted", "admitted"]


def test_an_award_changes_what_is_shown_at_once(served: Open) -> None:
    """If it fails, an award, or its revocation, is not seen until somebody starts the server again."""
    world = served.registry.world
    made = served.registry.submission()
    digest = served.post(made).json()["items"][0]["digest"]
    award = world.issue(world.awarding(made.full), world.board[:1])
    assert served.post(Submission(acts=(award,))).status_code == 201
    assert served.get(f"api/v1/reports/{digest}").json()["status"] == "awarded"
    taken = world.issue(world.withdrawing(award), world.board[:1])
    assert served.post(Submission(acts=(taken,))).status_code == 201
    assert served.get(f"api/v1/reports/{digest}").json()["status"] == "revoked"
    assert served.post(Submission(acts=(taken,))).json()["items"][0]["standing"] == "admitted"


def test_only_who_has_the_full_report_can_have_it_published(served: Open) -> None:
    """If it fails, anybody who downloads a public report can make its vendor's full one public."""
    made = served.registry.submission()
    place = served.post(made).json()["items"][0]["place"]
    answer = served.post(Submission(public=made.public), publish_full=True)
    assert answer.json()["items"][0]["standing"] == "admitted"
    assert not (served.registry.root / place / FULL).exists()
    served.post(made, publish_full=True)
    assert (served.registry.root / place / FULL).read_bytes() == made.full


def test_the_full_report_may_come_later(served: Open) -> None:
    """If it fails, what was submitted by its public report alone can never be looked at whole."""
    made = served.registry.submission()
    first = served.post(Submission(public=made.public)).json()["items"][0]
    assert [item["rule"] for item in first["findings"]] == ["full"]
    assert not served.get("data/registry.json").json()["reports"][0]["full"]
    again = served.post(made).json()["items"][0]
    assert (again["there"], again["findings"]) == (True, [])
    assert (served.private / again["place"] / FULL).read_bytes() == made.full
    assert served.get("data/registry.json").json()["reports"][0]["full"]
    served.post(Submission(public=made.public))
    assert served.get("data/registry.json").json()["reports"][0]["full"]


def test_a_public_report_of_other_bytes_does_not_take_the_place(served: Open) -> None:
    """If it fails, a report that was published is replaced by another one that cites the same full report."""
    house = served.registry.house
    made = served.registry.submission()
    assert served.post(made).status_code == 201
    other = house.resign(house.statement(made.public) | {"subject": house.statement(made.public)["subject"]})
    assert other == made.public
    strange = house.tampered(lambda value: value["runner"].update(version="9"), made.public)
    answer = served.post(Submission(public=strange))
    assert (answer.status_code, answer.json()["items"][0]["findings"][0]["rule"]) == (422, "once")
    assert served.get(f"products/{answer.json()['items'][0]['place']}/{PUBLIC}").content == made.public


def test_a_start_takes_up_what_a_crash_left(closed: Open) -> None:
    """If it fails, a report that was taken and not shown yet is forgotten, or rubbish of a crash stays for ever."""
    made = closed.registry.submission()
    verdict = closed.registry.admit(made)
    assert verdict.entry
    put_files(closed.private, verdict.entry.place, {FULL: made.full or b"", PUBLIC: made.public or b""})
    (closed.private / ".incoming-x").mkdir()
    closed.start()
    assert served_total(closed) == 1
    assert (closed.registry.root / verdict.entry.place / PUBLIC).is_file()
    assert not (closed.private / ".incoming-x").exists()
    receipted = closed.post(made).json()["items"][0]
    assert (receipted["there"], bool(receipted["receipt"])) == (True, True)


def test_the_next_day_is_another_day(served: Open) -> None:
    """If it fails, a server that runs for a year shows for ever what was current when it was started."""
    digest = served.post(served.registry.submission()).json()["items"][0]["digest"]
    assert not served.get(f"api/v1/reports/{digest}").json()["over"]
    served.now += dt.timedelta(days=400)
    assert served.get(f"api/v1/reports/{digest}").json()["over"]


def test_a_disk_that_is_full_is_told(served: Open) -> None:
    """If it fails, a vendor believes that its report was stored, or the server ends."""
    blocked = served.registry.root / "acme-cc3afcd6"
    made = served.registry.submission()
    place = served.registry.admit(made).entry
    assert place
    blocked = served.private / place.place.split("/", maxsplit=1)[0]
    blocked.write_text("no folder")
    answer = served.post(made)
    assert (answer.status_code, answer.headers["content-type"]) == (507, "application/problem+json")
    blocked.unlink()
    assert served.post(made).status_code == 201


def served_total(served: Open) -> int:
    """Count what is shown."""
    return int(requests.get(f"{served.url}api/v1/reports", timeout=60).json()["total"])
