"""Trials on recorded answers: the same as on the cloud, and given up where they would not be."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import requests

from defcore.sabotage.replay import Answered, Asked, OffScriptError, Recording, Script, recorded, replayed
from defcore.sabotage.trials import Trial, done, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Desk


def asked(method: str, url: str = "/a", body: bytes = b"") -> Asked:
    """Make a request."""
    return Asked(method, url, frozenset(), body)


def script(*items: Asked) -> Script:
    """Make a recording; each answer's status is its number."""
    answers = [Answered(item, number, (), b"") for number, item in enumerate(items)]
    return Script(Recording(answers=answers))


GET, POST, DELETE = asked("GET"), asked("POST"), asked("DELETE")


def test_the_same_requests_have_the_same_answers() -> None:
    """A polled state would never be reached if each read were answered as the first."""
    found = script(GET, GET, POST, GET)
    assert [found.answer(item).status for item in (GET, GET, POST, GET)] == [0, 1, 2, 3]


def test_reads_may_be_fewer_or_more() -> None:
    """Waiting is a matter of time: one look more or less must not end a replay."""
    found = script(GET, GET, POST, GET)
    assert [found.answer(item).status for item in (GET, POST, GET, GET)] == [0, 2, 3, 3]
    assert not found.left


def test_a_worker_logs_in_but_once() -> None:
    """The first test of each worker could not be replayed."""
    found = script(asked("POST", "http://cloud/v3/auth/tokens"), POST)
    assert found.answer(POST).status == 1


@pytest.mark.parametrize(
    "sent",
    [
        (POST, asked("POST", "/b")),
        (DELETE,),
        (asked("POST", body=b"other"),),
        (POST, POST),
        (GET, POST, asked("GET", "/b")),
    ],
)
def test_what_was_not_recorded_is_not_made_up(sent: tuple[Asked, ...]) -> None:
    """An answer that is a guess would make a kill, or its lack, a guess."""
    found = script(GET, POST, GET, DELETE)
    for item in sent[:-1]:
        found.answer(item)
    with pytest.raises(OffScriptError):
        found.answer(sent[-1])
    assert found.left


def test_a_read_of_before_a_change_is_no_answer_after_it() -> None:
    """What was deleted would still be there."""
    found = script(GET, DELETE)
    found.answer(GET)
    found.answer(DELETE)
    with pytest.raises(OffScriptError):
        found.answer(GET)


class Numbers(BaseHTTPRequestHandler):
    """Answers each request with another number."""

    count = 0

    def do_GET(self) -> None:
        """Count."""
        type(self).count += 1
        body = str(self.count).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing."""


@contextmanager
def numbers() -> Iterator[str]:
    """Serve them."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Numbers)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def test_time_and_chance_are_those_of_the_recording() -> None:
    """A test that draws another name sends another request, and nothing could be replayed."""

    def go(url: str) -> tuple[str, str, bytes, float]:
        name = uuid.uuid4().hex
        text = requests.get(url + name, timeout=5).text
        return name, text, os.urandom(4), time.time()

    with numbers() as url:
        recording = Recording()
        with recorded(recording, lambda: True):
            first = go(url)
        recording.began = 1_000_000.0
        with replayed(recording) as found:
            second = go(url)
            slow = time.monotonic()
            time.sleep(1000)
            assert time.monotonic() - slow >= 1000
        assert not found.left
        assert first[:3] == second[:3]
        assert 0 <= second[3] - recording.began < 60
        with recorded(Recording(), lambda: False):
            assert requests.get(url, timeout=5).text == str(int(first[1]) + 1)


def test_replayed_and_live_trials_agree(cloud_desk: Desk) -> None:
    """A matrix that is not that of the cloud is worth nothing, however quickly it is there."""
    words = ["suite", "prove", "--cloud", "plain", "--no-variations", "--test", "test_create_container"]
    words += ["--test", "test_list_containers_with_limit"]
    found = {}
    for out, more in (("replayed", ()), ("live", ("--live",))):
        ended = cloud_desk.run(*words, *more, "--out", out, timeout=120)
        assert ended.returncode == 0, ended.stderr
        found[out] = done(read(cloud_desk.folder / out)[1])[1]
    assert any(item.replayed for item in found["replayed"].values())
    assert not any(item.replayed for item in found["live"].values())

    def verdicts(trials: dict[tuple[str, str, str], Trial]) -> str:
        return json.dumps({str(key): item.verdict for key, item in sorted(trials.items())}, indent=1)

    assert verdicts(found["replayed"]) == verdicts(found["live"])
