"""The process that opens an uploaded picture, film or PDF: `python -m hub.preview_worker FOLDER MEDIA_TYPE`.

In the folder it reads `data` and writes `preview`, a small WebP, and `clean`, the picture or film without what cameras
write beside it (place, time, device); of a picture only where there was any of that. It prints one line of JSON, or
dies: what it opens was made by others, and may be made to break it.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageOps

from hub.file_types import FILMS, PICTURES

MEMORY_BYTES = 1 << 30
CPU_S = 20
MAX_PIXELS = 50_000_000
PREVIEW_PX = 640
CONTAINERS = {
    "video/mp4": ("mov", "mp4"),
    "video/quicktime": ("mov", "mov"),
    "audio/mp4": ("mov", "ipod"),
    "video/webm": ("matroska", "webm"),
    "video/ogg": ("ogg", "ogg"),
}
"""How the library calls what reads and what writes each kind of film."""
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}


def contain() -> None:
    """From here on this process has so much memory and time, and leaves nothing when it dies."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    contain()
    folder, media_type = Path(sys.argv[1]), sys.argv[2]
    if media_type in PICTURES:
        said = _picture(folder, media_type)
    elif media_type in FILMS:
        said = _film(folder, media_type)
    else:
        said = _pdf(folder)
    print(json.dumps(said))


def _picture(folder: Path, media_type: str) -> dict[str, object]:
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(folder / "data", formats=[FORMATS[media_type]]) as image:
        if image.width * image.height > MAX_PIXELS:
            return {"refused": f"A picture has at most {MAX_PIXELS // 1_000_000} megapixels."}
        says_more = any(name in image.info for name in ("exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment"))
        says_more = says_more or bool(image.getexif())
        upright = ImageOps.exif_transpose(image)
        if says_more and media_type != "image/gif":
            _write_clean(folder, upright, media_type, image.info.get("icc_profile"))
        width, height = upright.size
        _write_preview(folder, upright)
    return {"width": width, "height": height}


def _write_clean(folder: Path, image: Image.Image, media_type: str, colours: bytes | None) -> None:
    """The same picture, turned as the camera held it, with its colour profile and nothing else beside it."""
    image.info = {}
    options: dict[str, object] = {"quality": 92} if media_type in ("image/jpeg", "image/webp") else {}
    image.save(folder / "clean", FORMATS[media_type], icc_profile=colours, **options)


def _film(folder: Path, media_type: str) -> dict[str, object]:
    """The same pictures and the same sound, not encoded anew, in a new file that says nothing else: no titles, no
    places, none of the tracks in which cameras note where they were."""
    import av

    reader, writer = CONTAINERS[media_type]
    # The reader is named, so that no file can choose one that would open other files.
    with av.open(str(folder / "data"), format=reader) as film:
        kept = [stream for stream in film.streams if stream.type in ("video", "audio")]
        has_pictures = any(stream.type == "video" for stream in kept)
        options = {"fflags": "+bitexact", **({"movflags": "+faststart"} if reader == "mov" else {})}
        with av.open(str(folder / "clean"), "w", format=writer, container_options=options) as clean:
            copies = {stream.index: clean.add_stream_from_template(stream) for stream in kept}
            for packet in film.demux(kept):
                if packet.dts is not None:
                    packet.stream = copies[packet.stream.index]
                    clean.mux(packet)
    return {"width": 0, "height": 0, "has_pictures": has_pictures}


def _pdf(folder: Path) -> dict[str, object]:
    import pypdfium2

    document = pypdfium2.PdfDocument(folder / "data")
    page = document[0]
    scale = PREVIEW_PX / max(page.get_width(), page.get_height(), 1)
    image = page.render(scale=min(scale, 4)).to_pil()
    _write_preview(folder, image)
    return {"width": image.width, "height": image.height}


def _write_preview(folder: Path, image: Image.Image) -> None:
    small = image.convert("RGBA" if image.mode in ("RGBA", "LA", "P", "PA") else "RGB")
    small.thumbnail((PREVIEW_PX, PREVIEW_PX))
    small.info = {}
    small.save(folder / "preview", "WEBP", quality=75)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
