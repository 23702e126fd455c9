"""Files, links to other tools, what happened off the platform, and uploads."""

from __future__ import annotations

from hub.access import Act
from hub.actions import materials, uploads
from hub.payloads import materials as material_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.protocol.paths import API, TWINSPACE
from hub.table import WRITING, Announcement, Limit, Route

MATERIAL = f"{API}/materials/{{material_id}}"
UPLOAD = f"{API}/uploads/{{upload_id}}"
# A picture for each line of a long list, and parts of files.
FILES = Limit(per_minute=2400, burst=600)

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/materials", materials.list_materials, twinspace_payloads.TwinspaceRef,
          material_payloads.Materials, "Files, links and off-platform entries, newest first.", Act.READ),
    Route("POST", f"{TWINSPACE}/materials", materials.add_material, material_payloads.AddMaterial,
          material_payloads.Material, "Add a link to another tool, or what happened off the platform.", Act.UPLOAD,
          status=201, limit=WRITING),
    Route("GET", MATERIAL, materials.read_material, material_payloads.MaterialRef, material_payloads.Material,
          "One of them.", Act.READ),
    Route("PATCH", MATERIAL, materials.change_material, material_payloads.ChangeMaterial, material_payloads.Material,
          "Change what is said of it: one's own, or any with `moderate`.", Act.UPLOAD, limit=WRITING),
    Route("PUT", f"{MATERIAL}/visibility", materials.change_material_visibility,
          material_payloads.ChangeMaterialVisibility, material_payloads.Material,
          "Put it on another rung of the visibility ladder.", Act.READ, limit=WRITING),
    Route("DELETE", MATERIAL, materials.remove_material, material_payloads.MaterialRef, None,
          "Take it away: one's own, or any with `moderate`.", Act.UPLOAD, status=204, limit=WRITING),
    Route("GET", f"{MATERIAL}/versions", materials.list_file_versions, material_payloads.MaterialRef,
          material_payloads.Versions, "Its files, newest first.", Act.READ),
    Route("GET", f"{MATERIAL}/file", materials.fetch_file, material_payloads.VersionRef,
          operation_payloads.StoredFile, "The file, or an earlier version of it.", Act.READ, limit=FILES),
    Route("GET", f"{MATERIAL}/preview", materials.fetch_preview, material_payloads.VersionRef,
          operation_payloads.StoredFile, "A small picture of it.", Act.READ, limit=FILES),
    Route("POST", f"{TWINSPACE}/uploads", uploads.create_upload, material_payloads.CreateUpload,
          material_payloads.UploadState, "Begin to upload a file (tus 1.0).", Act.UPLOAD, body="tus", status=201,
          limit=WRITING),
    Route("HEAD", UPLOAD, uploads.read_upload, material_payloads.UploadRef, material_payloads.UploadState,
          "How far an upload of mine is.", None, body="tus", limit=FILES),
    Route("PATCH", UPLOAD, uploads.append_upload, material_payloads.AppendUpload, material_payloads.UploadState,
          "Go on with it; the last byte makes a file of it.", None, body="tus", status=204, limit=FILES),
    Route("DELETE", UPLOAD, uploads.end_upload, material_payloads.UploadRef, None,
          "Give it up.", None, body="tus", status=204, limit=WRITING),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("material:changed", material_payloads.Material,
                 "A file, link or entry is new, or something about it is."),
)
# fmt: on
