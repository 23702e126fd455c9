"""One-time codes: the vectors of RFC 6238, and what an authenticator app is told."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.one_time_codes import (
    RECOVERY_CODES,
    STEP_S,
    app_url,
    code_at,
    matching_step,
    new_recovery_codes,
    new_secret,
    shown,
)

SECRET = b"12345678901234567890"


# RFC 6238, appendix B, SHA-1; the last six of its eight digits.
@pytest.mark.parametrize(
    ("time_s", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_vectors_of_rfc_6238(time_s: int, code: str) -> None:
    assert code_at(SECRET, time_s // STEP_S) == code
    assert matching_step(SECRET, code, time_s * 1000) == time_s // STEP_S


def test_a_code_is_good_one_step_before_and_after() -> None:
    code = code_at(SECRET, 100)
    found = [matching_step(SECRET, code, step * STEP_S * 1000) for step in range(97, 104)]
    assert found == [None, None, 100, 100, 100, None, None]


@pytest.mark.parametrize("code", ["", "28708", "2870822", "28708a", "２８７０８２", "\N{BELL}"])
def test_what_is_no_code_fits_no_step(code: str) -> None:
    assert matching_step(SECRET, code, 59_000) is None


def test_the_app_is_told_the_secret_and_whose_it_is() -> None:
    secret = new_secret()
    url = urlsplit(app_url(secret, account="ana@ies.example", issuer="TwinSpace Hub"))
    fields = parse_qs(url.query)
    assert (url.scheme, url.netloc, url.path) == ("otpauth", "totp", "/TwinSpace%20Hub:ana%40ies.example")
    assert fields["secret"] == [shown(secret)] and fields["issuer"] == ["TwinSpace Hub"]
    assert base64.b32decode(shown(secret)) == secret


def test_recovery_codes_differ() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES and all(len(code) == 10 for code in codes)
