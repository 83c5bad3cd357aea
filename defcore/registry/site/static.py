"""Pages and files that are the same in every registry, but for a pin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.registry.site.html import environment
from defcore.registry.site.report import key_file
from defcore.registry.site.rows import Link

if TYPE_CHECKING:
    from defcore.registry.site.model import Site


APART = """python3 - <<'EOF'
import base64, json
envelope = json.load(open("report.public.dsse.json"))
payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
name, key = open("vendor.pub").read().split()[:2]
head, size = {"ssh-ed25519": ("302a300506032b6570032100", 32), "ecdsa-sha2-nistp256":
              ("3059301306072a8648ce3d020106082a8648ce3d030107034200", 65)}[name]
open("payload.json", "wb").write(payload)
open("signed.bin", "wb").write(signed)
open("signature.bin", "wb").write(base64.b64decode(envelope["signatures"][0]["sig"]))
open("key.der", "wb").write(bytes.fromhex(head) + base64.b64decode(key)[-size:])
EOF"""
"""Takes a report and a key apart, into what openssl reads."""
OPENSSL = "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed.bin -sigfile signature.bin"


@dataclass(frozen=True, slots=True)
class CompareView:
    """The page on which one picks."""

    title: str
    subtitle: str


@dataclass(frozen=True, slots=True)
class VerifyView:
    """How to verify by hand."""

    title: str
    subtitle: str
    authority: str
    pin: str
    defcore: tuple[tuple[str, str], ...]
    openssl: tuple[tuple[str, str], ...]
    keys: tuple[tuple[Link, str, str], ...]
    acts: tuple[tuple[Link, str, str], ...]


@dataclass(frozen=True, slots=True)
class DataView:
    """What can be taken away."""

    title: str
    subtitle: str
    files: tuple[tuple[Link, str], ...]
    left_out: int


def compare_view() -> CompareView:
    """Word the page on which one picks reports to compare."""
    return CompareView(
        "Compare", "Pick two reports or more: what each shows, what an application may rely on in all of them."
    )


def verify_view(site: Site) -> VerifyView:
    """Word how anybody checks a report without this site."""
    trust = site.known.trust
    parties = {item.keyid: f"{item.role.value} for {item.party}" for item in trust.latest.grants}
    return VerifyView(
        title="Verify by hand",
        subtitle="Do not believe this site: every report can be checked on your own machine, offline, years later.",
        authority=trust.latest.authority,
        pin=trust.pin,
        defcore=(
            (f"The authority, {trust.latest.authority}, is known by this pin", trust.pin),
            (
                "Who signed, whether they may, and what the results give when they are scored again",
                "defcore verify report.public.dsse.json --trust trust.jsonl",
            ),
            (
                "An awarded product: its report, the trust policy and the acts in one file",
                f"defcore verify bundle.json --trust {trust.pin} --require awarded",
            ),
            (
                "The same, with a guideline that you got elsewhere",
                "defcore verify report.public.dsse.json --trust trust.jsonl --guideline YOUR-COPY.json",
            ),
        ),
        openssl=(
            (
                "Put the report and the public key of its signer into one folder, as",
                "report.public.dsse.json\nvendor.pub",
            ),
            ("Take both apart", APART),
            ("Check the signature", OPENSSL),
            ("Read what was signed", "python3 -m json.tool payload.json"),
        ),
        keys=tuple(
            (Link(keyid, f"keys/{key_file(keyid)}"), parties.get(keyid, "root of the trust policy"), key.kind)
            for keyid, key in trust.keys.items()
        ),
        acts=tuple(
            (
                Link(item.digest, f"data/acts/{item.digest}.json"),
                item.act.value,
                f"{item.subject[0]}, {item.issued_at[:10]}",
            )
            for item in site.known.acts
        ),
    )


def data_view(site: Site) -> DataView:
    """Word what there is to download."""
    files = (
        (Link("registry.json", "data/registry.json"), "everything that is public, one object a report"),
        (Link("reports.csv", "data/reports.csv"), "one line a report"),
        (
            Link("capabilities.csv", "data/capabilities.csv"),
            "one line for each capability of each report that counts now",
        ),
        (Link("trust.jsonl", "data/trust.jsonl"), "the trust policy: who may sign for whom, since when"),
        (Link("feed.xml", "feed.xml"), "the newest reports, as an Atom feed"),
    )
    return DataView("Data", "All that these pages are made from, to count and draw with.", files, len(site.left_out))


def style() -> bytes:
    """Return the style of all pages: the report's, the board's, and what these pages need besides."""
    source = environment()
    loader = source.loader
    assert loader is not None  # noqa: S101 - the engine has one
    return "".join(loader.get_source(source, name)[0] for name in ("report.css", "board.css", "site.css")).encode()


def script() -> bytes:
    """Return the script of the comparison page."""
    source = environment()
    loader = source.loader
    assert loader is not None  # noqa: S101 - the engine has one
    return loader.get_source(source, "compare.js")[0].encode()
