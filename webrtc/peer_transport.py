"""One peer connection on the wire: its ICE agent, its DTLS association, its SRTP keys."""

from __future__ import annotations

from array import array

from webrtc.admission import SETUP_TIMEOUT_S
from webrtc.dtls import DtlsAssociation
from webrtc.ice_lite import IceLiteAgent
from webrtc.ids import ConnectionId
from webrtc.srtp import SrtpSession
from webrtc.stun import Address
from webrtc.tcp_endpoint import Stream

MAX_SSRCS = 256
"""libsrtp keeps a state per authenticated SSRC and searches them one by one."""


class PeerTransport:
    __slots__ = ("_opened_at", "agent", "connection_id", "dtls", "dtls_at", "followed", "srtp", "ssrcs", "stream")

    def __init__(self, connection_id: ConnectionId, agent: IceLiteAgent, dtls: DtlsAssociation, now: float) -> None:
        self.connection_id = connection_id
        self.agent = agent
        self.dtls = dtls
        self.dtls_at: float | None = None
        """When the handshake wants its time-out handled."""
        self.srtp: SrtpSession | None = None
        self.stream: Stream | None = None
        """Where media goes when the selected address is a TCP connection."""
        self.followed: Address | None = None
        """The selected address, as far as the endpoint knows of it."""
        self._opened_at = now
        self.ssrcs = array("I", bytes(4 * (MAX_SSRCS + 1)))
        """How many have reached libsrtp, and which; compiled code reads and writes there as well (fan_in.c)."""

    @property
    def is_half_open(self) -> bool:
        return self.srtp is None

    def admit_ssrc(self, ssrc: int) -> bool:
        """Whether a packet with this SSRC may reach libsrtp at all."""
        ssrcs = self.ssrcs
        count = ssrcs[0]
        if ssrc in ssrcs[1 : count + 1]:
            return True
        if count >= MAX_SSRCS:
            return False
        ssrcs[0] = count + 1
        ssrcs[count + 1] = ssrc
        return True

    def arm_dtls_timer(self, now: float) -> None:
        timeout = self.dtls.timeout_s()
        self.dtls_at = None if timeout is None else now + timeout

    def is_expired(self, now: float) -> bool:
        """The peer never came to life, or its consent to be sent to ran out (RFC 7675)."""
        if self.is_half_open and now >= self._opened_at + SETUP_TIMEOUT_S:
            return True
        return now >= self.agent.consent_expires_at()
