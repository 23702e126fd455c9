"""The process that opens a PDF page by page: `python -m hub.page_worker PDF [PAGE]`.

Without a page it prints one line of JSON: size and words of every page, or in `refused` why they can't be shown. With
one it writes that page as a WebP. It dies of what was made to break it.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from hub.preview_worker import contain

MAX_PAGES = 200
MAX_WORDS = 2_000
"""Characters of a page that are kept for those who don't see it."""
FARTHEST_PT = 14_400
"""The largest side a page may have: ISO 32000-1, annex C."""
MOST_ELONGATED = 8
PAGE_PX = 1_600
PASSWORD = 4
"""`FPDF_ERR_PASSWORD`."""


def main() -> None:
    import pypdfium2

    contain()
    path = sys.argv[1]
    if len(sys.argv) > 2:
        sys.stdout.buffer.write(_draw(pypdfium2.PdfDocument(path)[int(sys.argv[2]) - 1]))
        return
    try:
        said = _read(pypdfium2.PdfDocument(path))
    except pypdfium2.PdfiumError as error:
        if error.err_code != PASSWORD:
            raise
        said = {"refused": "This PDF asks for a password: save it without one."}
    print(json.dumps(said))


def _read(document: Any) -> dict[str, Any]:
    if not 1 <= len(document) <= MAX_PAGES:
        return {"refused": f"Slides are made of a PDF with 1 to {MAX_PAGES} pages; this one has {len(document)}."}
    pages = []
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        if not 1 <= min(width, height) <= max(width, height) <= FARTHEST_PT:
            return {"refused": f"Page {number + 1} is too small or too large to be shown."}
        if max(width, height) > MOST_ELONGATED * min(width, height):
            return {"refused": f"Page {number + 1} is too long and narrow to be shown."}
        words = " ".join(page.get_textpage().get_text_bounded().split())
        pages.append({"width": round(width), "height": round(height), "text": _storable(words)[:MAX_WORDS]})
        page.close()
    return {"pages": pages}


def _storable(words: str) -> str:
    """Fonts say of some signs wrongly what they are: half of a surrogate pair, or a control character."""
    return "".join(sign for sign in words if sign.isprintable())


def _draw(page: Any) -> bytes:
    image = page.render(scale=PAGE_PX / max(page.get_size())).to_pil()
    written = io.BytesIO()
    image.convert("RGB").save(written, "WEBP", quality=82)
    return written.getvalue()


if __name__ == "__main__":
    main()
