"""The ICE-lite agent of one connection (RFC 8445 section 2.5): answers checks, proves addresses, keeps consent.

Rule: an address counts only after a check from it carried our password.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from webrtc.stun import Address, BindingRequest, build_role_conflict, build_success, verify_integrity

CONSENT_LIFETIME_S = 30.0
"""RFC 7675 section 5.1: consent expires 30 s after the last proof."""

REMEMBERED_CHECKS = 256
"""A minute or two of a browser's checks; it repeats one for seconds, always from the same address."""

MAX_PROVEN_ADDRESSES = 16
"""A peer's candidate pairs that we remember; browsers try a handful."""


@dataclass(frozen=True, slots=True)
class Credentials:
    ufrag: str
    password: str


@dataclass(frozen=True, slots=True)
class CheckAnswered:
    """Send `response` to where the check came from. `proven` and `forgotten` change who may speak to us."""

    response: bytes
    proven: bool
    """The address belongs to this peer."""
    forgotten: Address | None = None


class IceLiteAgent:
    def __init__(self, credentials: Credentials, now: float) -> None:
        self.credentials = credentials
        self._former: Credentials | None = None
        self._proven: OrderedDict[Address, None] = OrderedDict()
        self._last_proof = now
        self._nominated = False
        self._transactions: OrderedDict[bytes, Address] = OrderedDict()
        self.selected: Address | None = None
        """Where media goes; None until a check proved an address."""

    @property
    def ufrags(self) -> tuple[str, ...]:
        """The ufrags under which checks may arrive now."""
        former = self._former
        return (self.credentials.ufrag,) if former is None else (self.credentials.ufrag, former.ufrag)

    @property
    def proven_addresses(self) -> tuple[Address, ...]:
        return tuple(self._proven)

    def restart(self, credentials: Credentials) -> tuple[str, ...]:
        """Take new credentials; the present ones stay valid until the new ones are used (RFC 8445 section 9).

        Returns the ufrags that died by it.
        """
        dead = () if self._former is None else (self._former.ufrag,)
        self._former = self.credentials
        self.credentials = credentials
        return dead

    def receive_check(
        self, data: bytes | memoryview, request: BindingRequest, address: Address, now: float
    ) -> CheckAnswered | None:
        """None when the check proves nothing: drop it without an answer."""
        credentials = self.credentials
        if request.local_ufrag != credentials.ufrag:
            if self._former is None or request.local_ufrag != self._former.ufrag:
                return None
            credentials = self._former
        if not verify_integrity(data, request, credentials.password):
            return None
        if self._is_replayed(request.transaction_id, address):
            return None
        if request.controlled:
            return CheckAnswered(build_role_conflict(request, credentials.password), proven=False)
        first_use = credentials is self.credentials and self._former is not None
        if first_use:
            # The pair nominated before the restart no longer binds the peer.
            self._former = None
            self._nominated = False
        self._last_proof = now
        self._proven[address] = None
        self._proven.move_to_end(address)
        if request.use_candidate or not self._nominated:
            self.selected = address
            self._nominated = self._nominated or request.use_candidate
        forgotten = self._forget_oldest() if len(self._proven) > MAX_PROVEN_ADDRESSES else None
        return CheckAnswered(build_success(request, address, credentials.password), True, forgotten)

    def _is_replayed(self, transaction_id: bytes, address: Address) -> bool:
        """MESSAGE-INTEGRITY does not cover where a check comes from: who overheard one could draw our media away."""
        first = self._transactions.setdefault(transaction_id, address)
        if len(self._transactions) > REMEMBERED_CHECKS:
            self._transactions.popitem(last=False)
        return first != address

    def lose(self, address: Address) -> None:
        """This address is gone for good (its TCP connection ended); media goes to the one proven last, if any."""
        self._proven.pop(address, None)
        if self.selected == address:
            self.selected = next(reversed(self._proven), None)
            self._nominated = False

    def _forget_oldest(self) -> Address | None:
        for address in self._proven:
            if address != self.selected:
                del self._proven[address]
                return address
        return None

    def consent_expires_at(self) -> float:
        return self._last_proof + CONSENT_LIFETIME_S
