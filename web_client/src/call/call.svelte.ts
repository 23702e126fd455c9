import type { Peer, TrackSource } from '../protocol/shapes';
import { connection, emit, on } from '../protocol/socket';
import { OwnLine, wantsPictures } from './own_line.svelte.js';
import { OwnMedia } from './own_media.svelte.js';
import { WHOLE_LINE, type Browser, type CallState, type Phase, type ReceivedLine, type Signalling } from './call_state';
import { WorkerGate } from './encryption/frame_gate';
import type { EncryptionState } from './encryption/room_encryption';
import { RoomCall } from './room_call';
import { trackOf } from './roster';
import type { Apart } from './shown_sizes';
import type { Shown } from './shown_teller';
import { SpeakerWatch, type Speakers } from './speakers';
import { levelsByPeer, readStatistics, type CallStatistics } from './statistics';

const LISTEN_EVERY_MS = 400;
const JUDGE_LINE_EVERY_MS = 2_000;
/** Timers that are this late mean that the machine slept or the tab was frozen. */
const ASLEEP_AFTER_MS = 5_000;
/** The smallest layer that cameras send is not higher. */
const SMALL_PICTURE_PX = 180;
const NOBODY: Speakers = { speaking: new Set(), active: null };

export const signalling: Signalling = {
  emit,
  on,
  onConnection: (handler) => connection.subscribe((state) => handler(state === 'connected')),
};

export const browser: Browser = {
  openConnection: (iceServers) => new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' }),
  videoCodecs: () => RTCRtpReceiver.getCapabilities('video')?.codecs ?? [],
  audioCodecs: () => RTCRtpSender.getCapabilities('audio')?.codecs ?? [],
};

export interface Place {
  twinspaceId: string;
  roomId: string;
  /** Whether the meetings of this room are encrypted from end to end. */
  isEncrypted: boolean;
}

