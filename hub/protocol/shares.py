"""Links for families, the inspection and everybody."""

from __future__ import annotations

from hub.access import Act
from hub.actions import shares
from hub.payloads import operations as operation_payloads
from hub.payloads import shares as share_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.protocol.paths import API, RARE, SIGNING_IN, TWINSPACE, WATCHING
from hub.table import WRITING, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/shares", shares.list_shares, twinspace_payloads.TwinspaceRef, share_payloads.Shares,
          "The links for people outside.", Act.PUBLISH),
    Route("POST", f"{TWINSPACE}/shares", shares.make_share, share_payloads.MakeShare, share_payloads.NewShare,
          "A link for families, the inspection or everybody; a secret one is shown this once.", Act.PUBLISH,
          status=201, limit=RARE),
    Route("DELETE", f"{TWINSPACE}/shares/{{share_id}}", shares.revoke_share, share_payloads.ShareRef, None,
          "End a link.", Act.PUBLISH, status=204, limit=WRITING),
    Route("POST", f"{API}/shared", shares.open_share, share_payloads.OpenShare, share_payloads.Shared,
          "What is open to who holds this link.", None, open=True, limit=SIGNING_IN),
    Route("GET", f"{API}/shared/files/{{ticket}}", shares.fetch_shared_file, share_payloads.SharedFileRef,
          operation_payloads.StoredFile, "A file that is open to them.", None, open=True, limit=WATCHING),
)
# fmt: on
