"""Every setting of the hub, read from the environment (`HUB_…`) and the command line; `hub settings` lists them."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_", frozen=True)

    host: str = Field("127.0.0.1", description="Address the hub listens on; 0.0.0.0 or :: for every interface.")
    port: int = Field(8080, ge=0, le=65535, description="TCP port of the hub; 0 takes a free one and prints it.")
    data_dir: Path = Field(Path("data"), description="Folder for the database, the snapshots' blobs and the secrets.")
    demo: bool = Field(False, description="Fill an empty hub with a demo project of two schools.")
    database_url: str = Field("", description="PostgreSQL URL; empty keeps everything in SQLite inside the data folder.")
    redis_url: str = Field("", description="Redis URL, needed when several hub processes serve one database.")
    public_url: str = Field("", description="Address people type; needed when a proxy stands before the hub.")
    media_port: int = Field(0, ge=0, le=65535, description="UDP port of the media process; 0 takes a free one.")
    media_address: str = Field(
        "", description="Comma-separated addresses offered to browsers for media; empty offers every interface's."
    )
    login_days: int = Field(30, ge=1, description="Days until a browser has to sign in again.")
