"""Keys from files: what is read, what is refused and in which words."""

from __future__ import annotations

import base64
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as some

from defcore.attest import keys
from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PASS = "corréct horse"  # noqa: S105
PLAIN = ser.NoEncryption()
LOCKED = ser.BestAvailableEncryption(PASS.encode())
OPENSSH, PKCS8 = ser.PrivateFormat.OpenSSH, ser.PrivateFormat.PKCS8
KEY = Ed25519PrivateKey.generate()
P256 = ec.generate_private_key(ec.SECP256R1())
SEC1 = ser.PrivateFormat.TraditionalOpenSSL
OPENSSH_TEXT = KEY.private_bytes(ser.Encoding.PEM, OPENSSH, PLAIN)


def pem(key: object, form: ser.PrivateFormat, lock: ser.KeySerializationEncryption = PLAIN) -> bytes:
    """Write a private key."""
    return key.private_bytes(ser.Encoding.PEM, form, lock)  # type: ignore[attr-defined,no-any-return]


def never() -> str:
    """Stand for a prompt that must not appear."""
    pytest.fail("asked for a passphrase")


@pytest.mark.parametrize(("made", "form"), [(KEY, OPENSSH), (KEY, PKCS8), (P256, OPENSSH), (P256, PKCS8), (P256, SEC1)])
@pytest.mark.parametrize(("lock", "ask"), [(PLAIN, never), (LOCKED, lambda: PASS)])
def test_the_keys_people_have_are_read(
    made: object, form: ser.PrivateFormat, lock: ser.KeySerializationEncryption, ask: Callable[[], str]
) -> None:
    """Otherwise a vendor with an ordinary key cannot sign, or is asked for a passphrase that the key has not."""
    key = keys.read_private(pem(made, form, lock), "key", ask)
    assert key.public.kind == ("ed25519" if made is KEY else "p256")
    assert key.public.verify(key.sign(b"data"), b"data")
    assert not key.public.verify(key.sign(b"data"), b"datum")


@pytest.mark.parametrize("form", [OPENSSH, PKCS8])
@pytest.mark.parametrize("word", ["wrong", ""])
def test_a_wrong_passphrase_is_said(form: ser.PrivateFormat, word: str) -> None:
    """Otherwise the vendor does not know what was wrong."""
    with pytest.raises(InputError, match="does not open with this passphrase"):
        keys.read_private(pem(KEY, form, LOCKED), "key", lambda: word)


@pytest.mark.parametrize("form", [OPENSSH, PKCS8])
def test_an_encrypted_key_without_anybody_to_ask_is_said(form: ser.PrivateFormat) -> None:
    """Otherwise a script hangs on a prompt or ends in a traceback."""
    with pytest.raises(InputError, match="needs its passphrase"):
        keys.read_private(pem(KEY, form, LOCKED), "key")


