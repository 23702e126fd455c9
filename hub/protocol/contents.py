"""Documents, walls, and the snapshots of them."""

from __future__ import annotations

from hub.access import Act
from hub.actions import contents, snapshots
from hub.payloads import authorship as authorship_payloads
from hub.payloads import contents as content_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import snapshots as snapshot_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.protocol.materials import FILES
from hub.protocol.paths import CONTENT, RARE, SNAPSHOT, TWINSPACE
from hub.table import WRITING, Announcement, Route

KEPT_FILE = f"{SNAPSHOT}/contents/{{content_id}}/files/{{file_id}}"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/contents", contents.list_contents, twinspace_payloads.TwinspaceRef,
          content_payloads.Contents, "The documents, walls and forms of a TwinSpace.", Act.READ),
    Route("POST", f"{TWINSPACE}/contents", contents.create_content, content_payloads.CreateContent,
          content_payloads.Content, "Make a document, a wall or a form.", Act.CREATE, status=201, limit=WRITING),
    Route("GET", CONTENT, contents.read_content, content_payloads.ContentRef, content_payloads.Content,
          "What a content is called and when it changed.", Act.READ),
    Route("GET", f"{CONTENT}/authorship", contents.read_authorship, content_payloads.ContentRef,
          authorship_payloads.WrittenContent, "Who wrote the text that is in a content.", Act.READ, limit=RARE),
    Route("PATCH", CONTENT, contents.rename_content, content_payloads.RenameContent, content_payloads.Content,
          "Give a content another title.", Act.CREATE, limit=WRITING),
    Route("PUT", f"{CONTENT}/visibility", contents.change_visibility, content_payloads.ChangeContentVisibility,
          content_payloads.Content, "Put a content on another rung of the visibility ladder.", Act.READ,
          limit=WRITING),
    Route("GET", f"{TWINSPACE}/snapshots", snapshots.list_snapshots, twinspace_payloads.TwinspaceRef,
          snapshot_payloads.Snapshots, "The chain of snapshots, newest first.", Act.READ),
    Route("POST", f"{TWINSPACE}/snapshots", snapshots.take_snapshot, snapshot_payloads.TakeSnapshot,
          snapshot_payloads.Snapshot, "Keep everything as it is now, under a name.", Act.SNAPSHOT, status=201,
          limit=RARE),
    Route("GET", SNAPSHOT, snapshots.read_snapshot, snapshot_payloads.SnapshotRef, snapshot_payloads.SnapshotDetail,
          "One snapshot and what it holds.", Act.READ),
    Route("GET", f"{SNAPSHOT}/contents/{{content_id}}", snapshots.read_snapshot_content,
          snapshot_payloads.SnapshotContentRef, snapshot_payloads.SnapshotContent, "A content as it was.", Act.READ),
    Route("GET", KEPT_FILE, snapshots.fetch_kept_file, snapshot_payloads.SnapshotFileRef,
          operation_payloads.StoredFile, "A picture, file or recording of a card on a wall as it was.", Act.READ,
          limit=FILES),
    Route("GET", f"{KEPT_FILE}/preview", snapshots.fetch_kept_preview, snapshot_payloads.SnapshotFileRef,
          operation_payloads.StoredFile, "A small picture of it.", Act.READ, limit=FILES),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("content:created", content_payloads.Content, "A document, wall or form was made."),
    Announcement("content:changed", content_payloads.Content,
                 "A content has another title, or somebody edits it: told at most once a minute."),
    Announcement("item:hidden", content_payloads.ItemHidden,
                 "Something is not open to you any more: forget it. Told to those who saw it until now."),
    Announcement("snapshot:taken", snapshot_payloads.Snapshot, "Everything was kept under a name."),
)
# fmt: on
