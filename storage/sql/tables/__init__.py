"""All tables, one file for each area. They must be what the migrations make; a test compares the two."""

from __future__ import annotations

from storage.sql.tables.assessments import assessment_people, assessments, ratings
from storage.sql.tables.captions import captions
from storage.sql.tables.cards import card_files, card_votes
from storage.sql.tables.codes import code_acceptances, codes
from storage.sql.tables.columns import metadata
from storage.sql.tables.consent import consents
from storage.sql.tables.content import (
    contents,
    doc_heads,
    doc_log,
    doc_states,
    doc_writers,
    form_responses,
    form_versions,
)
from storage.sql.tables.desk import read_marks
from storage.sql.tables.erasure import erasure_jobs, redactions
from storage.sql.tables.forms import (
    anonymous_responses,
    class_tallies,
    content_locks,
    form_drafts,
    form_receipts,
    seals,
    sheet_signatures,
)
from storage.sql.tables.forum import (
    debate_turns,
    debate_votes,
    debates,
    post_versions,
    posts,
    thread_followers,
    threads,
)
from storage.sql.tables.founding import foundings, kept_agreements, phase_moves, reopenings, signatures, verdicts
from storage.sql.tables.gate import held_changes
from storage.sql.tables.history import journal, message_reactions, messages, recordings, snapshots
from storage.sql.tables.lessons import breakout_notes, breakouts, held_meetings, stays
from storage.sql.tables.logins import logins, recovery_codes, second_factors, tickets
from storage.sql.tables.materials import material_files, materials, pages, shares
from storage.sql.tables.notices import calendar_feeds, deliveries, notices, preferences, push_subscriptions
from storage.sql.tables.passkeys import challenges, identities, passkeys
from storage.sql.tables.people import registrations, schools, services, users
from storage.sql.tables.plan import activities, free_days, planned_meetings
from storage.sql.tables.polls import poll_votes, polls, quizzes
from storage.sql.tables.retention import daily_jobs
from storage.sql.tables.room_powers import class_seat_pupils, hands, room_rules, room_standings
from storage.sql.tables.safety import hidden_things, moderation_log, reports
from storage.sql.tables.search import search_entries
from storage.sql.tables.shared_views import openings, shared_views
from storage.sql.tables.staff_room import (
    brought_things,
    conversation_people,
    conversations,
    direct_messages,
    help_notes,
    help_questions,
    ideas,
    person_blocks,
    profiles,
    resource_ratings,
    resources,
)
from storage.sql.tables.successions import successions
from storage.sql.tables.teams import team_members, teams
from storage.sql.tables.twinspaces import guest_links, guests, members, projects, rooms, twinspaces

__all__ = [
    "assessment_people",
    "assessments",
    "ratings",
    "activities",
    "breakout_notes",
    "breakouts",
    "brought_things",
    "calendar_feeds",
    "challenges",
    "code_acceptances",
    "captions",
    "card_files",
    "card_votes",
    "codes",
    "consents",
    "contents",
    "conversation_people",
    "conversations",
    "daily_jobs",
    "debate_turns",
    "debate_votes",
    "debates",
    "deliveries",
    "direct_messages",
    "doc_heads",
    "doc_log",
    "doc_states",
    "doc_writers",
    "erasure_jobs",
    "form_responses",
    "form_versions",
    "foundings",
    "free_days",
    "guest_links",
    "guests",
    "held_meetings",
    "held_changes",
    "help_notes",
    "help_questions",
    "hidden_things",
    "ideas",
    "identities",
    "journal",
    "kept_agreements",
    "logins",
    "material_files",
    "materials",
    "members",
    "message_reactions",
    "messages",
    "metadata",
    "moderation_log",
    "notices",
    "pages",
    "passkeys",
    "person_blocks",
    "phase_moves",
    "planned_meetings",
    "poll_votes",
    "polls",
    "quizzes",
    "post_versions",
    "posts",
    "preferences",
    "profiles",
    "projects",
    "push_subscriptions",
    "read_marks",
    "recordings",
    "recovery_codes",
    "redactions",
    "registrations",
    "reopenings",
    "reports",
    "resource_ratings",
    "resources",
    "class_seat_pupils",
    "hands",
    "room_rules",
    "room_standings",
    "openings",
    "shared_views",
    "rooms",
    "schools",
    "search_entries",
    "second_factors",
    "services",
    "shares",
    "signatures",
    "snapshots",
    "stays",
    "successions",
    "team_members",
    "teams",
    "thread_followers",
    "threads",
    "tickets",
    "twinspaces",
    "users",
    "verdicts",
    "anonymous_responses",
    "class_tallies",
    "form_drafts",
    "form_receipts",
    "content_locks",
    "seals",
    "sheet_signatures",
]
