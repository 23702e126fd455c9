"""What everybody in a meeting looks at together: what is opened for all, who is seen large, and the timer.

Every function answers with the view as it is afterwards, the same one where there is nothing to change: so two teachers
at once end in one state, whichever comes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from storage.records import ContentId, SharedView, UserId

MOST_IN_SPOTLIGHT = 2
LONGEST_MS = 3 * 3_600_000


def open_content(
    view: SharedView, content_id: ContentId, user_id: UserId, now_ms: int, place: Mapping[str, object]
) -> SharedView:
    """On everybody's screen, in place of what was there. Who opens what is open already presents it from now on."""
    if view.opened_id == content_id:
        return replace(view, opened_by=user_id)
    return replace(view, opened_id=content_id, opened_by=user_id, opened_at_ms=now_ms, place=dict(place))


def close(view: SharedView) -> SharedView:
    return replace(view, opened_id=None, opened_by=None, opened_at_ms=0, place={})


def turn(view: SharedView, content_id: ContentId, user_id: UserId, place: Mapping[str, object]) -> SharedView:
    """The presenter went on; a place of anybody else, or in something that is closed meanwhile, changes nothing."""
    if view.opened_id != content_id or view.opened_by != user_id:
        return view
    return replace(view, place=dict(place))


def spotlight(view: SharedView, user_ids: Sequence[UserId]) -> SharedView:
    """These are seen large by everybody; none: nobody is."""
    return replace(view, spotlight=tuple(dict.fromkeys(user_ids))[:MOST_IN_SPOTLIGHT])


def start_timer(view: SharedView, length_ms: int, now_ms: int) -> SharedView:
    """In place of one that runs."""
    length_ms = min(length_ms, LONGEST_MS)
    return replace(view, timer_length_ms=length_ms, timer_ends_at_ms=now_ms + length_ms, timer_left_ms=0)


def pause(view: SharedView, now_ms: int) -> SharedView:
    """It stands still; one that has run out, or stands still already, stays as it is."""
    if view.timer_ends_at_ms is None or view.timer_ends_at_ms <= now_ms:
        return view
    return replace(view, timer_ends_at_ms=None, timer_left_ms=view.timer_ends_at_ms - now_ms)


def resume(view: SharedView, now_ms: int) -> SharedView:
    if view.timer_length_ms == 0 or view.timer_ends_at_ms is not None:
        return view
    return replace(view, timer_ends_at_ms=now_ms + view.timer_left_ms, timer_left_ms=0)


def add_time(view: SharedView, added_ms: int, now_ms: int) -> SharedView:
    """More time, never more than the longest; one that has run out runs again for so long."""
    if view.timer_length_ms == 0:
        return view
    left_ms = time_left_ms(view, now_ms)
    added_ms = max(0, min(added_ms, LONGEST_MS - left_ms))
    length_ms = max(view.timer_length_ms, min(view.timer_length_ms + added_ms, LONGEST_MS))
    if view.timer_ends_at_ms is None:
        return replace(view, timer_length_ms=length_ms, timer_left_ms=left_ms + added_ms)
    return replace(view, timer_length_ms=length_ms, timer_ends_at_ms=now_ms + left_ms + added_ms)


def end_timer(view: SharedView) -> SharedView:
    return replace(view, timer_length_ms=0, timer_ends_at_ms=None, timer_left_ms=0)


def time_left_ms(view: SharedView, now_ms: int) -> int:
    if view.timer_ends_at_ms is None:
        return view.timer_left_ms
    return max(0, view.timer_ends_at_ms - now_ms)


def clear(view: SharedView) -> SharedView:
    """The meeting is over: the next one begins with nothing."""
    return replace(SharedView(view.room_id), revision=view.revision)
