"""OpenID Connect as a relying party: the address to send a browser to, and whether an ID token holds.

Authorization code flow with PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9207). Text and a clock in, a
verdict out; asking the provider is `hub.identity_providers`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "RS384", "RS512", "PS384", "PS512", "ES512", "EdDSA")
"""By key pair only: with HMAC the public key, or the secret, would do as a signature."""
SCOPE = "openid profile email"
CLOCKS_APART_S = 60
LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, section 2."""
SUBJECT = re.compile(r"[\x20-\x7e]+")


class BadToken(Exception):
    """The token doesn't hold; the message says why, for the log."""


class UnknownKey(BadToken):
    """It is signed with a key that is not among these: the provider may have new ones."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One sign-in under way: what the hub has to know again when the browser comes back."""

    provider_id: str
    nonce: str
    verifier: str
    redirect_uri: str


def authorization_url(
    endpoint: str, *, client_id: str, redirect_uri: str, state: str, nonce: str, verifier: str
) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    fields = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(fields)}"


def read_keys(document: Any) -> KeySet:
    """A provider's JWK set; keys of kinds that nobody here knows are left out. Raise BadToken when none is left."""
    listed = document.get("keys") if isinstance(document, Mapping) else None
    keys = []
    for each in listed if isinstance(listed, list) else ():
        # Secrets and keys for encryption are not for signatures; others may know kinds of keys that we do not.
        if isinstance(each, dict) and each.get("kty") != "oct" and each.get("use", "sig") == "sig":
            try:
                keys.extend(KeySet.import_key_set({"keys": [each]}).keys)
            except (JoseError, ValueError, KeyError, TypeError):
                continue
    if not keys:
        raise BadToken("the provider has no keys")
    return KeySet(keys)


def read_id_token(
    token: object, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now_ms: int
) -> dict[str, Any]:
    """The claims (OpenID Connect Core 1.0, section 3.1.3.7). Raise BadToken; UnknownKey when newer keys may help."""
    if not isinstance(token, str):
        raise BadToken("there is no ID token")
    try:
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    except InvalidKeyIdError as error:
        raise UnknownKey("signed with an unknown key") from error
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise BadToken(f"{type(error).__name__}: {error}") from error
    now_s = now_ms / 1000
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != issuer:
        raise BadToken("issued by somebody else")
    if client_id not in audiences:
        raise BadToken("for somebody else")
    if claims.get("azp", client_id) != client_id or (len(audiences) > 1 and "azp" not in claims):
        raise BadToken("asked for by somebody else")
    if _seconds(claims, "exp") + CLOCKS_APART_S <= now_s:
        raise BadToken("expired")
    if _seconds(claims, "iat") - CLOCKS_APART_S > now_s:
        raise BadToken("issued in the future")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise BadToken("for another sign-in")
    subject = claims.get("sub")
    if not isinstance(subject, str) or len(subject) > LONGEST_SUBJECT or not SUBJECT.fullmatch(subject):
        raise BadToken("without a subject")
    return dict(claims)


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadToken(f"without “{name}”")
    return value
