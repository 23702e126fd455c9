"""aiortc's RTCPeerConnection as an independent client: sends a moving picture and a tone, counts what it decodes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack


class Client:
    def __init__(self) -> None:
        self.connection = RTCPeerConnection()
        self.frames: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self._news = asyncio.Event()
        self.connection.on("track", lambda track: self._tasks.append(asyncio.create_task(self._count(track))))

    async def _count(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                await track.recv()
                self.frames[track.kind] += 1
                self._news.set()
        except MediaStreamError:
            return

    async def offer_media(self) -> str:
        self.connection.addTransceiver(AudioStreamTrack(), "sendonly")
        self.connection.addTransceiver(VideoStreamTrack(), "sendonly")
        return await self._offer()

    async def offer_to_watch(self) -> str:
        self.connection.addTransceiver("audio", "recvonly")
        self.connection.addTransceiver("video", "recvonly")
        return await self._offer()

    async def _offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        sdp: str = self.connection.localDescription.sdp
        return sdp

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def receive(self, count: int) -> None:
        """Return once so many more frames of each kind were decoded."""
        wanted = {kind: self.frames[kind] + count for kind in ("audio", "video")}
        async with asyncio.timeout(20):
            while any(self.frames[kind] < least for kind, least in wanted.items()):
                self._news.clear()
                await self._news.wait()

    @property
    def address(self) -> tuple[str, int]:
        """Where this client sends from."""
        ice = self.connection.getTransceivers()[0].sender.transport.transport._connection
        component = ice._nominated[1]
        host: tuple[str, int] = (component.local_candidate.host, component.local_candidate.port)
        return host

    async def close(self) -> None:
        await self.connection.close()
        # A track whose own side closes is never told.
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def client() -> AsyncIterator[Client]:
    opened = Client()
    try:
        yield opened
    finally:
        await opened.close()
