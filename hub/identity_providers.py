"""The schools' own sign-in: which providers there are, and what is asked of them (OpenID Connect).

The file that HUB_IDENTITY_PROVIDERS_FILE names is read when the hub starts; `docs/identity_providers.md` explains it.
What a provider says of itself, and its keys, are fetched when first needed and kept for a while.
"""

from __future__ import annotations

import logging
import secrets
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError, model_validator

from hub.errors import NotFound, ProviderFailed, WrongSecret
from hub.openid import Asked, BadToken, UnknownKey, authorization_url, read_id_token, read_keys
from hub.outgoing_http import HttpFailed, OutgoingHttp, is_safe

logger = logging.getLogger(__name__)

KEEP_METADATA_MS = 60 * 60 * 1000
FETCH_KEYS_AGAIN_AFTER_MS = 60 * 1000
"""A token with an unknown key makes the hub look for new ones, but not more often than this."""
LONGEST_CODE = 2_000
REFUSED = "The school's sign-in did not confirm who you are. Begin again."


class ProvidersError(Exception):
    """The file can't be used; the message names it and what is wrong in it."""


class PupilsRule(BaseModel):
    """Whom of a provider's people the hub takes for pupils of one school, and gives an account without being asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    school: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    claim: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    class_claim: str = ""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"

    def fits(self, claims: dict[str, Any]) -> bool:
        said = claims.get(self.claim)
        return self.value in said if isinstance(said, list) else said == self.value


class Provider(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    """As people read it on the button."""
    issuer: Annotated[str, StringConstraints(max_length=500)]
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Path | None = None
    schools: Annotated[list[str], Field(min_length=1)]
    """Whose people may come by it."""
    pupils: PupilsRule | None = None

    @model_validator(mode="after")
    def _can_be_used(self) -> Provider:
        if not is_safe(self.issuer):
            raise ValueError("the issuer has to begin with https://")
        if bool(self.client_secret.get_secret_value()) is (self.client_secret_file is not None):
            raise ValueError("needs either client_secret or client_secret_file")
        if self.pupils is not None and self.pupils.school not in self.schools:
            raise ValueError("the pupils' school is not among the schools")
        return self

    @property
    def secret(self) -> str:
        if self.client_secret_file is None:
            return self.client_secret.get_secret_value()
        return self.client_secret_file.read_text("utf-8").strip()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider: list[Provider] = []


def read_providers(path: Path | None) -> tuple[Provider, ...]:
    """Raise ProvidersError."""
    if path is None:
        return ()
    try:
        found = _File.model_validate(tomllib.loads(path.read_text("utf-8"))).provider
        for provider in found:
            if not provider.secret:
                raise ProvidersError(f"{path}: {provider.client_secret_file} is empty.")
    except OSError as error:
        raise ProvidersError(f"{error.filename}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProvidersError(f"{path} is not TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ProvidersError(f"{path}, {place}: {first['msg']}.") from error
    for names, what in (([each.id for each in found], "id"), ([each.issuer for each in found], "issuer")):
        if len(set(names)) < len(names):
            raise ProvidersError(f"{path}: two providers have the same {what}.")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as it is used."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    says_issuer: bool
    """Answers always carry `iss` (RFC 9207)."""
    takes_basic: bool
    read_at_ms: int


@dataclass(frozen=True, slots=True)
class Person:
    """Who came back from a provider."""

    provider: Provider
    subject: str
    email: str | None
    """As far as the provider has verified it."""
    claims: dict[str, Any]


class IdentityProviders:
    def __init__(self, providers: tuple[Provider, ...], http: OutgoingHttp, now_ms: Callable[[], int]) -> None:
        self._providers = {provider.id: provider for provider in providers}
        self._http = http
        self._now_ms = now_ms
        self._metadata: dict[str, Metadata] = {}
        self._keys: dict[str, KeySet] = {}
        self._looked_again_ms: dict[str, int] = {}

    def all(self) -> tuple[Provider, ...]:
        return tuple(self._providers.values())

    def get(self, provider_id: str) -> Provider:
        try:
            return self._providers[provider_id]
        except KeyError:
            raise NotFound from None

    def of_issuer(self, issuer: str) -> Provider | None:
        return next((each for each in self._providers.values() if each.issuer == issuer), None)

    async def begin(self, provider: Provider, *, redirect_uri: str, state: str) -> tuple[str, Asked]:
        """The address to send the browser to. Raise ProviderFailed while the provider doesn't answer."""
        metadata = await self._read_metadata(provider)
        asked = Asked(provider.id, secrets.token_urlsafe(24), secrets.token_urlsafe(48), redirect_uri)
        url = authorization_url(
            metadata.authorization_endpoint,
            client_id=provider.client_id,
            redirect_uri=redirect_uri,
            state=state,
            nonce=asked.nonce,
            verifier=asked.verifier,
        )
        return url, asked

    async def finish(self, asked: Asked, *, code: str, issuer: str | None) -> Person:
        """Who it is that came back with this code. Raise WrongSecret when the answer doesn't hold, ProviderFailed."""
        provider = self.get(asked.provider_id)
        metadata = await self._read_metadata(provider)
        # Of two providers the one must not hand over what the other was asked for (RFC 9207, section 2.4).
        if issuer is None and metadata.says_issuer or issuer not in (None, provider.issuer):
            raise self._refused(provider, "the answer comes from another provider")
        tokens = await self._exchange(provider, metadata, asked, code)
        claims = await self._check(provider, metadata, tokens.get("id_token"), asked.nonce)
        if metadata.userinfo_endpoint is not None and isinstance(tokens.get("access_token"), str):
            more = await self._ask(
                provider, self._http.get_json(metadata.userinfo_endpoint, bearer=tokens["access_token"])
            )
            # OpenID Connect Core 1.0, section 5.3.2: otherwise it is somebody else's.
            if more.get("sub") != claims["sub"]:
                raise self._refused(provider, "the user info is somebody else's")
            claims = {**more, **claims}
        email, is_verified = claims.get("email"), claims.get("email_verified") is True
        return Person(
            provider, claims["sub"], email.strip().lower() if is_verified and isinstance(email, str) else None, claims
        )

    async def sign_out_url(self, provider: Provider, back_to: str) -> str | None:
        """Where one ends one's session at the provider too (OpenID Connect RP-Initiated Logout 1.0); None: nowhere."""
        endpoint = (await self._read_metadata(provider)).end_session_endpoint
        if endpoint is None:
            return None
        fields = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": back_to})
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{fields}"

    async def _exchange(self, provider: Provider, metadata: Metadata, asked: Asked, code: str) -> dict[str, Any]:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.redirect_uri,
            "code_verifier": asked.verifier,
        }
        basic = None
        if metadata.takes_basic:
            # RFC 6749, section 2.3.1: form-encoded first.
            basic = quote(provider.client_id, safe=""), quote(provider.secret, safe="")
        else:
            fields |= {"client_id": provider.client_id, "client_secret": provider.secret}
        try:
            return dict(await self._http.post_form(metadata.token_endpoint, fields, basic=basic))
        except HttpFailed as error:
            said = error.body.get("error") if isinstance(error.body, dict) else None
            if said in ("invalid_grant", "invalid_request"):
                raise self._refused(provider, str(said)) from None
            raise self._failed(provider, error) from None

    async def _check(self, provider: Provider, metadata: Metadata, token: Any, nonce: str) -> dict[str, Any]:
        """With the keys that are known; with newer ones when it is signed by none of them."""
        try:
            for _ in range(2):
                keys = await self._read_keys(provider, metadata)
                try:
                    return read_id_token(
                        token,
                        keys,
                        issuer=provider.issuer,
                        client_id=provider.client_id,
                        nonce=nonce,
                        now_ms=self._now_ms(),
                    )
                except UnknownKey:
                    now_ms = self._now_ms()
                    if now_ms - self._looked_again_ms.get(provider.id, 0) < FETCH_KEYS_AGAIN_AFTER_MS:
                        raise
                    self._looked_again_ms[provider.id] = now_ms
                    self._keys.pop(provider.id, None)
        except BadToken as error:
            raise self._refused(provider, str(error)) from None
        raise self._refused(provider, "signed with an unknown key")

    async def _read_keys(self, provider: Provider, metadata: Metadata) -> KeySet:
        known = self._keys.get(provider.id)
        if known is None:
            document = await self._ask(provider, self._http.get_json(metadata.jwks_uri))
            known = self._keys[provider.id] = read_keys(document)
        return known

    async def _read_metadata(self, provider: Provider) -> Metadata:
        known = self._metadata.get(provider.id)
        if known is not None and self._now_ms() - known.read_at_ms < KEEP_METADATA_MS:
            return known
        url = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            said = await self._http.get_json(url)
        except HttpFailed as error:
            raise self._failed(provider, error) from None
        if said.get("issuer") != provider.issuer:
            raise self._failed(provider, f"{url} is about the issuer {said.get('issuer')!r}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe(said.get(name)):
                raise self._failed(provider, f"{url} has no usable {name}")
        methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        optional = {
            name: said[name] if is_safe(said.get(name)) else None
            for name in ("userinfo_endpoint", "end_session_endpoint")
        }
        found = self._metadata[provider.id] = Metadata(
            authorization_endpoint=said["authorization_endpoint"],
            token_endpoint=said["token_endpoint"],
            jwks_uri=said["jwks_uri"],
            says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
            takes_basic="client_secret_basic" in methods,
            read_at_ms=self._now_ms(),
            **optional,
        )
        return found

    async def _ask(self, provider: Provider, call: Any) -> dict[str, Any]:
        try:
            return dict(await call)
        except HttpFailed as error:
            raise self._failed(provider, error) from None

    def _failed(self, provider: Provider, why: object) -> ProviderFailed:
        logger.warning("the identity provider %s can't be used: %s", provider.id, why)
        return ProviderFailed()

    def _refused(self, provider: Provider, why: str) -> WrongSecret:
        logger.info("a sign-in by the identity provider %s was refused: %s", provider.id, why)
        return WrongSecret(REFUSED)
