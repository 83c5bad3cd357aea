"""Which key signs: a file, one in the ssh-agent, the one remembered by ``defcore key use``, or one's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.attest.keys import PublicKey, Signer

FINGERPRINT = "SHA256:"
MAX_WORD_BYTES = 4096
_IN_USE = "key-in-use"


@dataclass(frozen=True, slots=True)
class Listed:
    """A key that could sign. ``keyid`` is None where only its passphrase would tell; ``note`` says what hinders it."""

    keyid: str | None
    kind: str
    where: str
    note: str = ""


def choose_signer(word: str | None) -> Signer:
    """Return the key that a word names: a file, or ``SHA256:…`` of a key in the ssh-agent.

    Without a word it is the key in use, or else one's own. Raises InputError.
    """
    from defcore.attest import agent, keys

    word = word or in_use() or str(own_key())
    if word.startswith(FINGERPRINT):
        return agent.find(agent_socket(), word)
    return keys.load_private(Path(word), ask)


def choose_public(word: str | None) -> PublicKey:
    """Return the public key of what ``choose_signer`` takes; a public key's file will do here too."""
    from defcore.attest import keys

    word = word or in_use() or str(own_key())
    return choose_signer(word).public if word.startswith(FINGERPRINT) else keys.load_either(Path(word), ask)


def use(word: str) -> PublicKey:
    """Remember, in the user's configuration, which key signs from now on, once it is shown to be there."""
    from defcore.files import write_whole

    signer = choose_signer(word)
    place = word if word.startswith(FINGERPRINT) else str(Path(word).absolute())
    folder = _config()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / _IN_USE, place.encode("utf-8", "surrogateescape") + b"\n")
    return signer.public


def in_use() -> str | None:
    """Return what ``use`` remembered: a path or a fingerprint."""
    from defcore.files import read_bytes

    path = _config() / _IN_USE
    if not path.exists():
        return None
    content = read_bytes(path, MAX_WORD_BYTES, "bad-key-in-use", "choose again: 'defcore key use'")
    return content.decode("utf-8", "surrogateescape").strip() or None


def own_key() -> Path:
    """Return the place of the user's own key, where ``defcore key new`` puts it."""
    return _config() / "key"


def known_keys() -> Iterator[Listed]:
    """Find the key in use, one's own, those where OpenSSH looks, and those that the ssh-agent holds."""
    ssh = Path.home() / ".ssh"
    used = in_use()
    places = [Path(used)] if used and not used.startswith(FINGERPRINT) else []
    for path in dict.fromkeys((*places, own_key(), ssh / "id_ed25519", ssh / "id_ecdsa")):
        if path.is_file():
            yield _listed(path)
    if os.environ.get("SSH_AUTH_SOCK"):
        yield from _in_agent()


def agent_socket() -> Path:
    """Return the socket of the user's ssh-agent. Raises InputError when none is running."""
    place = os.environ.get("SSH_AUTH_SOCK")
    if not place:
        hint = "eval $(ssh-agent); ssh-add FILE"
        raise InputError("no-agent", "no ssh-agent is running here (SSH_AUTH_SOCK is not set)", hint=hint)
    return Path(place)


def ask() -> str:
    """Ask for the passphrase of a key. Raises InputError where nobody can be asked."""
    try:
        passphrase: str = click.prompt("Passphrase of the key", hide_input=True, err=True)
    except click.Abort as error:
        hint = "run this in a terminal that can ask for it"
        raise InputError("key-encrypted", "the key needs its passphrase", hint=hint) from error
    return passphrase


def _config() -> Path:
    import platformdirs

    return platformdirs.user_config_path("defcore")


def _listed(path: Path) -> Listed:
    from defcore.attest import keys

    beside = path.with_name(path.name + ".pub")
    try:
        key = keys.load_public(beside) if beside.is_file() else keys.load_private(path).public
    except InputError as error:
        return Listed(None, "?", str(path), error.what)
    return Listed(key.keyid, key.kind, str(path))


def _in_agent() -> Iterator[Listed]:
    from defcore.attest import agent

    try:
        found = agent.identities(agent_socket())
    except InputError as error:
        yield Listed(None, "?", "ssh-agent", error.what)
        return
    for item in found:
        kind, note = (item.public.kind, "") if item.public else (item.kind, "defcore does not sign with this kind")
        yield Listed(item.keyid, kind, f"ssh-agent: {item.comment}", note)
