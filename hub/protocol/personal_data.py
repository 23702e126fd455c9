"""What there is about a person."""

from __future__ import annotations

from hub.access import Duty
from hub.actions import personal_data
from hub.payloads import operations as operation_payloads
from hub.payloads import personal_data as payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import API, RARE
from hub.table import Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", f"{API}/pupils/{{user_id}}/erasure", personal_data.erase_pupil, payloads.ErasePupil,
          payloads.ErasureProgress, "Erase a pupil of my school for good.", Duty.PUPILS, status=202, limit=RARE),
    Route("GET", f"{API}/me/erasure", personal_data.read_own_erasure, Nothing, payloads.OwnErasure,
          "What is to be settled before my account can be erased.", None),
    Route("POST", f"{API}/me/erasure", personal_data.erase_me, payloads.EraseMe, payloads.ErasureProgress,
          "Erase my own account for good.", None, status=202, limit=RARE),
    Route("GET", f"{API}/erasures/{{erasure_id}}", personal_data.read_erasure, payloads.ErasureRef,
          payloads.ErasureProgress, "How far an erasure is, for who asked for it.", None, open=True),
    Route("POST", f"{API}/me/copy", personal_data.begin_own_copy, Nothing, payloads.PersonalCopy,
          "Make a copy of everything about me.", None, limit=RARE),
    Route("GET", f"{API}/me/copy", personal_data.read_own_copy, Nothing, payloads.PersonalCopy,
          "How far the copy of everything about me is.", None),
    Route("GET", f"{API}/me/copy/file", personal_data.fetch_own_copy, Nothing, operation_payloads.StoredFile,
          "The copy, as a ZIP file; it can be fetched once.", None, limit=RARE),
    Route("POST", f"{API}/pupils/{{user_id}}/copy", personal_data.begin_copy, payloads.CopyOf, payloads.PersonalCopy,
          "Make a copy of everything about a pupil of my school.", Duty.PUPILS, limit=RARE),
    Route("GET", f"{API}/pupils/{{user_id}}/copy", personal_data.read_copy, payloads.CopyOf, payloads.PersonalCopy,
          "How far that copy is.", Duty.PUPILS),
    Route("GET", f"{API}/pupils/{{user_id}}/copy/file", personal_data.fetch_copy, payloads.CopyOf,
          operation_payloads.StoredFile, "That copy, as a ZIP file; it can be fetched once.", Duty.PUPILS, limit=RARE),
)
# fmt: on