/** The one call of this page. It lives beside the router, so that moving between pages doesn't touch it. */
class CurrentCall {
  /** Where the call is; null: there is none. */
  place = $state.raw<Place | null>(null);
  phase = $state<Phase>('left');
  /** Why the room is closed to this person, as the hub's error code, when the phase is `refused`. */
  refusal = $state<string | null>(null);
  /** A teacher turned this person's microphone off; true until it is turned on again. */
  silenced = $state(false);
  /** The pupils before this device, when it is the seat of a class. */
  seat = $state.raw<readonly string[] | null>(null);
  peerId = $state<string | null>(null);
  peers = $state.raw<readonly Peer[]>([]);
  media = $state.raw<ReadonlyMap<string, MediaStreamTrack>>(new Map());
  speakers = $state.raw<Speakers>(NOBODY);
  readonly line = new OwnLine();
  /** What the hub keeps back, because this person's line or the size of the meeting leaves no room for it. */
  received = $state.raw<ReceivedLine>(WHOLE_LINE);
  /** In a meeting that is encrypted from end to end. */
  encryption = $state.raw<EncryptionState | null>(null);
  /** Tracks in a codec that this browser can't show. */
  undecodable = $state.raw<ReadonlySet<string>>(new Set());
  /** Other people's cameras are not fetched: for a weak line. */
  soundOnly = $state(false);
  /** The language whose interpreters are heard; null: none. */
  channel = $state<string | null>(null);
  /** The own voice goes to the channel that a teacher gave, and not to everybody. */
  interpreting = $state(false);
  readonly own = new OwnMedia(() => this.#send());
  #room: RoomCall | null = null;
  #watched: { peerIds: ReadonlySet<string> | null; newcomers: boolean } = { peerIds: null, newcomers: false };
  #shown: Shown = { cameraHeight_px: null, visible: true };
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Joins with what `own` has open now; leaves another call first. A class stays together unless `seat` says else.
   * `goesOn`: from one room of a meeting into another; if a teacher has ended that meeting, none is begun.
   */
  join(place: Place, seat: readonly string[] | null = this.seat, goesOn = false): void {
    const meeting = goesOn ? (this.#room?.meeting ?? null) : null;
    this.#stop();
    this.place = place;
    this.seat = seat;
    this.#room = new RoomCall(
      place.roomId,
      signalling,
      browser,
      { changed: (state) => this.#show(state), silenced: (source) => this.#obey(source) },
      place.isEncrypted ? new WorkerGate() : null,
    );
    this.#room.seat = seat;
    this.#room.meeting = meeting;
    this.#show(this.#room.state);
    this.#room.show(this.#shown);
    this.#send();
    this.#room.join();
    this.#listen();
  }

  /** The hub has been told that these pupils sit here: whoever joins again after a lost line comes with them. */
  sit(pupilIds: readonly string[]): void {
    this.seat = pupilIds;
    if (this.#room) this.#room.seat = pupilIds;
  }

  /** The class has gone; this person stays. */
  sitAlone(): void {
    this.seat = null;
    this.#room?.sitAlone();
  }

  /** Gives devices back that were opened for a lobby; a call keeps them. */
  closeLobby(): void {
    if (!this.#room) this.own.close();
  }

  /** Leaves, and gives camera, microphone and screen back at once. */
  leave(): void {
    this.own.close();
    this.#stop();
  }

  /**
   * The cameras that can be seen now: of these peers only, so high; `newcomers`: and most likely of who comes next;
   * `apart`: which of them are shown at another height.
   */
  watch(peerIds: ReadonlySet<string> | null, height_px: number | null, newcomers = false, apart?: Apart): void {
    this.#watched = { peerIds, newcomers };
    this.#tellWatched();
    this.#setShown({ cameraHeight_px: height_px, visible: this.#shown.visible, ...(apart && { apart }) });
  }

  hearChannel(language: string | null): void {
    this.channel = language;
    this.#room?.hearChannel(language);
  }

  /** A voice that was for a channel does not open to everybody unawares: with the end of it the microphone goes off. */
  interpret(interpreting: boolean): void {
    if (this.interpreting && !interpreting) this.own.microphone.turnOff();
    this.interpreting = interpreting;
    this.#send();
  }

  #tellWatched(): void {
    const { peerIds, newcomers } = this.#watched;
    const rung = this.line.own;
    this.#room?.listen(rung !== 'text');
    if (this.soundOnly || !wantsPictures(rung)) this.#room?.watch(new Set());
    else if (rung === 'speaker') this.#room?.watch(new Set(this.#shownSpeaker(peerIds)));
    else this.#room?.watch(peerIds, newcomers);
    this.#tellShown();
  }

  /** The one picture that is left: of who spoke last, or else of anybody. */
  #shownSpeaker(peerIds: ReadonlySet<string> | null): string[] {
    const shown = [...(peerIds ?? this.peers.map(({ peer_id }) => peer_id))];
    const { active } = this.speakers;
    return active !== null && shown.includes(active) ? [active] : shown.slice(0, 1);
  }

  /** Pictures of a page that nobody can see are not fetched; sound is. */
  setVisible(visible: boolean): void {
    this.#setShown({ ...this.#shown, visible });
    if (visible) this.wake();
  }

  setSoundOnly(soundOnly: boolean): void {
    this.soundOnly = soundOnly;
    this.#tellWatched();
  }

  /** Everything that this page stepped down from, at once: it steps down again if that was too early. */
  climb(): void {
    this.line.climb(performance.now());
    this.setSoundOnly(false);
    this.#send();
  }

  #setShown(shown: Shown): void {
    this.#shown = shown;
    this.#tellShown();
  }

  #tellShown(): void {
    const { cameraHeight_px, visible } = this.#shown;
    const most = this.line.own === 'whole' ? Infinity : SMALL_PICTURE_PX;
    const height_px = Math.min(cameraHeight_px ?? Infinity, most);
    this.#room?.show({ cameraHeight_px: height_px === Infinity ? null : height_px, visible });
  }

  /** The page became visible or the network came back. */
  wake(): void {
    this.#room?.wake();
  }

  /** Turns somebody else's microphone off: for those who may moderate. Rejects with a ProblemError. */
  async silence(peer: Peer): Promise<void> {
    const track = trackOf(peer, 'microphone');
    if (track && this.#room) await this.#room.silence(track.track_id);
  }

  mediaOf(peer: Peer | undefined, source: TrackSource): MediaStreamTrack | null {
    const track = trackOf(peer, source);
    const held = track && (this.received.paused.has(track.track_id) || this.undecodable.has(track.track_id));
    const shown = track && !track.muted && !held;
    return (shown && this.media.get(track.track_id)) || null;
  }

  /** It is sent, but in a codec that this browser does not have. */
  canShow(peer: Peer, source: TrackSource): boolean {
    const track = trackOf(peer, source);
    return !track || track.muted || !this.undecodable.has(track.track_id);
  }

  /** Its voice and picture come encrypted with a key that this person was not given. */
  canOpen(peer: Peer): boolean {
    return !this.encryption?.closed.has(peer.peer_id);
  }

  #show(state: CallState): void {
    this.phase = state.phase;
    this.peerId = state.peerId;
    this.peers = state.peers;
    this.media = state.media;
    this.refusal = state.refusal;
    this.received = state.line;
    this.undecodable = state.undecodable;
    this.encryption = state.encryption;
    if (state.phase === 'refused') this.own.close();
  }

