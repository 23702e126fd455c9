"""Rule RC1, and that what we write others read; aiortc is the other side."""

from __future__ import annotations

from struct import pack

import pytest
from aiortc.rtp import (
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSdesPacket,
    RtcpSenderInfo,
    RtcpSrPacket,
    pack_remb_fci,
)
from hypothesis import given
from hypothesis import strategies as st

from webrtc import rtcp
from webrtc.errors import ProtocolError

WORD = st.integers(0, 0xFFFFFFFF)


@given(st.binary(max_size=200))
def test_RC1_any_bytes_are_feedback_or_refused(data: bytes) -> None:
    try:
        rtcp.parse_feedback(data)
    except ProtocolError:
        pass


@given(st.lists(st.tuples(st.sampled_from([200, 201, 202, 203, 205, 206]), st.integers(0, 31), st.binary(max_size=60))))
def test_RC1_any_well_framed_parts_are_feedback_or_refused(parts: list[tuple[int, int, bytes]]) -> None:
    packet = b""
    for kind, count, body in parts:
        body += bytes(-len(body) % 4)
        packet += bytes([0x80 | count, kind]) + (len(body) // 4).to_bytes(2, "big") + body
    try:
        rtcp.parse_feedback(packet)
    except ProtocolError:
        pass


def oracle_info(ssrc: int = 7, lost: int = -3) -> RtcpReceiverInfo:
    return RtcpReceiverInfo(
        ssrc=ssrc, fraction_lost=12, packets_lost=lost, highest_sequence=70_000, jitter=9, lsr=5, dlsr=6
    )


def test_RC1_reports_of_others_are_read() -> None:
    info = RtcpSenderInfo(ntp_timestamp=1 << 40, rtp_timestamp=3, packet_count=4, octet_count=5)
    packet = bytes(RtcpSrPacket(ssrc=1, sender_info=info, reports=[oracle_info()])) + bytes(
        RtcpRrPacket(ssrc=2, reports=[oracle_info(8, 4)])
    )
    assert rtcp.parse_feedback(packet) == [
        rtcp.SenderReport(1, 1 << 40, 3, 4, 5),
        rtcp.LossReport(7, 12, -3, 70_000, 9, 5, 6),
        rtcp.LossReport(8, 12, 4, 70_000, 9, 5, 6),
    ]


def test_RC1_requests_of_others_are_read() -> None:
    fir = (77).to_bytes(4, "big") + bytes([1, 0, 0, 0])
    packet = (
        bytes(RtcpRtpfbPacket(fmt=1, ssrc=1, media_ssrc=9, lost=[10, 12, 26, 27, 65535]))
        + bytes(RtcpPsfbPacket(fmt=1, ssrc=1, media_ssrc=9))
        + bytes(RtcpPsfbPacket(fmt=4, ssrc=1, media_ssrc=0, fci=fir))
        + bytes(RtcpPsfbPacket(fmt=15, ssrc=1, media_ssrc=0, fci=pack_remb_fci(1_000_000, [9])))
    )
    nack, pli, full, estimate = rtcp.parse_feedback(packet)
    assert isinstance(nack, rtcp.Nack)
    assert (nack.ssrc, sorted(nack.sequences)) == (9, [10, 12, 26, 27, 65535])
    assert (pli, full) == (rtcp.KeyframeRequest(9), rtcp.KeyframeRequest(77))
    assert isinstance(estimate, rtcp.BitrateEstimate)
    assert abs(estimate.rate_bps - 1_000_000) < 8


@given(WORD, WORD, st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=40, unique=True))
def test_requests_of_ours_are_read_by_others(sender: int, media: int, sequences: list[int]) -> None:
    sequences.sort()
    (nack,) = RtcpPacket.parse(rtcp.build_nack(sender, media, sequences))
    assert isinstance(nack, RtcpRtpfbPacket)
    assert (nack.ssrc, nack.media_ssrc, sorted(nack.lost)) == (sender, media, sequences)


def test_a_wrapped_run_of_lost_packets_is_one_item() -> None:
    assert len(rtcp.build_nack(1, 2, [65534, 65535, 0, 1])) == 16


@given(WORD, st.integers(0, 255), st.integers(-0x800000, 0x7FFFFF), WORD, WORD, WORD, WORD)
def test_reports_of_ours_are_read_by_others(
    ssrc: int, fraction: int, lost: int, highest: int, jitter: int, last_report: int, delay: int
) -> None:
    ours = rtcp.LossReport(ssrc, fraction, lost, highest, jitter, last_report, delay)
    (report,) = RtcpPacket.parse(rtcp.build_receiver_report(1, [ours]))
    assert isinstance(report, RtcpRrPacket)
    assert report.reports == [
        RtcpReceiverInfo(
            ssrc=ssrc,
            fraction_lost=fraction,
            packets_lost=lost,
            highest_sequence=highest,
            jitter=jitter,
            lsr=last_report,
            dlsr=delay,
        )
    ]
    assert rtcp.parse_feedback(rtcp.build_receiver_report(1, [ours])) == [ours]


def test_sender_reports_and_names_of_ours_are_read_by_others() -> None:
    ours = rtcp.SenderReport(5, 1 << 63, 2, 3, 4)
    report, description = RtcpPacket.parse(rtcp.build_sender_report(ours) + rtcp.build_description(5, "peer-1"))
    assert isinstance(report, RtcpSrPacket) and isinstance(description, RtcpSdesPacket)
    assert report.sender_info.ntp_timestamp == 1 << 63
    assert description.chunks[0].items == [(1, b"peer-1")]
    pli, fir = RtcpPacket.parse(rtcp.build_pli(1, 9) + rtcp.build_fir(1, 9, 300))
    assert isinstance(pli, RtcpPsfbPacket) and isinstance(fir, RtcpPsfbPacket)
    assert (pli.fmt, pli.media_ssrc) == (1, 9)
    assert fir.fci == (9).to_bytes(4, "big") + bytes([300 & 0xFF, 0, 0, 0])


def test_RC1_requests_that_name_too_much_are_refused_with_the_limit() -> None:
    rtcp.parse_feedback(rtcp.build_nack(1, 2, range(rtcp.MAX_NACKED)))
    with pytest.raises(ProtocolError, match="512 packets"):
        rtcp.parse_feedback(rtcp.build_nack(1, 2, range(rtcp.MAX_NACKED + 1)))

    def fir(count: int) -> bytes:
        entries = b"".join(pack("!II", ssrc, 0) for ssrc in range(count))
        return pack("!BBHII", 0x84, 206, 2 + 2 * count, 1, 0) + entries

    assert len(rtcp.parse_feedback(fir(rtcp.MAX_KEYFRAME_REQUESTS))) == rtcp.MAX_KEYFRAME_REQUESTS
    with pytest.raises(ProtocolError, match="32 streams"):
        rtcp.parse_feedback(fir(rtcp.MAX_KEYFRAME_REQUESTS + 1))
