"""What the hub tells somebody whose request can't be carried out: code, HTTP status and sentence side by side.

One class per error. Forbidden and absent are the same class on purpose: what you may not see does not exist.
"""

from __future__ import annotations

from typing import ClassVar


class HubError(Exception):
    """The caller's fault or the moment's; becomes a problem document, an acknowledgement or a close code."""

    code: ClassVar[str]
    status: ClassVar[int]
    sentence: ClassVar[str]

    def __init__(self, detail: str | None = None, *, field: str | None = None, retry_after_ms: int = 0) -> None:
        self.detail = detail or self.sentence
        self.field = field
        self.retry_after_ms = retry_after_ms
        super().__init__(self.detail)


class Invalid(HubError):
    code, status, sentence = "invalid", 400, "Something in this request is not right."


class NotSignedIn(HubError):
    code, status, sentence = "not_signed_in", 401, "Please sign in again."


class WrongSecret(HubError):
    code, status, sentence = (
        "wrong_secret",
        401,
        "The name and the password, or the words on the card, don't fit together.",
    )


class AccountRests(HubError):
    code, status, sentence = (
        "account_rests",
        403,
        "There is no consent to this account at the moment. Ask your teacher.",
    )


class SecondFactorNeeded(HubError):
    code, status, sentence = "second_factor_needed", 403, "Give your second factor first."


class ForeignOrigin(HubError):
    code, status, sentence = "foreign_origin", 403, "This request came from another website, so it was refused."


class NotFound(HubError):
    code, status, sentence = "not_found", 404, "There is nothing here, or it is not open to you."


class Conflict(HubError):
    code, status, sentence = "conflict", 409, "Somebody changed this in the meantime. Look again and repeat it."


class RoomFull(HubError):
    code, status, sentence = "room_full", 409, "This meeting is full. Try again when somebody has left."


class EncryptionDiffers(HubError):
    code, status, sentence = (
        "encryption_differs",
        409,
        "Whether this meeting is encrypted end to end is not what you came in with. Go back and join again.",
    )


class HubFull(HubError):
    code, status, sentence = (
        "hub_full",
        503,
        "The hub carries as many pictures and voices as it can. Try again when another meeting has ended.",
    )


class PollEnded(HubError):
    code, status, sentence = "poll_ended", 409, "This poll has ended: answers that come now are not counted."


class Outdated(HubError):
    code, status, sentence = "outdated", 412, "This media connection was restarted in the meantime."


class UnsupportedVersion(HubError):
    code, status, sentence = "unsupported_version", 412, "Uploads are spoken of in tus 1.0.0 here."


class Locked(HubError):
    code, status, sentence = "locked", 423, "Another request is writing this upload. Ask again how far it is."


class PartLocked(HubError):
    code, status, sentence = "part_locked", 423, "A teacher has closed this in the meeting."


class PupilsAlone(HubError):
    code, status, sentence = "pupils_alone", 423, "This goes on as soon as a teacher is in the meeting."


class InLobby(HubError):
    code, status, sentence = "in_lobby", 409, "You wait in the lobby until somebody lets you in."


class LobbyIsFull(HubError):
    code, status, sentence = "lobby_full", 409, "So many wait before this meeting that nobody else can. Try again soon."


class RemovedFromRoom(HubError):
    code, status, sentence = "removed_from_room", 403, "A teacher has ended your part in this meeting."


class RoomEnded(HubError):
    code, status, sentence = "room_ended", 409, "A teacher has ended this meeting for everybody."


class WrongChecksum(HubError):
    code, status, sentence = "wrong_checksum", 460, "What came is not what was sent. Send this part again."


class ConditionMissing(HubError):
    code, status, sentence = "condition_missing", 428, "The If-Match header is missing: it says which state is meant."


class UnsupportedType(HubError):
    code, status, sentence = "unsupported_type", 415, "This address takes another kind of content."


class ProviderFailed(HubError):
    code, status, sentence = (
        "provider_failed",
        502,
        "Your school's sign-in does not answer. Try again later, or sign in another way.",
    )


class TooLarge(HubError):
    code, status, sentence = "too_large", 413, "This is too large to be kept."


class TooMany(HubError):
    code, status, sentence = "too_many", 429, "That was too much at once. Wait a moment and try again."


class OldClient(HubError):
    code, status, sentence = "old_client", 426, "This page is older than the hub. Reload it."


class Unavailable(HubError):
    code, status, sentence = (
        "unavailable",
        503,
        "The hub can't store anything right now. Nothing you made is lost; try again soon.",
    )


class Internal(HubError):
    code, status, sentence = "internal", 500, "Something went wrong in the hub. It was written to its log."
