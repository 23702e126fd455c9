"""Brings a database's tables to the form that this version of the hub needs. Forward only."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    """Run what is missing inside the connection's transaction, which the caller has made exclusive."""
    config = Config()
    # Alembic expands %, which a folder's name may hold.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