def test_an_encryption_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a key with a cipher unknown here ends in a traceback."""

    def load(_: bytes, passphrase: bytes | None) -> object:
        raise TypeError if passphrase is None else UnsupportedAlgorithm("rot13")

    monkeypatch.setattr(keys, "load_ssh_private_key", load)
    with pytest.raises(InputError, match="rot13"):
        keys.read_private(OPENSSH_TEXT, "key", lambda: PASS)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (KEY.public_key().public_bytes(ser.Encoding.OpenSSH, ser.PublicFormat.OpenSSH), "key-public"),
        (KEY.public_key().public_bytes(ser.Encoding.PEM, ser.PublicFormat.SubjectPublicKeyInfo), "key-public"),
        (pem(rsa.generate_private_key(65537, 2048), OPENSSH), "key-unsupported"),
        (pem(rsa.generate_private_key(65537, 2048), ser.PrivateFormat.TraditionalOpenSSL), "key-unsupported"),
        (pem(ec.generate_private_key(ec.SECP384R1()), PKCS8), "key-unsupported"),
        (pem(ec.generate_private_key(ec.SECP256K1()), SEC1), "key-unsupported"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "key-garbage"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "key-garbage"),
        (b"", "key-garbage"),
        (b"\xff\xfe", "key-garbage"),
    ],
)
def test_anything_but_a_private_key_of_ours_is_refused(content: bytes, code: str) -> None:
    """Otherwise a wrong file ends in a traceback or in a key that nobody asked for."""
    with pytest.raises(InputError) as caught:
        keys.read_private(content, "key", never)
    assert (caught.value.code, caught.value.where) == (code, "key")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (OPENSSH_TEXT, "key-private"),
        (pem(KEY, PKCS8), "key-private"),
        (
            rsa.generate_private_key(65537, 2048)
            .public_key()
            .public_bytes(ser.Encoding.OpenSSH, ser.PublicFormat.OpenSSH),
            "key-unsupported",
        ),
        (
            ec.generate_private_key(ec.SECP384R1())
            .public_key()
            .public_bytes(ser.Encoding.PEM, ser.PublicFormat.SubjectPublicKeyInfo),
            "key-unsupported",
        ),
        (b"ssh-ed25519", "key-garbage"),
        (b"ssh-ed25519 AAAA", "key-garbage"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "key-garbage"),
        (b"ecdsa-sha2-nistp256 AAAA", "key-garbage"),
        (b"ecdsa-sha2-nistp384 AAAA", "key-unsupported"),
        (b"", "key-garbage"),
    ],
)
def test_anything_but_a_public_key_of_ours_is_refused(content: bytes, code: str) -> None:
    """Otherwise a verifier with a wrong file gets a traceback instead of a hint."""
    with pytest.raises(InputError) as caught:
        keys.read_public(content, "key.pub")
    assert (caught.value.code, caught.value.where) == (code, "key.pub")


@pytest.mark.parametrize("made", [KEY, P256])
def test_a_public_key_is_the_same_in_both_forms(made: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> None:
    """Otherwise one key would count as two signers."""
    public = made.public_key()
    line = public.public_bytes(ser.Encoding.OpenSSH, ser.PublicFormat.OpenSSH) + b" somebody@somewhere\n"
    text = public.public_bytes(ser.Encoding.PEM, ser.PublicFormat.SubjectPublicKeyInfo)
    assert (
        keys.read_public(line, "a") == keys.read_public(text, "b") == keys.read_private(pem(made, OPENSSH), "c").public
    )


def test_a_public_key_with_half_its_point_is_the_same_key() -> None:
    """Otherwise one P-256 key, written compressed, would count as another signer."""
    numbers = P256.public_key().public_numbers()
    point = P256.public_key().public_bytes(ser.Encoding.X962, ser.PublicFormat.CompressedPoint)
    # SubjectPublicKeyInfo of RFC 5480 around a compressed point.
    der = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point
    text = b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(der) + b"\n-----END PUBLIC KEY-----\n"
    found = keys.read_public(text, "a")
    assert (found, found.material) == ((whole := keys.read_private(pem(P256, PKCS8), "b").public), whole.material)
    assert numbers.x.to_bytes(32, "big") in found.material


def test_the_name_of_the_curve_before_the_key_is_read_over(tmp_path: Path) -> None:
    """Otherwise the key file that 'openssl ecparam -genkey' writes cannot be used."""
    made = subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey"], capture_output=True, check=True)
    assert made.stdout.startswith(b"-----BEGIN EC PARAMETERS-----")
    (tmp_path / "key").touch(0o600)
    (tmp_path / "key").write_bytes(made.stdout)
    assert keys.load_private(tmp_path / "key", never).public.kind == "p256"


def test_a_curve_that_nobody_here_knows_is_said() -> None:
    """Otherwise an exotic key ends in a traceback."""
    line = ["openssl", "ecparam", "-name", "secp112r1", "-genkey", "-noout"]
    made = subprocess.run(line, capture_output=True, check=True)
    with pytest.raises(InputError, match="neither an Ed25519 nor a P-256 key"):
        keys.read_private(made.stdout, "key", never)


@given(data=some.binary(max_size=50))
@settings(max_examples=100, deadline=None)
def test_a_p256_signature_has_no_twin(data: bytes) -> None:
    """Otherwise anybody could change a signed report without its key, and its digest with it."""
    key = keys.read_private(pem(P256, PKCS8), "key")
    signature = key.sign(data)
    assert key.public.verify(signature, data)
    r, s = decode_dss_signature(signature)
    twin = encode_dss_signature(r, keys.P256_ORDER - s)
    P256.public_key().verify(twin, data, ec.ECDSA(SHA256()))
    assert not key.public.verify(twin, data)
    for other in (signature + b"\0", b"", signature[:-1], b"\x30\x81" + signature[1:]):
        assert not key.public.verify(other, data)


@given(some.data())
@settings(max_examples=200, deadline=None)
def test_no_bytes_make_the_readers_crash(data: some.DataObject) -> None:
    """Otherwise a damaged key file ends in a traceback."""
    start = data.draw(some.sampled_from([b"", OPENSSH_TEXT, pem(KEY, PKCS8), b"ssh-ed25519 AAAA"]))
    at = data.draw(some.integers(0, len(start)))
    content = start[:at] + data.draw(some.binary(max_size=40)) + start[at + data.draw(some.integers(0, 5)) :]
    for read in (keys.read_private, keys.read_public):
        try:
            read(content, "key")
        except InputError:
            continue


@pytest.mark.parametrize("passphrase", [None, PASS])
@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_a_new_key_is_two_openssh_files(tmp_path: Path, passphrase: str | None, kind: keys.Kind) -> None:
    """Otherwise the key cannot be used by the tools that people have, or lies open on the disk."""
    path = tmp_path / "folder" / "key"
    key = keys.generate(kind)
    public = keys.write_pair(path, key, passphrase=passphrase, comment="release\nkey")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"-----BEGIN OPENSSH PRIVATE KEY-----\n")
    assert public.read_text() == f"{key.public.line} release\\u000akey\n"
    assert keys.load_private(path, lambda: PASS) == key
    assert keys.load_public(public) == key.public
    assert keys.load_either(path, lambda: PASS) == keys.load_either(public) == key.public


def test_a_public_line_needs_no_comment(tmp_path: Path) -> None:
    """Otherwise the line ends in a blank that a strict reader stumbles over."""
    key = keys.generate()
    assert keys.write_pair(tmp_path / "key", key).read_text() == key.public.line + "\n"


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs OpenSSH")
@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_the_keyid_is_what_ssh_keygen_prints(tmp_path: Path, kind: keys.Kind) -> None:
    """Otherwise nobody could compare a report's keyid with the vendor's published fingerprint."""
    key = keys.generate(kind)
    public = keys.write_pair(tmp_path / "key", key)
    for path in (tmp_path / "key", public):
        printed = subprocess.run(["ssh-keygen", "-lf", path], capture_output=True, text=True, check=True).stdout
        assert printed.split()[1] == key.public.keyid


@pytest.mark.parametrize("there", ["key", "key.pub"])
def test_a_key_is_never_overwritten(tmp_path: Path, there: str) -> None:
    """Otherwise a vendor loses the key that earlier reports were signed with."""
    (tmp_path / there).write_text("precious")
    with pytest.raises(InputError, match="never overwritten") as caught:
        keys.write_pair(tmp_path / "key", keys.generate())
    assert caught.value.where == str(tmp_path / there)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {there: "precious"}


def test_a_key_in_an_impossible_place_is_one_clear_line(tmp_path: Path) -> None:
    """Otherwise a slip in a path ends in a traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as caught:
        keys.write_pair(tmp_path / "file" / "key", keys.generate())
    assert caught.value.exit_code == 2


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Otherwise a key that anybody on the machine could copy would sign for the vendor."""
    keys.write_pair(tmp_path / "key", keys.generate())
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(InputError, match=r"mode 0640.*chmod 600"):
        keys.load_private(tmp_path / "key", never)


def test_files_that_are_no_keys_are_one_clear_line(tmp_path: Path) -> None:
    """Otherwise a folder, a missing file or a public key in the wrong place ends in a traceback."""
    public = keys.write_pair(tmp_path / "key", keys.generate())
    for path, code in ((tmp_path, "key-unreadable"), (tmp_path / "no", "key-unreadable"), (public, "key-public")):
        with pytest.raises(InputError) as caught:
            keys.load_private(path)
        assert caught.value.code == code
    with pytest.raises(InputError, match="cannot be read"):
        keys.load_either(tmp_path / "no")
