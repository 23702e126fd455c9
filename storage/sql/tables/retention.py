"""On which day a daily job was done last."""

from __future__ import annotations

from sqlalchemy import Table

from storage.sql.tables.columns import metadata, text_column

daily_jobs = Table("daily_jobs", metadata, text_column("name", key=True), text_column("day"))
