"""The ids of rows: random strings made by the hub."""

from __future__ import annotations

from typing import Any, NewType

UserId = NewType("UserId", str)
SchoolId = NewType("SchoolId", str)
ProjectId = NewType("ProjectId", str)
TwinspaceId = NewType("TwinspaceId", str)
ContentId = NewType("ContentId", str)
RoomId = NewType("RoomId", str)
QuizId = NewType("QuizId", str)
LoginId = NewType("LoginId", str)
PasskeyId = NewType("PasskeyId", str)
SnapshotId = NewType("SnapshotId", str)
GuestLinkId = NewType("GuestLinkId", str)
RecordingId = NewType("RecordingId", str)
Json = Any
"""A JSON value: dict, list, str, int, float, bool or None. Stores return it equal to what was put in."""
