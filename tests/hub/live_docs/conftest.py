"""A keeper over storage in memory, behind a disk with moods."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from crdt_docs.limits import Limits
from hub.live_docs import LiveDocs
from storage import Storage, open_memory_storage
from tests.hub.live_docs.keeper import MoodyDocLog, Roles
from tests.interop.doc_server import fill, now_ms


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"), ("wall", "wall"))
    yield storage
    await storage.close()


@pytest.fixture
def doc_log(storage: Storage) -> MoodyDocLog:
    return MoodyDocLog(storage.doc_log)


@pytest.fixture
def roles() -> Roles:
    return Roles()


@pytest.fixture
async def live_docs(storage: Storage, doc_log: MoodyDocLog, roles: Roles) -> AsyncIterator[LiveDocs]:
    keeper = LiveDocs(doc_log, storage.bus, now_ms, Limits(), reauthorise=roles.reauthorise, linger_s=0.0)
    await keeper.start()
    yield keeper
    doc_log.refuses = False
    doc_log.is_quick.set()
    await keeper.close()
