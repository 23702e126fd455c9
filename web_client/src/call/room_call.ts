import { ProblemError } from '../protocol/problem';
import type { Peer, TrackSource } from '../protocol/shapes';
import { WHOLE_LINE, type Browser, type CallState, type Listener, type Phase, type Signalling } from './call_state';
import { plainAudioCodecs, videoCodecs } from './codecs';
import type { FrameGate } from './encryption/frame_gate';
import { RoomEncryption, type KeyFor } from './encryption/room_encryption';
import { IceServers } from './ice_servers';
import { Link } from './link';
import { Publishing, type PublishAnswer, type PublishTrack } from './publishing';
import { Reconciler } from './reconciler';
import { phaseOf } from './phases';
import { CONNECTION_IS_OVER, FINAL_REFUSALS } from './refusals';
import { follow, type Told } from './roster';
import { hearRoom } from './room_hearing';
import { ShownTeller, type Shown } from './shown_teller';
import { Subscribing, type SubscribeAnswer, type SubscribeTrack } from './subscribing';
import { WantedTracks } from './wanted_tracks';

interface JoinAnswer {
  peer_id: string;
  meeting: string;
  peers: Peer[];
  ice_servers: RTCIceServer[];
}

/**
 * One person's part in one room: joins it, keeps the upward and the downward connection as wanted, and gets all of it
 * back after a lost line, a restarted media process or a restarted hub. `join` starts it, `leave` ends it for good.
 * Local tracks belong to the caller: the call sends them and never stops them.
 */
export class RoomCall {
  readonly roomId: string;
  /** The pupils before this device, when it is the seat of a class: told with every joining. */
  seat: readonly string[] | null = null;
  /** Which meeting one was in last; null: in none yet. If a teacher has ended it meanwhile, this call begins no other. */
  meeting: string | null = null;
  readonly #signalling: Signalling;
  readonly #listener: Listener;
  readonly #joiner: Reconciler;
  readonly #muter: Reconciler;
  readonly #shower: ShownTeller;
  readonly #encryption: RoomEncryption | null;
  readonly #publishing: Publishing;
  readonly #subscribing: Subscribing;
  readonly #up: Link<PublishTrack, PublishAnswer>;
  readonly #down: Link<SubscribeTrack, SubscribeAnswer>;
  #subscriptions: (() => void)[] = [];
  #phase: Phase = 'joining';
  #refusal: string | null = null;
  #everConnected = false;
  #joined = false;
  #peerId: string | null = null;
  #peers: Peer[] = [];
  // Joining again is answered with the same place and new passwords.
  readonly #iceServers = new IceServers(() => this.#joiner.request());
  #heardEarly: Told[] | null = null;
  #line = WHOLE_LINE;
  #speaker: string | null = null;
  readonly #wanted = new WantedTracks();

