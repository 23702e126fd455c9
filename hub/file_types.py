"""What a file is, by its bytes: the name it came with and what the browser said of it count for nothing."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

HEAD_BYTES = 8192
UNKNOWN = "application/octet-stream"
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
UNREAD_PICTURES = {"image/heic", "image/avif", "image/tiff"}
"""Pictures that the hub does not open: what a camera wrote beside them, the place above all, stays in them."""
FILMS = {"video/mp4", "video/webm", "video/ogg", "video/quicktime", "audio/mp4"}
"""Taken apart and put together again without what a camera or a telephone wrote beside pictures and sound."""
SHOWN = PICTURES | {
    "application/pdf",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/mp4",
    "audio/webm",
    "audio/flac",
    "video/mp4",
    "video/webm",
    "video/ogg",
}
"""What a browser may show in the page. Everything else is only ever handed over as a file, SVG and HTML among it."""
_MARKUP = re.compile(rb"<(!doctype|html|head|body|script|iframe|svg|\?xml|style|meta|link|object|embed)", re.IGNORECASE)
MAX_NAME = 120


def sniff(path: Path) -> str:
    """One of SHOWN, FILMS or UNREAD_PICTURES, `text/html` for any markup, `text/plain`, or UNKNOWN: what is only
    handed over needs no more."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if _MARKUP.search(head[:1024]):
        return "text/html"
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:11] == b"M4A" else _BRANDS.get(head[8:12], UNKNOWN)
    if head[:4] == b"RIFF" and head[8:12] in _RIFF_FORMS:
        return _RIFF_FORMS[head[8:12]]
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else UNKNOWN
    if head[:4] == b"OggS":
        return "video/ogg" if b"\x80theora" in head[:128] else "audio/ogg"
    return "text/plain" if _is_text(head) else UNKNOWN


_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
)
_RIFF_FORMS = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS = {
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "), "video/mp4"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    b"qt  ": "video/quicktime",
}


def _is_text(head: bytes) -> bool:
    # A character may be cut off at the end of what was read.
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return bool(text) and not any(unicodedata.category(char) == "Cc" and char not in "\t\n\r\f" for char in text)
    return False


def clean_name(name: str) -> str:
    """The last part of a path in any system's writing, without what can't be shown, of bounded length; never empty."""
    name = PureWindowsPath(PurePosixPath(name.replace("\x00", "")).name).name
    shown = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C")
    shown = re.sub(r'[<>:"/\\|?*]', "_", shown).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if len(shown) > MAX_NAME and dot and len(ending) <= 10:
        return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"
    return shown[:MAX_NAME] or "file"
