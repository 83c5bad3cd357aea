"""What may be written of an exchange: no secret in any form, and never an exception."""

from __future__ import annotations

import base64
import json
import math
from urllib.parse import quote, quote_plus

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from defcore.cloud import redact
from defcore.cloud.redact import CUT, HIDDEN, Scrubber, secrets_in

SECRET = "pl4nted/secret+value=="  # noqa: S105 - planted
USERINFO = "hunter2secret"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY-----"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(SECRET),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
SENSITIVE = ["X-Auth-Token", "X-Subject-Token", "x-account-meta-temp-url-key", "Authorization", "Set-Cookie"]


@pytest.mark.parametrize("name", [*SENSITIVE, "X-Unheard-Of"])
def test_headers_that_nobody_allowed_are_hidden(name: str) -> None:
    """The evidence of a run is given away with the report: a token in it could be used by its readers."""
    assert redact.headers({name: SECRET}) == {name: HIDDEN}


def test_headers_that_tests_are_about_are_kept() -> None:
    """Without them the evidence could not show why a test failed."""
    items = {"ETag": "abc", "X-Container-Meta-Color": "red", "X-Account-Bytes-Used": "1", "Content-Length": "3"}
    assert redact.headers(items) == items


def test_a_url_in_a_header_loses_its_secrets() -> None:
    """A redirect to a temporary URL would publish its signature."""
    kept = redact.headers({"Location": f"https://me:{USERINFO}@c/v1/a?temp_url_sig={SECRET}"})
    assert kept == {"Location": f"https://c/v1/a?temp_url_sig={quote_plus(HIDDEN, safe='[]')}"}


def test_a_url_keeps_what_tells_requests_apart() -> None:
    """A reader must see which listing was asked for, and nothing that grants access."""
    url = f"https://user:{USERINFO}@cloud:8080/v1/a?prefix=x&marker=&temp_url_sig={SECRET}&temp_url_expires=9#frag"
    assert redact.url(url) == "https://cloud:8080/v1/a?prefix=x&marker=&temp_url_sig=[hidden]&temp_url_expires=9"


def test_of_json_the_shape_and_harmless_values_are_kept() -> None:
    """A reader must see what the cloud answered, but no password, and no name of a person."""
    value = {
        "server": {"name": "vm", "adminPass": SECRET, "count": 3, "up": True, "none": None, "other": "x"},
        "user": {"name": "Ann"},
        "list": [{"status": "ACTIVE"}, "bare"],
    }
    assert redact.body(json.dumps(value).encode(), "application/json; charset=utf-8") == {
        "server": {"name": "vm", "adminPass": HIDDEN, "count": 3, "up": True, "none": None, "other": HIDDEN},
        "user": HIDDEN,
        "list": [{"status": "ACTIVE"}, HIDDEN],
    }


@pytest.mark.parametrize(
    ("content", "kind"),
    [(KEY.encode(), "text/plain"), (b"{no json", "application/json"), (b"[" * 100_000, "application/json")],
)
def test_of_other_bodies_only_length_and_digest_are_kept(content: bytes, kind: str) -> None:
    """An object's content is the user's; and a body that no parser bears must not end the test in an error of ours."""
    kept = redact.body(content, kind)
    assert set(kept) == {"length", "sha256"}
    assert kept["length"] == len(content)


def test_no_body_is_none() -> None:
    """Most requests have none, and the evidence should not say that they sent something."""
    assert redact.body(b"", "application/json") is None


@pytest.mark.parametrize("number", [2**53, -(2**60), 10**120, math.nan, math.inf, 1e400])
def test_numbers_that_canonical_json_lacks_become_text(number: float) -> None:
    """A cloud that counts more bytes than a double holds would end every test in an error of ours."""
    kept = redact.body(json.dumps({"bytes": number}).encode(), "application/json")
    assert isinstance(kept["bytes"], str)
    assert rfc8785.dumps(kept)


def test_lone_surrogates_become_text() -> None:
    r"""An answer with ``\ud800`` in a name could not be written down, and the test would end in an error of ours."""
    assert rfc8785.dumps(redact.body(b'{"name": "\\ud800", "\\udfff": 1}', "application/json"))


@given(st.text(), st.text(), st.text(), st.text())
def test_url_never_raises_and_never_shows_user_info(scheme: str, user: str, host: str, tail: str) -> None:
    """Catalogues hold whatever an operator typed, and the secret of a URL must not survive it."""
    assert isinstance(redact.url(f"{scheme}://{user}@{host}{tail}"), str)
    assert USERINFO not in redact.url(f"https://me:{USERINFO}@cloud/{quote(tail)}")


@given(st.text(), st.dictionaries(st.text(), st.just(SECRET)))
def test_url_shows_no_value_of_an_unknown_parameter(text: str, query: dict[str, str]) -> None:
    """Whatever a cloud names its signatures: what is not on the list is hidden."""
    words = "&".join(f"x{quote(name)}={quote(value)}" for name, value in query.items())
    assert isinstance(redact.url(text), str)
    assert SECRET not in redact.url(f"https://cloud/?{words}")


