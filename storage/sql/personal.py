"""Which columns speak of a person, and what becomes of them when the person is erased.

`tests/storage/test_erasure.py` fails when a table points to users and is named nowhere here: whoever adds one decides.
"""

from __future__ import annotations

from typing import Any

DELETED = {
    "assessment_people": "user_id",
    "calendar_feeds": "user_id",
    "card_votes": "user_id",
    "challenges": "user_id",
    "class_seat_pupils": "pupil_id",
    "debate_votes": "user_id",
    "deliveries": "user_id",
    "form_drafts": "user_id",
    "form_receipts": "user_id",
    "identities": "user_id",
    "logins": "user_id",
    "message_reactions": "user_id",
    "notices": "user_id",
    "passkeys": "user_id",
    "poll_votes": "user_id",
    "preferences": "user_id",
    "profiles": "user_id",
    "push_subscriptions": "user_id",
    "read_marks": "user_id",
    "recovery_codes": "user_id",
    "room_standings": "user_id",
    "second_factors": "user_id",
    "stays": "user_id",
    "team_members": "user_id",
    "thread_followers": "user_id",
    "tickets": "user_id",
}
"""Of use to nobody but the person: the rows go, whatever else stays."""

DELETED_WITH_TEXTS = {
    "card_files": "uploaded_by",
    "form_responses": "user_id",
    "held_changes": "author_id",
    "ideas": "user_id",
    "ratings": "user_id",
    "resource_ratings": "user_id",
    "search_entries": "created_by",
}

BLANKED: dict[tuple[str, str], dict[str, Any]] = {
    ("messages", "user_id"): {"text": "", "versions": ()},
    ("captions", "user_id"): {"text": ""},
    ("direct_messages", "user_id"): {"text": ""},
    ("posts", "user_id"): {"text": ""},
    ("breakout_notes", "user_id"): {"text": ""},
    ("help_questions", "asked_by"): {"title": "", "text": ""},
    ("help_notes", "user_id"): {"text": ""},
    ("brought_things", "author_id"): {"excerpt": ""},
    ("resources", "submitted_by"): {"title": "", "text": "", "link": "", "subjects": (), "form": None},
    ("threads", "created_by"): {"title": ""},
    ("debates", "created_by"): {"motion": ""},
    ("polls", "created_by"): {"question": ""},
    ("quizzes", "created_by"): {"title": ""},
    ("conversations", "created_by"): {"title": ""},
    ("materials", "created_by"): {"title": "", "text": "", "url": "", "alt": ""},
    ("material_files", "uploaded_by"): {"filename": "", "blob": "", "preview": None},
    ("reports", "reporter_id"): {"words": ""},
    ("reports", "author_id"): {"excerpt": ""},
    ("hidden_things", "author_id"): {"excerpt": "", "kept": None},
    ("registrations", "user_id"): {"message": "", "reason": ""},
}
"""Others' rows hang on these: what the person wrote goes, the row stays."""

KEPT = {
    ("assessments", "created_by"): "an id",
    ("activities", "created_by"): "the classes' common plan",
    ("breakout_notes", "answered_by"): "an id",
    ("breakouts", "created_by"): "the classes' common plan",
    ("brought_things", "hidden_by"): "what was done with authority",
    ("class_tallies", "entered_by"): "the counts of a class",
    ("code_acceptances", "user_id"): "what a school agreed to",
    ("consents", "user_id"): "proof of what was allowed, for its own retention",
    ("consents", "recorded_by"): "who wrote it down",
    ("contents", "created_by"): "what is in it is erased by its authors' text",
    ("conversation_people", "user_id"): "an id among others",
    ("debate_turns", "user_id"): "an id and seconds",
    ("erasure_jobs", "asked_by"): "who asked for it",
    ("erasure_jobs", "user_id"): "an id: how far it is",
    ("form_versions", "published_by"): "the classes' common form",
    ("foundings", "proposed_by"): "a contract of two schools",
    ("foundings", "partner_id"): "a contract of two schools",
    ("free_days", "created_by"): "a school's calendar",
    ("guest_links", "made_by"): "an invitation that others hold",
    ("guests", "user_id"): "which link an erased guest came by",
    ("held_meetings", "created_by"): "the classes' common record",
    ("class_seat_pupils", "seat_id"): "an id: the pupils are the others",
    ("hands", "pupil_id"): "an id and a time",
    ("hands", "user_id"): "an id and a time",
    ("help_questions", "owner_id"): "who took care of it",
    ("held_changes", "decided_by"): "what was done with authority",
    ("hidden_things", "hidden_by"): "what was done with authority",
    ("journal", "user_id"): "an id; names in it are erased",
    ("members", "user_id"): "the membership ends, its number stays so that it never goes back",
    ("moderation_log", "user_id"): "what was done with authority, for its own retention",
    ("person_blocks", "user_id"): "two ids",
    ("person_blocks", "blocked_id"): "protects the other",
    ("phase_moves", "moved_by"): "what was decided",
    ("planned_meetings", "created_by"): "the classes' common plan",
    ("recordings", "started_by"): "who pressed the button; the person's own files are erased",
    ("registrations", "decided_by"): "what was decided",
    ("reopenings", "user_id"): "what was decided",
    ("reports", "handler_id"): "what was done with authority",
    ("resources", "decided_by"): "what was decided",
    ("seals", "sealed_by"): "an id",
    ("content_locks", "changed_by"): "what was decided",
    ("room_rules", "changed_by"): "what was decided",
    ("openings", "opened_by"): "what a class was shown: an id",
    ("shared_views", "opened_by"): "what a class was shown: an id",
    ("shares", "made_by"): "a link that others hold",
    ("sheet_signatures", "user_id"): "what a school handed in",
    ("signatures", "user_id"): "a contract of two schools",
    ("successions", "ended_by"): "what was decided",
    ("successions", "leaving_id"): "a contract of two schools",
    ("successions", "proposed_by"): "a contract of two schools",
    ("successions", "remaining_id"): "a contract of two schools",
    ("successions", "successor_id"): "a contract of two schools",
    ("snapshots", "taken_by"): "part of what the chain proves: an id",
    ("teams", "created_by"): "an id",
    ("verdicts", "decided_by"): "what was decided",
}
"""With the reason."""

NAMES_IN = {"journal": "details", "notices": "details", "deliveries": "data"}
"""What the hub itself wrote, in which people may be called by their names."""

SECRETS = frozenset(
    {"password_hash", "class_key_hash", "secret_hash", "sealed_secret", "code_hash", "mail_secret", "p256dh", "auth"}
)
