"""The meeting's forwarding unit: a core without I/O and clock, and a media shell that `hub.media_process` starts.

Core: room, router, forwarder, retransmission, keyframes, rtp_header, rtcp, stun, stream_framing, ice_lite,
sdp. Shell: dtls, srtp, peer_transport, udp_endpoint, tcp_endpoint, endpoint, media_engine, media_process. The rules are
in SPEC.md.
"""