@pytest.mark.parametrize("text", ["http://[::1", "https://c/?\ud800=\udfff", "http://c:99999999/\ud800"])
def test_what_is_no_url_is_no_trouble(text: str) -> None:
    """A broken address in a Location header must be a failed check, not an error of ours."""
    assert redact.url(text).encode()


@given(st.dictionaries(st.text(), st.text()))
def test_headers_never_raise(items: dict[str, str]) -> None:
    """A header of any name and value ends up in the evidence."""
    kept = redact.headers(items)
    assert kept.keys() == items.keys()
    assert not any(SECRET in value for value in redact.headers(dict.fromkeys(SENSITIVE, SECRET)).values())


@given(VALUES, st.sampled_from(["application/json", "text/plain", ""]))
def test_any_json_body_can_be_written_and_hides_what_is_called_secret(value: object, kind: str) -> None:
    """Evidence is written for every answer of every cloud, however strange."""
    content = json.dumps({"adminPass": SECRET, "nested": [{"secret": value, "private_key": KEY}]}).encode()
    written = rfc8785.dumps(redact.body(content, kind)).decode()
    assert "MIIEvQ" not in written
    assert isinstance(redact.body(json.dumps(value).encode(), kind), object)
    kept = redact.body(json.dumps({"x": value}).encode(), kind)
    assert rfc8785.dumps(kept)


@given(st.binary(), st.text())
def test_any_bytes_can_be_described(content: bytes, kind: str) -> None:
    """What a broken proxy sends is no JSON, whatever it says."""
    rfc8785.dumps(redact.body(content, f"json{kind}"))


def test_secrets_that_an_exchange_names_are_found() -> None:
    """What the cloud hands out during a run (a token, a password of a server) is known to nobody before."""
    body = {"server": {"adminPass": "pass-1", "name": "vm"}, "list": [{"client_secret": "s-2"}], "token": {"id": "i"}}
    items = {"X-Subject-Token": "token-3", "ETag": "e"}
    assert secrets_in(items, json.dumps(body).encode(), "application/json") == {"pass-1", "s-2", "token-3"}
    assert secrets_in({}, b"{", "application/json") == set()
    assert secrets_in({}, b'{"secret": "x"}', "text/plain") == set()


FORMS = {
    "plain": SECRET,
    "url": quote(SECRET, safe=""),
    "form": quote_plus(SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64url": base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
    "json": json.dumps(SECRET),
    "repr": repr(SECRET),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_known_secret_is_found_in_every_form(form: str) -> None:
    """A URL or a header shows a secret in another spelling, and a reader can turn it back."""
    cleaned = Scrubber([SECRET]).text(f"before {form} after")
    assert cleaned.replace("'", "").replace('"', "") == f"before {HIDDEN} after"


@given(st.text(min_size=6), st.text(), st.text())
def test_no_known_secret_survives(secret: str, before: str, after: str) -> None:
    """Free text comes from clouds and libraries; whatever stands around the secret, it is gone."""
    scrubber = Scrubber([secret])
    cleaned = scrubber.text(before + secret + after)
    if secret not in HIDDEN:
        assert secret not in cleaned.replace(HIDDEN, "")
    scrubber.tree({before: [secret, (after, None, 1)]})


def test_a_tree_is_cleaned_to_its_keys_and_leaves() -> None:
    """JSON puts a secret into a key as easily as into a value."""
    scrubber = Scrubber([SECRET, SECRET])
    assert scrubber.tree({SECRET: [SECRET, 1, None, {"a": (SECRET,)}]}) == {HIDDEN: [HIDDEN, 1, None, {"a": [HIDDEN]}]}


def test_short_secrets_do_not_blot_out_words() -> None:
    """With the password ``test`` a report would be unreadable; such a secret protects nothing anyway."""
    assert Scrubber(["test"]).text("a test") == "a test"


def test_what_a_cut_left_of_a_secret_is_hidden() -> None:
    """Long answers are shown shortened; most of a secret is as good as all of it."""
    scrubber = Scrubber([SECRET])
    assert scrubber.text(f"got '{SECRET[:15]}{CUT}") == f"got '{HIDDEN}{CUT}"
    assert scrubber.text(f"got '{SECRET[:3]}{CUT}") == f"got '{SECRET[:3]}{CUT}"


@pytest.mark.parametrize("text", [KEY, KEY[:50] + CUT, repr(KEY), KEY.replace("PRIVATE", "RSA PRIVATE")])
def test_a_private_key_is_known_by_its_first_line(text: str) -> None:
    """A cloud that makes key pairs answers with the private half, which nobody knew before."""
    assert "MIIEvQ" not in Scrubber().text(f"actual: {text}")
