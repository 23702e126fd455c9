"""The client's side of `media.py`: one case against one server, one JSON line. Run by it, on a core of its own.

Needs the load client's package `rtcload` (`--tools`): peers with real ICE, DTLS-SRTP and RTCP, without codecs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

FIRST_PICTURE_TIMEOUT_S = 20.0
SETTLE_S = 3.0
VERIFY_EVERY = 50
"""One packet in so many is decrypted: it proves the keys and carries the moment it was sent."""


def percentiles(values: list[float], *shares: float) -> dict[str, float]:
    ordered = sorted(values)
    return {
        f"p{share * 100:g}": round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) for share in shares
    }


def cpu_ns(pids: list[int]) -> int:
    """The kernel's own nanoseconds of every thread, which ticks of 10 ms are too coarse for."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total


def cpu_ticks(pids: list[int]) -> tuple[int, int]:
    """User and system time in ticks, finished threads included."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids]
    return sum(int(field[11]) for field in fields), sum(int(field[12]) for field in fields)


def memory_kb(pids: list[int]) -> int:
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


async def run(options: argparse.Namespace) -> dict[str, Any]:
    from rtcload import sdp
    from rtcload.cpu import machine, udp_errors
    from rtcload.media import Canned, ensure_opus, read_ogg_opus
    from rtcload.peer import Certificate, Peer
    from rtcload.signal_http import OfferAnswerHTTP
    from rtcload.signal_janus import JanusVideoRoom

    class Viewer(Peer):  # type: ignore[misc]
        """Decrypts everything until its first key frame, then one packet in VERIFY_EVERY."""

        picture_at: float | None = None

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.has_picture = asyncio.Event()

        def _verify(self, data: bytes) -> None:
            if self.picture_at is not None or data[1] & 127 == sdp.AUDIO_PT:
                super()._verify(data)
                return
            plain = self.rx.unprotect(data)
            self.verified += 1
            start = 12 + 4 * (plain[0] & 15)
            if plain[0] & 0x10:
                start += 4 + 4 * int.from_bytes(plain[start + 2 : start + 4], "big")
            # The load client's own descriptor: six bytes, S on the first packet of a frame.
            if plain[start] & 0x10 and not plain[start + 6] & 1:
                self.picture_at = time.monotonic()
                self.has_picture.set()
                self.verify_every = VERIFY_EVERY

    signals: list[Any]
    if options.signal == "janus":
        signals = [JanusVideoRoom(options.url)]
    else:
        urls = f"{options.url}/whip/{{room}}?name={{peer}}", f"{options.url}/whep/{{room}}/any?names={{names}}"
        signals = [OfferAnswerHTTP(*urls, options.room, token) for token in options.token]
    for signal in signals:
        await signal.start()
    certificate = Certificate()
    profiles = [b"SRTP_AEAD_AES_128_GCM"]
    layers: Any = Canned()
    rids = None
    if options.simulcast:
        layers = [layers, Canned(320, 180, 30, 333), Canned(160, 90, 30, 125)]
        rids = ["h", "m", "l"]
    opus = read_ogg_opus(ensure_opus())
    extensions = [sdp.EXT_LEVEL, sdp.EXT_TWCC, sdp.EXT_MID, *([sdp.EXT_RID] if rids else [])]
    wanted = [uri for uri in extensions if uri != sdp.EXT_TWCC or not options.no_transport_cc]
    publishers: list[Any] = []
    viewers: list[Viewer] = []
    joins_ms: list[float] = []

    async def view(index: int) -> None:
        viewer = Viewer(f"v{index}", certificate, options.bind, profiles, verify_every=1)
        viewer.drop = options.drop
        viewers.append(viewer)
        others = [p.name for k, p in enumerate(publishers) if not (options.mesh and k == index)]
        begun = time.monotonic()
        await signals[index % len(signals)].subscribe(viewer, others, len(others), len(others), wanted)
        async with asyncio.timeout(FIRST_PICTURE_TIMEOUT_S):
            await viewer.has_picture.wait()
        joins_ms.append((viewer.t_first_rtp - begun) * 1000)
        pictures_ms.append((viewer.picture_at - begun) * 1000)

    pictures_ms: list[float] = []
    try:
        for index in range(options.publishers):
            publisher = Peer(f"p{index}", certificate, options.bind, profiles)
            publishers.append(publisher)
            await signals[0].publish(publisher, [("audio", None), ("video", layers)], extensions, rids)
            await asyncio.wait_for(publisher.ready.wait(), 20)
        for publisher in publishers:
            publisher.start_sending(opus)
        await asyncio.sleep(1.0)
        memory_before_kb = memory_kb(options.pid)
        count = options.publishers if options.mesh else options.viewers
        async with asyncio.TaskGroup() as joining:
            for index in range(count):
                joining.create_task(view(index))
                await asyncio.sleep(options.join_over / count)
        await asyncio.sleep(SETTLE_S)
        memory_per_viewer_kb = (memory_kb(options.pid) - memory_before_kb) / count
        rounds = []
        for _ in range(options.rounds):
            for viewer in viewers:
                viewer.latencies.clear()
            begun, cpu, ticks = time.monotonic(), cpu_ns(options.pid), cpu_ticks(options.pid)
            received, expected = sum(v.rx_packets for v in viewers), sum(v.expected() for v in viewers)
            own, busy, overflows = time.process_time(), machine()["busy"], udp_errors()["RcvbufErrors"]
            await asyncio.sleep(options.seconds)
            elapsed = time.monotonic() - begun
            packets = sum(v.rx_packets for v in viewers) - received
            used_ns = cpu_ns(options.pid) - cpu
            system = cpu_ticks(options.pid)[1] - ticks[1]
            user = cpu_ticks(options.pid)[0] - ticks[0]
            latencies = [latency / 1e6 for v in viewers for latency in v.latencies]
            rounds.append(
                {
                    "us_per_packet": round(used_ns / 1000 / packets, 2),
                    "packets_per_s": round(packets / elapsed),
                    "server_core_pct": round(used_ns / 1e7 / elapsed, 1),
                    "system_share": round(system / max(1, system + user), 2),
                    "delay_ms": percentiles(latencies, 0.5, 0.99),
                    "lost": sum(v.expected() for v in viewers) - expected - packets,
                    "client_core_pct": round((time.process_time() - own) * 100 / elapsed, 1),
                    "machine_busy_cores": round((machine()["busy"] - busy) / elapsed, 2),
                    "udp_overflows": udp_errors()["RcvbufErrors"] - overflows,
                }
            )
        return {
            "us_per_packet": statistics.median(entry["us_per_packet"] for entry in rounds),
            "rounds": rounds,
            "first_packet_ms": percentiles(joins_ms, 0.5, 0.99, 1.0),
            "first_picture_ms": percentiles(pictures_ms, 0.5, 0.99, 1.0),
            "kb_per_viewer": round(memory_per_viewer_kb),
            "drops": sum(v.drops for v in viewers),
            "recovered": sum(v.recovered for v in viewers),
            "verify_errors": sum(v.verify_errors for v in viewers),
            "srtp": viewers[0].srtp_profile.decode(),
        }
    finally:
        for peer in [*publishers, *viewers]:
            await peer.close()
        for signal in signals:
            await signal.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True)
    parser.add_argument("--signal", choices=["janus", "http"], required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--room", default="load")
    parser.add_argument("--token", action="append", default=[])
    parser.add_argument("--bind", required=True)
    parser.add_argument("--pid", type=int, nargs="+", required=True)
    parser.add_argument("--publishers", type=int, default=1)
    parser.add_argument("--viewers", type=int, default=0)
    parser.add_argument("--mesh", action="store_true")
    parser.add_argument("--simulcast", action="store_true")
    parser.add_argument("--drop", type=float, default=0.0)
    parser.add_argument("--no-transport-cc", action="store_true", help="viewers do not offer it")
    parser.add_argument("--join-over", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sys.path.insert(0, options.tools)
    print(json.dumps(asyncio.run(run(options))), flush=True)


if __name__ == "__main__":
    main()