  /** `gate`: for a room that is encrypted from end to end; once given, nothing ever leaves this call in clear. */
  constructor(
    roomId: string,
    signalling: Signalling,
    browser: Browser,
    listener: Listener,
    gate: FrameGate | null = null,
  ) {
    this.roomId = roomId;
    this.#signalling = signalling;
    this.#listener = listener;
    const codecs = browser.videoCodecs();
    const ask =
      (event: string) =>
      <A>(sdp: string, tracks: object[]) =>
        signalling.emit<A>(event, { room_id: roomId, sdp, tracks });
    const encryption = (this.#encryption = gate && this.#encrypt(gate));
    this.#publishing = new Publishing(
      { video: videoCodecs(codecs), audio: encryption ? plainAudioCodecs(browser.audioCodecs()) : [] },
      ask('room:publish'),
      encryption,
    );
    this.#subscribing = new Subscribing(codecs, ask('room:subscribe'), encryption);
    const open = () => browser.openConnection(this.#iceServers.now);
    this.#up = new Link(this.#publishing, open, {
      onChange: () => {
        this.#muter.request();
        this.#changed();
      },
      onRefused: (error) => this.#considerLink(this.#up, error),
    });
    this.#down = new Link(this.#subscribing, open, {
      onChange: () => {
        this.#shower.request();
        this.#changed();
      },
      onRefused: (error) => this.#considerLink(this.#down, error),
    });
    this.#joiner = new Reconciler(
      () => this.#enter(),
      (error) => this.#considerRefusal(error),
    );
    this.#muter = new Reconciler(() => this.#tellMuted());
    this.#shower = new ShownTeller(
      (tracks) => signalling.emit('room:prefer', { room_id: roomId, tracks }),
      () => this.#down.connection,
      () => this.#peers,
    );
  }

  get state(): CallState {
    return {
      phase: this.#phase,
      peerId: this.#peerId,
      peers: this.#peers,
      media: this.#subscribing.media(),
      refusal: this.#refusal,
      undecodable: this.#subscribing.undecodable(),
      line: this.#line,
      encryption: this.#encryption?.state ?? null,
      speaker: this.#speaker,
    };
  }

  get connections(): { up: RTCPeerConnection | null; down: RTCPeerConnection | null } {
    return { up: this.#up.connection, down: this.#down.connection };
  }

  join(): void {
    this.#subscriptions = hearRoom(this.roomId, this.#signalling, {
      told: (told) => this.#hear(told),
      refused: (code) => this.#refuse(code),
      line: (line) => {
        this.#line = line;
        this.#changed();
      },
      speaker: (peerId) => {
        this.#speaker = peerId;
        this.#changed();
      },
      key: (peerId, sealed) => void this.#encryption?.hear(peerId, sealed),
      reset: () => this.#startOver(),
      // Until the socket is back nothing would be answered; what is connected goes on as long as it can.
      closing: () => this.#suspend(),
      connection: (connected) => (connected ? this.#enterAgain() : this.#suspend()),
    });
  }

  /** Leaves the room and ends both connections. The hub is told, but not waited for. */
  leave(): void {
    if (this.#ended) return;
    this.#end('left');
    this.#signalling.emit('room:leave', { room_id: this.roomId }).catch(() => undefined); // The hub notices by itself.
  }

  /** Sends a source; `track` may be null for a source that is muted and has no device open. */
  publish(source: TrackSource, track: MediaStreamTrack | null, muted: boolean): void {
    if (this.#publishing.set(source, track, muted)) this.#up.request();
    this.#muter.request();
  }

  unpublish(source: TrackSource): void {
    if (this.#publishing.delete(source)) this.#up.request();
  }

  isPublished(source: TrackSource): boolean {
    return this.#publishing.has(source);
  }

  /** Tells the others; silencing the track itself is the caller's, and comes first. */
  mute(source: TrackSource, muted: boolean): void {
    this.#publishing.setMuted(source, muted);
    this.#muter.request();
  }

  /** Silences somebody else's track: for those who may moderate. */
  async silence(trackId: string): Promise<void> {
    await this.#signalling.emit('room:mute', { room_id: this.roomId, track_id: trackId, muted: true });
  }

  /**
   * Receives only the cameras of these peers; null: all of them. Sound and shared screens always come. `newcomers`:
   * until the next call also the cameras of a few who come after this one, with the first offer instead of a second.
   */
  watch(peerIds: ReadonlySet<string> | null, newcomers = false): void {
    this.#wanted.watch(peerIds, newcomers, this.#peers);
    this.#wantTracks();
  }

  /** Whether anything is received at all: a line that carries no voice still carries written words. */
  listen(listens: boolean): void {
    if (this.#wanted.listens === listens) return;
    this.#wanted.listens = listens;
    this.#wantTracks();
  }

  /** Hears the interpreters into this language as well; null: none. */
  hearChannel(language: string | null): void {
    this.#wanted.channel = language;
    this.#wantTracks();
  }

  /** Says how high the cameras are shown (null: as high as they come), and whether anything can be seen at all. */
  show(shown: Shown): void {
    this.#shower.show(shown);
  }

  /** The class that sat here has gone. */
  sitAlone(): void {
    this.seat = null;
    this.#joiner.request();
  }

  /** The page was asleep or the network changed: check everything now. */
  wake(): void {
    this.#joiner.hurry();
    this.#up.wake();
    this.#down.wake();
  }

  get #ended(): boolean {
    return this.#phase === 'left' || this.#phase === 'refused';
  }

  #suspend(): void {
    this.#joined = false;
    this.#joiner.hold();
    this.#encryption?.hold();
    this.#holdLinks();
    this.#changed();
  }

  #enterAgain(): void {
    this.#joiner.release();
    this.#joiner.hurry();
    this.#joiner.request();
  }

  #startOver(): void {
    this.#joined = false;
    this.#forgetLine();
    this.#holdLinks();
    this.#up.rebuild();
    this.#down.rebuild();
    this.#joiner.request();
    this.#changed();
  }

  /** What was told held for connections that are gone. */
  #forgetLine(): void {
    this.#line = WHOLE_LINE;
    this.#speaker = null;
  }

  #holdLinks(): void {
    for (const part of [this.#up, this.#down, this.#muter, this.#shower]) part.hold();
  }

  async #enter(): Promise<void> {
    this.#heardEarly = [];
    const former = this.#peerId;
    try {
      const answer = await this.#signalling.emit<JoinAnswer>('room:join', {
        room_id: this.roomId,
        ...(former === null ? {} : { peer_id: former }),
        ...(this.meeting === null ? {} : { meeting: this.meeting }),
        ...(this.seat === null ? {} : { pupil_ids: this.seat }),
        ...(this.#encryption ? { public_key: await this.#encryption.publicKey() } : {}),
      });
      if (this.#ended) return;
      this.#useIceServers(answer.ice_servers);
      this.#peerId = answer.peer_id;
      this.meeting = answer.meeting;
      const peers = this.#heardEarly.reduce<Peer[]>(follow, answer.peers);
      this.#peers = this.#others(peers);
    } finally {
      this.#heardEarly = null;
    }
    this.#joined = true;
    if (former !== null && former !== this.#peerId) {
      this.#forgetLine();
      this.#up.rebuild();
      this.#down.rebuild();
    }
    this.#wantTracks();
    this.#up.request();
    this.#down.request();
    this.#muter.request();
    for (const part of [this.#up, this.#down, this.#muter, this.#shower]) part.release();
    this.#changed();
  }

  #useIceServers(iceServers: RTCIceServer[]): void {
    this.#iceServers.use(iceServers);
    this.#up.useIceServers(iceServers);
    this.#down.useIceServers(iceServers);
  }

  #considerRefusal(error: unknown): void {
    if (error instanceof ProblemError && FINAL_REFUSALS.includes(error.code)) this.#refuse(error.code);
  }

  #refuse(code: string): void {
    this.#refusal = code;
    this.#end('refused');
  }

  #considerLink(link: { rebuild(): void }, error: unknown): void {
    if (!(error instanceof ProblemError)) return;
    if (CONNECTION_IS_OVER.includes(error.code)) link.rebuild();
    if (error.code === 'not_found') this.#joiner.request(); // The hub doesn't know this peer any more.
  }

  async #tellMuted(): Promise<void> {
    for (const { source, track_id, muted } of this.#publishing.untold()) {
      await this.#signalling.emit('room:mute', { room_id: this.roomId, track_id, muted });
      this.#publishing.noteTold(source, muted);
    }
  }

  #encrypt(gate: FrameGate): RoomEncryption {
    return new RoomEncryption(this.roomId, gate, {
      send: (keys: KeyFor[]) => this.#signalling.emit('room:keys', { room_id: this.roomId, keys }),
      onChange: () => this.#changed(),
    });
  }

  #hear(told: Told): void {
    if (this.#heardEarly) {
      this.#heardEarly.push(told);
      return;
    }
    if ('peer_id' in told.payload && told.payload.peer_id === this.#peerId) {
      this.#hearOfOwn(told);
      return;
    }
    this.#peers = this.#others(follow(this.#peers, told));
    this.#wantTracks();
    this.#changed();
  }

  /** The hub tells us about our own tracks too; mostly an echo of what we did. */
  #hearOfOwn(told: Told): void {
    if (told.event !== 'room:muted' && told.event !== 'room:unpublished') return;
    const { track } = told.payload;
    const source = this.#publishing.sourceOf(track.track_id);
    if (source === undefined) return;
    if (told.event === 'room:unpublished') this.#up.request();
    else if (track.muted && track.hold !== 'alone' && this.#publishing.isToldOpen(source)) {
      this.#publishing.setMuted(source, true);
      this.#publishing.noteTold(source, true);
      this.#listener.silenced(source);
    }
  }

  #others(peers: Peer[]): Peer[] {
    return peers.filter(({ peer_id }) => peer_id !== this.#peerId);
  }

  #wantTracks(): void {
    if (this.#peerId !== null) this.#encryption?.setPeers(this.#peerId, this.#peers);
    if (this.#subscribing.set(this.#wanted.among(this.#peers))) this.#down.request();
    this.#shower.request();
  }

  #end(phase: 'left' | 'refused'): void {
    for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
    this.#iceServers.close();
    this.#joiner.close();
    this.#encryption?.close();
    this.#muter.close();
    this.#shower.close();
    this.#up.close();
    this.#down.close();
    this.#peers = [];
    this.#phase = phase;
    this.#listener.changed(this.state);
  }

  #changed(): void {
    if (this.#ended) return;
    this.#phase = phaseOf({
      joined: this.#joined,
      everConnected: this.#everConnected,
      up: this.#up.state,
      down: this.#down.state,
    });
    if (this.#phase === 'connected') this.#everConnected = true;
    this.#listener.changed(this.state);
  }
}
