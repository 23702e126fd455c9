"""Walls: cards, what is said to them, and the gate before them."""

from __future__ import annotations

from hub.access import Act
from hub.actions import card_files, card_polls, gate, wall_exports, wall_growth, wall_talk, walls
from hub.payloads import contents as content_payloads
from hub.payloads import gate as gate_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.payloads import wall_growth as growth_payloads
from hub.payloads import walls as payloads
from hub.protocol.paths import RARE, TWINSPACE, WALL
from hub.table import WRITING, Announcement, Limit, Route

HELD = f"{WALL}/held/{{kind}}/{{held_id}}"
# A card that is moved by keys is placed with each step.
PLACING = Limit(per_minute=240, burst=60)
FILES = Limit(per_minute=2400, burst=600)

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", f"{WALL}/cards", walls.post_card, payloads.PostCard, payloads.Card,
          "Put a card on a wall; a pupil's waits before the gate.", Act.WRITE, status=201, limit=WRITING),
    Route("PATCH", f"{WALL}/cards/{{card_id}}", walls.change_card, payloads.ChangeCard, payloads.Card,
          "Change a card: one's own, or any with `moderate`; a pupil's change waits.", Act.WRITE, limit=WRITING),
    Route("POST", f"{WALL}/cards/{{card_id}}/move", walls.move_card, payloads.MoveCard, payloads.Card,
          "Put a card in another place: one's own, or any with `moderate`.", Act.WRITE, limit=WRITING),
    Route("DELETE", f"{WALL}/cards/{{card_id}}", walls.remove_card, payloads.CardRef, None,
          "Take a card off: one's own, or any with `moderate`.", Act.WRITE, status=204, limit=WRITING),
    Route("PUT", f"{WALL}/cards/{{card_id}}/place", walls.place_card, payloads.PlaceCard, payloads.Card,
          "Put a card in a column, on days, on the map or on the canvas: as moving.", Act.WRITE, limit=PLACING),
    Route("PATCH", WALL, walls.change_wall, payloads.ChangeWall, payloads.WallLayout,
          "The view it opens with, its columns, and who moves cards.", Act.MODERATE, limit=WRITING),
    Route("GET", f"{WALL}/files/{{file_id}}", card_files.fetch_card_file, payloads.CardFileRef,
          operation_payloads.StoredFile, "A picture, file or recording on a card; while it waits, as its card.",
          Act.READ, limit=FILES),
    Route("GET", f"{WALL}/files/{{file_id}}/preview", card_files.fetch_card_preview, payloads.CardFileRef,
          operation_payloads.StoredFile, "A small picture of it.", Act.READ, limit=FILES),
    Route("PUT", f"{WALL}/cards/{{card_id}}/choice", card_polls.choose_option, payloads.ChooseOption, None,
          "Choose in a card's poll, choose again, or take it back.", Act.WRITE, status=204, limit=WRITING),
    Route("GET", f"{WALL}/polls", card_polls.read_polls, content_payloads.ContentRef, payloads.CardPolls,
          "What was chosen in the polls of a wall, by school, without small numbers.", Act.READ),
    Route("PUT", f"{WALL}/cards/{{card_id}}/mark", wall_talk.mark_card, payloads.MarkCard, payloads.Mark,
          "Give a card a reaction, stars or a vote, or take it back.", Act.WRITE, limit=WRITING),
    Route("POST", f"{WALL}/cards/{{card_id}}/comments", wall_talk.post_comment, payloads.PostComment,
          payloads.Comment, "Comment on a card; a pupil's comment waits.", Act.WRITE, status=201, limit=WRITING),
    Route("PATCH", f"{WALL}/comments/{{comment_id}}", wall_talk.change_comment, payloads.ChangeComment,
          payloads.Comment, "Change one's own comment; a pupil's change waits.", Act.WRITE, limit=WRITING),
    Route("DELETE", f"{WALL}/comments/{{comment_id}}", wall_talk.remove_comment, payloads.CommentRef, None,
          "Take a comment off: one's own, or any with `moderate`.", Act.WRITE, status=204, limit=WRITING),
    Route("GET", f"{WALL}/held", gate.list_held, content_payloads.ContentRef, gate_payloads.HeldThings,
          "What waits before a wall: one's own, and one's school's with `gate`.", Act.READ),
    Route("DELETE", HELD, gate.take_back, gate_payloads.HeldRef, None,
          "Take back what one made and nobody has let through.", Act.WRITE, status=204, limit=WRITING),
    Route("POST", f"{HELD}/approval", gate.approve, gate_payloads.Approve, None,
          "Let through what one's school's pupil made, as one saw it.", Act.GATE, status=204, limit=WRITING),
    Route("POST", f"{HELD}/refusal", gate.refuse, gate_payloads.Refuse, None,
          "Say to its author why it is not let through.", Act.GATE, status=204, limit=WRITING),
    Route("GET", f"{WALL}/export", wall_exports.export_wall, payloads.ExportWall, operation_payloads.Download,
          "The wall as a sheet, as data, or as a page of its own.", Act.READ, limit=RARE),
    Route("GET", f"{WALL}/growth", wall_growth.read_growth, content_payloads.ContentRef, growth_payloads.WallGrowth,
          "In which order what is on the wall was made, by whom and when.", Act.READ),
    Route("GET", f"{TWINSPACE}/held", gate.read_queue, twinspace_payloads.TwinspaceRef, gate_payloads.HeldThings,
          "What waits for one's own school's teachers, on all walls.", Act.GATE),
    Route("POST", f"{TWINSPACE}/held/approval", gate.approve_all, gate_payloads.ApproveAll,
          gate_payloads.ApprovedAll, "Let through all of these that are as one saw them.", Act.GATE, limit=RARE),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("held:changed", gate_payloads.HeldChanged,
                 "What waits before a wall is other; told to its author and to the teachers who decide."),
    Announcement("wall:voted", payloads.WallVoted, "Somebody chose in a poll on a wall."),
)
# fmt: on
