"""How long ``defcore import`` takes on 10,000 tests, as a ratio to ``subunit2junitxml`` on the same stream.

Also what a file at and beyond the limit costs in time and memory.
"""

from __future__ import annotations

import datetime
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import BinaryIO

from subunit.v2 import StreamResultToBytes

from defcore.guideline import resolve
from defcore.importing.feed import MAX_BYTES

TESTS = 10_000
ROUNDS = 7
TEXT = 'text/plain;charset="utf8"'
LOG = b"2026-11-20 10:00:00,000 INFO [tempest.lib.common.rest_client] Request (X): 200 GET http://cloud/v2.1 0.1s\n"
TRACE = b'Traceback (most recent call last):\n  File "tempest/x.py", line 1, in y\n' * 8 + b"AssertionError: 1 != 2\n"


def write_stream(out: BinaryIO, *, logs: bool) -> None:
    """Write what Tempest would: the tests of the guideline, then others; 90 % pass, 5 % are skipped, 5 % fail."""
    chance = random.Random(4)  # noqa: S311 - the same stream each time
    tests = [test for item in resolve("2026.11").guideline.capabilities for test in item.tests]
    names = [f"{test.name}[id-{test.id},smoke]" for test in {test.id: test for test in tests}.values()]
    more = (f"tempest.api.x.test_y.ZTest.test_{n}[id-{uuid.UUID(int=chance.getrandbits(128))}]" for n in range(TESTS))
    stream = StreamResultToBytes(out)
    at = datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.UTC)
    for name in [*names, *more][:TESTS]:
        status = chance.choices(["success", "skip", "fail"], [90, 5, 5])[0]
        stream.status(test_id=name, test_status="inprogress", timestamp=at)
        at += datetime.timedelta(milliseconds=chance.randrange(3000))
        files = {"pythonlogging:''": LOG * 30} if logs else {}
        files |= {"skip": {"reason": b"no such service"}, "fail": {"traceback": TRACE}}.get(status, {})
        for file, content in files.items():
            stream.status(test_id=name, file_name=file, file_bytes=content, mime_type=TEXT, eof=True, timestamp=at)
        stream.status(test_id=name, test_status=status, timestamp=at, test_tags={"worker-0"})


def spent(command: list[str], stream: Path) -> tuple[float, float, int]:
    """Run a command on a stream; return seconds, the most memory in MiB, and the exit code."""
    began = time.perf_counter()
    with stream.open("rb") as given:
        process = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - began, usage.ru_maxrss / 1024, process.returncode


def compare(folder: Path, *, logs: bool) -> None:
    """Alternate the two commands on one stream and print medians and their ratio."""
    stream = folder / "stream"
    with stream.open("wb") as out:
        write_stream(out, logs=logs)
    peer = [sys.executable, "-m", "subunit.filter_scripts.subunit2junitxml"]
    pairs = []
    for number in range(ROUNDS):
        run = folder / f"run-{logs}-{number}"
        ours = spent([sys.executable, "-m", "defcore", "import", str(stream), "-o", str(run)], stream)
        theirs = spent(peer, stream)
        assert (ours[2], run.is_dir()) == (0, True)  # noqa: S101 - a figure of a failure is none
        pairs.append((ours[0], theirs[0]))
    mine, others = (statistics.median(column) for column in zip(*pairs, strict=True))
    size = stream.stat().st_size / 1e6
    print(f"{TESTS} tests, {size:.1f} MB {'with' if logs else 'without'} logs, medians of {ROUNDS}:")
    print(
        f"  defcore import: {mine:.2f} s, subunit2junitxml: {others:.2f} s, ratio {mine / others:.2f} (aim: at most 1)"
    )


def limits(folder: Path) -> None:
    """Import streams at and beyond the limit, made of the smallest and of large packets."""
    kinds = (("small packets", MAX_BYTES, b""), ("large packets", MAX_BYTES, LOG * 9000), ("1 GB", 1 << 30, b""))
    for name, size, log in kinds:
        stream = folder / "large"
        with stream.open("wb") as out:
            write_stream(out, logs=False)
            with tempfile.TemporaryFile() as piece:
                StreamResultToBytes(piece).status(test_id="t", file_name="log", file_bytes=log)
                piece.seek(0)
                packet = piece.read()
            while out.tell() + len(packet) <= size:
                out.write(packet * max(min(1 << 20, size - out.tell()) // len(packet), 1))
            if size > MAX_BYTES:
                out.write(packet)
        command = [sys.executable, "-m", "defcore", "import", str(stream), "-o", str(folder / name)]
        seconds, memory, code = spent(command, stream)
        mebibytes = stream.stat().st_size / 2**20
        print(f"{name}, {mebibytes:.0f} MiB: exit {code} in {seconds:.1f} s, {memory:.0f} MiB of memory")


def main() -> None:
    """Print the ratios, then what the limits cost."""
    with tempfile.TemporaryDirectory() as name:
        compare(Path(name), logs=True)
        compare(Path(name), logs=False)
        limits(Path(name))


if __name__ == "__main__":
    main()
