"""Slides: a PDF of two pages."""

from __future__ import annotations

from fpdf import FPDF

from storage.records import Material, MaterialFile, MaterialId
from tests.hub.cases.case import Case
from tests.hub.world import World

PDF = (("material_id", "pdf_material_id"),)


def written(*pages: str, size: tuple[float, float] = (160, 90)) -> bytes:
    """A PDF with a page for each of these words."""
    pdf = FPDF(format=size)
    pdf.set_font("Helvetica", size=18)
    for words in pages:
        pdf.add_page()
        pdf.multi_cell(0, text=words)
    return bytes(pdf.output())


async def prepare(world: World, author: str) -> dict[str, str]:
    storage, owner = world.hub.context.storage, world.founder.user
    assert owner is not None
    material_id = MaterialId(f"pdf-{world.twinspace_id}-{author}")
    pdf = written("One", "Two")
    blob = await storage.blobs.put(pdf)
    await storage.materials.add(
        Material(
            material_id, world.twinspace_id, "file", "A PDF", owner.id, 1, 1, version=1, school_id=owner.school_id
        ),
        MaterialFile(material_id, 1, blob, "a.pdf", "application/pdf", len(pdf), owner.id, 1),
    )
    return {"pdf_material_id": material_id}


ROUTES: dict[str, Case] = {
    "POST /api/v1/materials/{material_id}/slides": Case(ids=PDF),
    "GET /api/v1/materials/{material_id}/page": Case(ids=PDF, query="page=2"),
}
