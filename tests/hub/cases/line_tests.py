"""Trying a line."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.cases.meetings import SDP

EVENTS: dict[str, Case] = {
    "line_test:begin": Case(lambda ids: {}),
    # Real offers are tests/hub/test_line_tests.py's business.
    "line_test:publish": Case(lambda ids: {"path": "udp", "sdp": SDP, "tracks": []}, succeeds=False),
    "line_test:subscribe": Case(lambda ids: {"path": "udp", "sdp": SDP, "tracks": []}, succeeds=False),
    "line_test:end": Case(lambda ids: {}),
}