  #obey(source: TrackSource): void {
    if (source === 'interpreter') this.interpret(false);
    else if (source === 'microphone') {
      this.own.microphone.turnOff();
      this.silenced = true;
    } else if (source === 'camera') this.own.camera.turnOff();
    else this.own.stopScreen();
  }

  #send(): void {
    const room = this.#room;
    if (!room) return;
    if (this.own.microphone.on) this.silenced = false;
    const { microphone, camera, screen, screenSound } = this.own;
    for (const { kind, track, on } of [microphone, camera]) {
      const held = (kind === 'camera' && this.line.cameraHeld) || (kind === 'microphone' && this.interpreting);
      if (track || room.isPublished(kind)) room.publish(kind, held ? null : track, held || !on);
    }
    if (this.interpreting && microphone.track) room.publish('interpreter', microphone.track, !microphone.on);
    else room.unpublish('interpreter');
    for (const [source, track] of [
      ['screen', screen],
      ['screen_audio', screenSound],
    ] as const) {
      if (track) room.publish(source, track, false);
      else room.unpublish(source);
    }
  }

  #stop(): void {
    clearInterval(this.#timer);
    const room = this.#room;
    this.#room = null;
    room?.leave();
    this.place = null;
    this.seat = null;
    this.encryption = null;
    this.speakers = NOBODY;
    this.line.forget();
    this.received = WHOLE_LINE;
    this.soundOnly = false;
    this.silenced = false;
    this.channel = null;
    this.interpreting = false;
    this.#watched = { peerIds: null, newcomers: false };
  }

  #listen(): void {
    const speakers = new SpeakerWatch();
    let late_ms = 0;
    let lastTickAt_ms = performance.now();
    let lastJudgedAt_ms = lastTickAt_ms;
    let reading = false;
    this.#timer = setInterval(() => {
      const now_ms = performance.now();
      if (now_ms - lastTickAt_ms > ASLEEP_AFTER_MS) this.wake();
      // Browsers slow the timers of hidden pages down on purpose.
      const lateness_ms = this.#shown.visible ? Math.max(0, now_ms - lastTickAt_ms - LISTEN_EVERY_MS) : 0;
      late_ms += (lateness_ms - late_ms) / 4;
      lastTickAt_ms = now_ms;
      const room = this.#room;
      if (!room || reading) return;
      reading = true;
      readStatistics(room.connections.up, room.connections.down)
        .then((statistics) => {
          if (room !== this.#room) return;
          const heard = speakers.hear(levelsByPeer(this.#soundingTracks(), statistics.levels), now_ms, this.peerId);
          this.speakers = { ...heard, active: this.#floor(room.state.speaker) ?? heard.active };
          if (now_ms - lastJudgedAt_ms < JUDGE_LINE_EVERY_MS) return;
          lastJudgedAt_ms = now_ms;
          this.#judge(statistics, late_ms, now_ms);
        })
        .finally(() => (reading = false));
    }, LISTEN_EVERY_MS);
  }

  #judge(statistics: CallStatistics, late_ms: number, now_ms: number): void {
    const { peerIds } = this.#watched;
    const shown = this.peers.filter((peer) => {
      const track = trackOf(peer, 'camera');
      return track && !track.muted && (peerIds?.has(peer.peer_id) ?? true);
    }).length;
    const held = this.line.cameraHeld;
    this.line.judge(statistics, this.received, { shown, late_ms, sendsCamera: this.own.camera.on }, now_ms);
    this.#tellWatched();
    if (held !== this.line.cameraHeld) this.#send();
  }

  /** The hub hears everybody alike; only oneself is nobody to look at. */
  #floor(speaker: string | null): string | null {
    return this.peers.some(({ peer_id }) => peer_id === speaker) ? speaker : null;
  }

  #soundingTracks(): [string, MediaStreamTrack | null][] {
    const { on, track } = this.own.microphone;
    const own: [string, MediaStreamTrack | null][] = this.peerId ? [[this.peerId, on ? track : null]] : [];
    return [
      ...own,
      ...this.peers.map((peer): [string, MediaStreamTrack | null] => [peer.peer_id, this.mediaOf(peer, 'microphone')]),
    ];
  }
}

export const call = new CurrentCall();
on('session:ended', () => call.leave());
