"""Files, links to other tools, and what happened off the platform; and how files come in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints

from hub.payloads.contents import ChangeVisibility
from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply, Title
from storage import records
from storage.records import Faces, MaterialKind, Rung

Folder = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True), STORABLE, ONE_LINE]
Alt = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True), STORABLE]
Licence = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True), STORABLE, ONE_LINE]
About = Annotated[str, StringConstraints(max_length=10_000), STORABLE]
At = Annotated[int, Field(ge=0, le=2**53 - 1)]


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("is not a web address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or any(char.isspace() for char in url):
        raise ValueError("is not a web address that begins with https://")
    return url


Url = Annotated[str, StringConstraints(max_length=2_000, strip_whitespace=True), STORABLE, ONE_LINE]
WebAddress = Annotated[Url, AfterValidator(_web_address)]


class StoredVersion(Reply):
    version: int
    filename: str
    media_type: str
    size_bytes: int
    width: int
    height: int
    has_preview: bool
    is_shown: bool
    """Whether a browser may show it in the page; else it is handed over as a file."""
    uploaded_by: str
    uploaded_at_ms: int


class Material(Reply):
    id: str
    twinspace_id: str
    kind: MaterialKind
    title: str
    folder: str
    text: str
    url: str
    is_address_withheld: bool
    """Of a link: the reader has no consent to external tools; in announcements, always."""
    alt: str
    licence: str
    happened_at_ms: int | None
    faces: Faces
    pictured: list[str]
    file: StoredVersion | None
    is_captured: bool
    """Of a link: whether there is a copy of what it leads to, as a file or as text."""
    created_by: str
    display_name: str
    created_at_ms: int
    changed_at_ms: int
    visibility: Rung
    team_id: str | None


class PupilsWithoutConsent(Reply):
    """To external tools, among my school's pupils here."""

    pupils: int
    without: int


class Materials(Reply):
    materials: list[Material]
    used_bytes: int
    quota_bytes: int
    file_limit_bytes: int
    external_tools: PupilsWithoutConsent | None
    """For those who keep the consents."""


class MaterialRef(Payload):
    material_id: Id


class VersionRef(MaterialRef):
    version: Annotated[int, Field(ge=1, le=100_000)] | None = None


class Versions(Reply):
    versions: list[StoredVersion]


class AddMaterial(Payload):
    twinspace_id: Id
    kind: Literal["link", "entry"]
    title: Title
    folder: Folder = ""
    text: About = ""
    url: WebAddress | Literal[""] = ""
    happened_at_ms: At | None = None


class ChangeMaterial(MaterialRef):
    title: Title | None = None
    folder: Folder | None = None
    text: About | None = None
    url: WebAddress | None = None
    alt: Alt | None = None
    licence: Licence | None = None
    happened_at_ms: At | None = None
    faces: Faces | None = None
    pictured: Annotated[list[Id], Field(max_length=200)] | None = None


class ChangeMaterialVisibility(ChangeVisibility):
    material_id: Id


class UploadMetadata(BaseModel):
    """What a tus client says of a file. Clients add fields of their own, which don't matter here."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    filename: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    title: Title | None = None
    folder: Folder = ""
    alt: Alt = ""
    licence: Licence = ""
    material_id: Id | None = None
    """Become the newest file of this one, in place of making another."""
    private: Literal["yes"] | None = None
    """For nobody but me, until I hand it over: an answer to a form."""
    wall_id: Id | None = None
    """For a card on this wall: no material is made."""
    card_kind: Literal["image", "file", "audio"] = "file"


class CreateUpload(Payload):
    twinspace_id: Id
    length: Annotated[int, Field(ge=0, le=2**53 - 1)]
    metadata: UploadMetadata


class UploadRef(Payload):
    upload_id: Id


class AppendUpload(UploadRef):
    offset: Annotated[int, Field(ge=0, le=2**53 - 1)]
    checksum: Annotated[str, StringConstraints(max_length=200)] | None = None
    """As in the header `Upload-Checksum`: the algorithm, a blank, base64."""
    _parts: AsyncIterator[bytes] | None = PrivateAttr(None)

    def with_parts(self, parts: AsyncIterator[bytes]) -> Self:
        """The body comes beside the fields, piece by piece."""
        self._parts = parts
        return self

    async def parts(self) -> AsyncIterator[bytes]:
        if self._parts is not None:
            async for part in self._parts:
                yield part


class UploadState(Reply):
    upload_id: str
    offset: int
    length: int
    expires_at_ms: int


def shown_version(file: records.MaterialFile, is_shown: bool) -> StoredVersion:
    return StoredVersion(
        version=file.version,
        filename=file.filename,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        width=file.width,
        height=file.height,
        has_preview=file.preview is not None,
        is_shown=is_shown,
        uploaded_by=file.uploaded_by,
        uploaded_at_ms=file.uploaded_at_ms,
    )
