"""What `/metrics` says of all rooms of a media process together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from webrtc.endpoint import Endpoint
from webrtc.line_figures import DownwardFigures, UpwardFigures
from webrtc.picture_figures import REASONS
from webrtc.room import Room


def engine_figures(rooms: Iterable[Room], connections: int, endpoint: Endpoint, now: float) -> dict[str, int]:
    all_rooms = list(rooms)
    lines = [figures for room in all_rooms for figures in room.figures()]
    pictures = Counter(picture.reason for room in all_rooms for picture in room.picture_figures(now))
    return {
        "rooms": len(all_rooms),
        "connections": connections,
        "half_open": endpoint.half_open_count,
        "tracks": sum(room.track_count for room in all_rooms),
        "received_packets": endpoint.received_packets,
        "sent_packets": endpoint.sent_packets,
        "dropped_packets": endpoint.dropped_packets,
        "unsent_packets": endpoint.unsent_packets,
        "weak_up_lines": sum(isinstance(line, UpwardFigures) and line.is_weak for line in lines),
        "weak_down_lines": sum(isinstance(line, DownwardFigures) and line.is_weak for line in lines),
        "up_bits_per_s": round(sum(line.rate_bps for line in lines if isinstance(line, UpwardFigures))),
        "down_bits_per_s": round(sum(line.rate_bps for line in lines if isinstance(line, DownwardFigures))),
        **{f"pictures_{reason}": pictures[reason] for reason in REASONS},
        "compiled": int(endpoint.is_compiled),
        "tcp_streams": endpoint.streams,
        "refused_tcp_streams": endpoint.refused_streams,
    }
