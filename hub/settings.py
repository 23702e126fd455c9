"""Every setting of the hub, read from the environment (`HUB_…`) and the command line; `hub settings` lists them."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

TURN_URL = re.compile(r"turns?:[A-Za-z0-9.:\[\]-]+(\?transport=(udp|tcp))?")
LEAST_SECRET_LENGTH = 16


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_", frozen=True)

    host: str = Field("127.0.0.1", description="Address the hub listens on; 0.0.0.0 or :: for every interface.")
    port: int = Field(8080, ge=0, le=65535, description="TCP port of the hub; 0 takes a free one and prints it.")
    data_dir: Path = Field(Path("data"), description="Folder for the database, the snapshots' blobs and the secrets.")
    demo: bool = Field(False, description="Fill an empty hub with a demo project of two schools.")
    database_url: str = Field("", description="PostgreSQL URL; empty keeps all rows in SQLite in the data folder.")
    redis_url: str = Field("", description="Redis URL, needed when several hub processes serve one database.")
    countries_file: Path | None = Field(None, description="Table of countries in place of the hub's own.")
    identity_providers_file: Path | None = Field(
        None, description="The schools' own sign-in, OpenID Connect (docs/identity_providers.md)."
    )
    smtp_url: str = Field(
        "",
        pattern=r"^(smtps?://.+)?$",
        description="Mail server, smtp://user:password@mail.example:587; empty writes mails into data_dir/outbox.",
    )
    mail_from: str = Field("TwinSpace Hub <hub@localhost>", description="Sender of the hub's mails.")
    push_services: str = Field(
        "",
        description="Comma-separated push services of browsers that the hub may call, host names or .suffixes; "
        "empty sends no web push (deploy/README.md names those of the common browsers).",
    )
    public_url: str = Field("", description="Address people type; needed when a proxy stands before the hub.")
    passkey_domain: str = Field(
        "",
        pattern=r"^[a-z0-9.-]*$",
        validate_default=True,
        description="Domain that passkeys belong to, public_url's host or one above it; empty takes that host. "
        "Passkeys made for another domain stop working.",
    )
    media_port: int = Field(0, ge=0, le=65535, description="UDP port of the media process; 0 takes a free one.")
    media_tcp_port: int = Field(
        0,
        ge=-1,
        le=65535,
        description="TCP port of the media process, for networks that block UDP; "
        "0 takes the UDP port's number, or a free one where that is taken; -1 offers none.",
    )
    compiled: bool = Field(
        True, description="Use what was compiled from C (make native), where it is; false does everything in Python."
    )
    media_address: str = Field(
        "", description="Comma-separated addresses offered to browsers for media; empty offers every interface's."
    )
    turn_urls: str = Field(
        "", description="Comma-separated TURN servers for networks that let nothing else through (deploy/README.md)."
    )
    turn_secret: SecretStr = Field(
        SecretStr(""),
        validate_default=True,
        description="The secret that the TURN servers share with the hub (static-auth-secret of coturn).",
    )
    room_capacity: int = Field(250, ge=2, description="Peers that one meeting takes, those who only watch included.")
    founding_approval: bool = Field(
        False, description="Whether the founders' national services have to approve before a TwinSpace opens."
    )
    room_cameras: int = Field(
        16,
        ge=1,
        description="Cameras a viewer of a large meeting is sent: of those who spoke last, and those it pins. "
        "Sixteen small ones fill a line of 2 Mbit/s; fewer let more people into a hub's meetings.",
    )
    recording_limit_minutes: int = Field(180, ge=1, description="Minutes after which a recording of a meeting ends.")
    recording_reserve_bytes: int = Field(
        1024 * 1024 * 1024, ge=0, description="Free space at which recordings end, so that documents have it."
    )
    file_limit_bytes: int = Field(100 * 1024 * 1024, ge=1, description="Largest file that is taken.")
    twinspace_quota_bytes: int = Field(
        5 * 1024 * 1024 * 1024, ge=1, description="What all files of one TwinSpace may take together."
    )
    media_packets_per_s: int = Field(
        0, ge=0, description="Packets per second that may be forwarded in all meetings; 0 finds out from the load."
    )
    login_days: int = Field(30, ge=1, description="Days until a browser has to sign in again.")
    body_limit_bytes: int = Field(1024 * 1024, ge=1024, description="Largest HTTP request body.")
    socket_message_limit_bytes: int = Field(64 * 1024, ge=1024, description="Largest Socket.IO message of a client.")
    socket_events_per_s: int = Field(20, ge=1, description="Socket.IO events per second that one session may send.")
    socket_events_burst: int = Field(60, ge=1, description="Socket.IO events that one session may send at once.")
    send_queue_limit_bytes: int = Field(
        1024 * 1024, ge=64 * 1024, description="What may wait for a client that doesn't read, before it is cut off."
    )
    document_update_limit_bytes: int = Field(
        256 * 1024, ge=4096, description="Largest single change of a document; more is brought by a sync."
    )
    document_warn_bytes: int = Field(
        5 * 1024 * 1024, ge=4096, description="Encoded size from which people are told that a document is large."
    )
    document_limit_bytes: int = Field(
        20 * 1024 * 1024, ge=4096, description="Encoded size at which a document takes no more."
    )
    document_updates_per_s: int = Field(
        30, ge=1, description="Messages per second that one session is read at in one document; faster ones wait."
    )
    document_tick_ms: int = Field(
        15, ge=0, le=1000, description="Milliseconds in which changes of a document are gathered into one message."
    )
    document_busy_tick_ms: int = Field(
        25, ge=0, le=1000, description="The same where twelve or more have the document open."
    )
    document_updates_burst: int = Field(200, ge=1, description="Messages that one session may send at once.")
    document_awareness_per_s: int = Field(
        5, ge=1, description="Cursor messages per second of one session; of faster ones the newest counts."
    )
    document_awareness_limit_bytes: int = Field(
        4 * 1024, ge=256, description="Largest awareness state (name, cursor) of one client."
    )
    sessions_per_user: int = Field(20, ge=1, description="Sockets that one user may have open.")
    request_timeout_s: int = Field(30, ge=1, description="Seconds after which an HTTP request is given up.")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="How much the log says.")

    @field_validator("passkey_domain")
    @classmethod
    def _check_passkey_domain(cls, domain: str, info: ValidationInfo) -> str:
        host = urlsplit(info.data.get("public_url", "")).hostname or ""
        if domain and not f".{host}".endswith(f".{domain}"):
            raise ValueError(f"{domain!r} is neither the host of public_url, {host!r}, nor above it")
        return domain

    @field_validator("turn_urls")
    @classmethod
    def _check_turn_urls(cls, urls: str) -> str:
        for url in filter(None, map(str.strip, urls.split(","))):
            if not TURN_URL.fullmatch(url):
                raise ValueError(f"{url!r} is not like turn:HOST:PORT?transport=udp")
        return urls

    @field_validator("turn_secret")
    @classmethod
    def _check_turn_secret(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("turn_urls") and len(secret.get_secret_value()) < LEAST_SECRET_LENGTH:
            raise ValueError(f"TURN servers need a secret of {LEAST_SECRET_LENGTH} characters or more")
        return secret

    @property
    def base_url(self) -> str:
        """What people type, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = {"0.0.0.0": "localhost", "127.0.0.1": "localhost", "::": "localhost", "::1": "localhost"}.get(
            self.host, self.host
        )
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
