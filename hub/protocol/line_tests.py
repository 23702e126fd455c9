"""Trying a line before a meeting."""

from __future__ import annotations

from hub.actions import line_tests
from hub.payloads import line_tests as payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import NEGOTIATING, RARE
from hub.table import Event

# fmt: off
EVENTS: tuple[Event, ...] = (
    Event("line_test:begin", line_tests.begin, Nothing, payloads.LineTestBegun,
          "Begin to try one's line; a former test of this socket ends.", None, limit=RARE),
    Event("line_test:publish", line_tests.publish, payloads.PublishTest, payloads.LineTestPublished,
          "Offer a tone and a picture over one path to the media process.", None, limit=NEGOTIATING),
    Event("line_test:subscribe", line_tests.subscribe, payloads.SubscribeTest, payloads.LineTestSubscribed,
          "Offer to receive back what this test sends.", None, limit=NEGOTIATING),
    Event("line_test:end", line_tests.end, Nothing, None, "End the test.", None),
)
# fmt: on
