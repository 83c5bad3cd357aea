"""From names that vendors chose to names of folders and addresses: plain, short, and never two for one.

A name that is plain already stays as it is. Every other one is made plain, and gets eight digits of its sha256, so that
``Acme`` and ``acme``, which some file systems take for one, and ``../x`` and ``x`` lie apart.
"""

from __future__ import annotations

import re
import unicodedata

from defcore.attest.canonical import sha256_hex

LONGEST = 60
RESERVED = ("acts", "guidelines", "registry.json", "trust.jsonl")
"""What lies in the registry's folder itself: no vendor's folder can be called so."""
_PLAIN = re.compile(rf"[a-z0-9](?:[a-z0-9._-]{{0,{LONGEST - 2}}}[a-z0-9])?")
_MADE = re.compile(r".*-[0-9a-f]{8}")
_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_ENTRY = re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]{12}")


def part(name: str) -> str:
    """Return the name of the folder, and part of the address, for a vendor, a product or a guideline."""
    plain = _PLAIN.fullmatch(name) and not _MADE.fullmatch(name) and not _WINDOWS.fullmatch(name)
    if plain and ".." not in name and name not in RESERVED:
        return name
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", letters)[: LONGEST - 9].strip("-")
    return f"{words or 'x'}-{sha256_hex(name.encode('utf-8', 'surrogatepass'))[:8]}"


def place(vendor: str, product: str, guideline: str, issued_at: str, digest: str) -> str:
    """Return the folder of a report below the registry's root.

    ``VENDOR/PRODUCT/GUIDELINE/DAY-DIGEST``: the day of issue, and twelve digits of the full report's sha256.
    """
    return "/".join((part(vendor), part(product), part(guideline), f"{issued_at[:10]}-{digest[:12]}"))


def is_entry(name: str) -> bool:
    """Tell whether a folder is named as a report's is."""
    return _ENTRY.fullmatch(name) is not None
