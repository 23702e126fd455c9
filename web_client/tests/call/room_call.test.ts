import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallState } from '../../src/call/call_state';
import { RoomCall } from '../../src/call/room_call';
import type { TrackSource } from '../../src/protocol/shapes';
import { aPeer, aTrack, FakeConnection, FakeHub, fakeTrack, refusal } from './fakes';

const VP8 = { mimeType: 'video/VP8', clockRate: 90_000 };
const H264 = { mimeType: 'video/H264', clockRate: 90_000 };

function setUp(hub: FakeHub) {
  const connections: FakeConnection[] = [];
  const states: CallState[] = [];
  const silenced: TrackSource[] = [];
  const browser = {
    openConnection: () => {
      connections.push(new FakeConnection());
      return connections.at(-1) as unknown as RTCPeerConnection;
    },
    videoCodecs: () => [H264, VP8],
    audioCodecs: () => [],
  };
  const call = new RoomCall('room', hub, browser, {
    changed: (state) => void states.push(state),
    silenced: (source) => void silenced.push(source),
  });
  return { call, connections, states, silenced };
}

/** Lets everything that needs no timer happen. */
const settle = () => vi.advanceTimersByTimeAsync(0);
const microphone = () => fakeTrack('microphone', 'audio');

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('joining', () => {
  it('joins, publishes what is open and subscribes to what the others publish', async () => {
    const hub = new FakeHub([aPeer('me'), aPeer('marek', [aTrack('t1', 'microphone'), aTrack('t2', 'camera')])]);
    const { call, connections } = setUp(hub);
    call.publish('microphone', microphone(), false);
    call.join();
    await settle();
    expect(hub.sentOf('room:publish')[0]).toMatchObject({ tracks: [{ mid: '0', source: 'microphone', muted: false }] });
    expect(hub.sentOf('room:subscribe')[0]).toMatchObject({
      tracks: [
        { mid: '0', track_id: 't1' },
        { mid: '1', track_id: 't2' },
      ],
    });
    expect(call.state.peers.map(({ peer_id }) => peer_id)).toEqual(['marek']);
    expect([...call.state.media.keys()]).toEqual(['t1', 't2']);
    expect(call.state.phase).toBe('connecting');
    for (const connection of connections) connection.become('connected');
    expect(call.state.phase).toBe('connected');
  });

  it('comes with the class before this device, until that has gone', async () => {
    const hub = new FakeHub([aPeer('me')]);
    const { call } = setUp(hub);
    call.seat = ['ola', 'jan'];
    call.join();
    await settle();
    expect(hub.sentOf('room:join')).toEqual([{ room_id: 'room', pupil_ids: ['ola', 'jan'] }]);
    call.sitAlone();
    await settle();
    expect(hub.sentOf('room:join').at(-1)).not.toHaveProperty('pupil_ids');
  });

  it('asks nothing of the hub before the join was answered', async () => {
    const hub = new FakeHub();
    let admit: (answer: object) => void = () => undefined;
    hub.answers.set('room:join', () => new Promise((resolve) => (admit = resolve)));
    const { call } = setUp(hub);
    call.publish('microphone', microphone(), false);
    call.join();
    await settle();
    expect(hub.sent.map(({ event }) => event)).toEqual(['room:join']);
    admit({ peer_id: 'me', peers: [], ice_servers: [] });
    await settle();
    expect(hub.sent.map(({ event }) => event)).toEqual(['room:join', 'room:publish']);
  });

  it('keeps announcements that overtake the answer to the join', async () => {
    const hub = new FakeHub();
    hub.answers.set('room:join', () => {
      hub.tell('room:peer_joined', { room_id: 'room', peer: aPeer('lucia') });
      hub.tell('room:peer_left', { room_id: 'room', peer_id: 'marek' });
      return { peer_id: 'me', peers: [aPeer('marek')], ice_servers: [] };
    });
    const { call } = setUp(hub);
    call.join();
    await settle();
    expect(call.state.peers.map(({ peer_id }) => peer_id)).toEqual(['lucia']);
  });

  it.each(['not_found', 'room_full', 'in_lobby', 'removed_from_room', 'room_ended'])(
    'gives up when the hub answers %s',
    async (code) => {
      const hub = new FakeHub();
      hub.answers.set('room:join', () => refusal(code));
      const { call } = setUp(hub);
      call.join();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(call.state).toMatchObject({ phase: 'refused', refusal: code });
      expect(hub.sentOf('room:join')).toHaveLength(1);
    },
  );

  it('tries again, more and more slowly, while the hub is unavailable', async () => {
    const hub = new FakeHub();
    hub.answers.set('room:join', () => refusal('unavailable'));
    const { call } = setUp(hub);
    call.join();
    await vi.advanceTimersByTimeAsync(3_600);
    expect(hub.sentOf('room:join')).toHaveLength(4);
    expect(call.state.phase).toBe('joining');
  });

  it('listens only: without own tracks and alone there is no connection at all', async () => {
    const { call, connections } = setUp(new FakeHub());
    call.join();
    await settle();
    expect(connections).toHaveLength(0);
    expect(call.state.phase).toBe('connected');
  });
});

describe('negotiating', () => {
  it('runs one negotiation at a time and folds what was asked meanwhile into the next', async () => {
    const hub = new FakeHub();
    const { call, connections } = setUp(hub);
    call.join();
    await settle();
    const answer: ((value: object) => void)[] = [];
    hub.answers.set('room:publish', () => new Promise((resolve) => answer.push(resolve)));
    call.publish('microphone', microphone(), false);
    await settle();
    call.publish('camera', fakeTrack('camera', 'video'), false);
    call.publish('screen', fakeTrack('screen', 'video'), false);
    await settle();
    expect(hub.sentOf('room:publish')).toHaveLength(1);
    answer[0]?.({ sdp: hub.sdp(), tracks: [{ mid: '0', track_id: 'a' }] });
    await settle();
    expect(hub.sentOf('room:publish')[1]).toMatchObject({
      tracks: [{ source: 'microphone' }, { source: 'camera' }, { source: 'screen' }],
    });
    expect(connections).toHaveLength(1);
  });

  it('prefers VP8 and asks for Opus with pauses and repair', async () => {
    const hub = new FakeHub();
    const { call, connections } = setUp(hub);
    call.publish('camera', fakeTrack('camera', 'video'), false);
    call.join();
    await settle();
    expect(connections[0]?.transceivers[0]?.codecs).toEqual([VP8]);
    expect(connections[0]?.remoteDescription?.sdp).toContain('a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n');
  });

  it('ends a shared screen and uses its place for the next one', async () => {
    const hub = new FakeHub();
    const { call, connections } = setUp(hub);
    call.publish('screen', fakeTrack('screen-1', 'video'), false);
    call.join();
    await settle();
    call.unpublish('screen');
    await settle();
    expect(hub.sentOf('room:publish').at(-1)).toMatchObject({ tracks: [] });
    expect(connections[0]?.transceivers[0]).toMatchObject({ direction: 'inactive', sender: { track: null } });
    call.publish('screen', fakeTrack('screen-2', 'video'), false);
    await settle();
    expect(connections[0]?.transceivers).toHaveLength(1);
    expect(connections[0]?.transceivers[0]).toMatchObject({
      direction: 'sendonly',
      sender: { track: { id: 'screen-2' } },
    });
  });

  it('sends a screen with its sound as a track of its own, and ends both without touching the voice', async () => {
    const hub = new FakeHub();
    const { call, connections } = setUp(hub);
    call.publish('microphone', microphone(), false);
    call.publish('screen', fakeTrack('screen', 'video'), false);
    call.publish('screen_audio', fakeTrack('film', 'audio'), false);
    call.join();
    await settle();
    expect(hub.sentOf('room:publish').at(-1)).toMatchObject({
      tracks: [{ source: 'microphone' }, { source: 'screen' }, { source: 'screen_audio' }],
    });
    expect(connections[0]?.transceivers.map(({ sender }) => sender.track?.kind)).toEqual(['audio', 'video', 'audio']);
    call.unpublish('screen');
    call.unpublish('screen_audio');
    await settle();
    expect(hub.sentOf('room:publish').at(-1)).toMatchObject({ tracks: [{ source: 'microphone' }] });
  });

  it('hears the sound of a shared screen whatever cameras are watched', async () => {
    const tracks = [aTrack('a-scr', 'screen'), aTrack('a-film', 'screen_audio'), aTrack('a-cam', 'camera')];
    const hub = new FakeHub([aPeer('a', tracks)]);
    const { call } = setUp(hub);
    call.watch(new Set());
    call.join();
    await settle();
    expect([...call.state.media.keys()].sort()).toEqual(['a-film', 'a-scr']);
  });

  it('sends a face in two layers and a screen in one', async () => {
    const { call, connections } = setUp(new FakeHub());
    call.publish('camera', fakeTrack('camera', 'video'), false);
    call.publish('screen', fakeTrack('screen', 'video'), false);
    call.join();
    await settle();
    const encodings = connections[0]?.transceivers.map(({ encodings }) => encodings.map(({ rid }) => rid));
    expect(encodings).toEqual([['h', 'l'], [undefined]]);
  });

  it('says how large it shows cameras, once per change and again on another connection', async () => {
    const hub = new FakeHub([aPeer('a', [aTrack('a-mic', 'microphone'), aTrack('a-cam', 'camera')])]);
    const { call, connections } = setUp(hub);
    call.show({ cameraHeight_px: 225, visible: true });
    call.join();
    await settle();
    const small = [{ track_id: 'a-cam', max_height: 180, visible: true }];
    expect(hub.sentOf('room:prefer').map(({ tracks }) => tracks)).toEqual([small]);
    call.show({ cameraHeight_px: 226, visible: true });
    await settle();
    expect(hub.sentOf('room:prefer')).toHaveLength(1);
    call.show({ cameraHeight_px: null, visible: true });
    await settle();
    expect(hub.sentOf('room:prefer').at(-1)?.tracks).toEqual([]);
    call.show({ cameraHeight_px: null, visible: false });
    await settle();
    const hidden = [{ track_id: 'a-cam', max_height: null, visible: false }];
    expect(hub.sentOf('room:prefer').at(-1)?.tracks).toEqual(hidden);
    hub.tell('room:reset', { room_id: 'room' });
    await settle();
    expect(connections).toHaveLength(2);
    expect(hub.sentOf('room:prefer').map(({ tracks }) => tracks)).toEqual([small, [], hidden, hidden]);
  });

  it('swaps a device without asking the hub', async () => {
    const hub = new FakeHub();
    const { call, connections } = setUp(hub);
    call.publish('camera', fakeTrack('camera-1', 'video'), false);
    call.join();
    await settle();
    call.publish('camera', fakeTrack('camera-2', 'video'), false);
    await settle();
    expect(hub.sentOf('room:publish')).toHaveLength(1);
    expect(connections[0]?.transceivers[0]?.sender.track?.id).toBe('camera-2');
  });

  it('reuses a place for another track only after its end was answered', async () => {
    const hub = new FakeHub(['a', 'b', 'c'].map((id) => aPeer(id, [aTrack(`${id}-cam`, 'camera')])));
    const { call, connections } = setUp(hub);
    const lastOffered = () => hub.sentOf('room:subscribe').at(-1)?.tracks;
    call.watch(new Set(['a']));
    call.join();
    await settle();
    call.watch(new Set(['b']));
    await settle();
    expect(lastOffered()).toEqual([{ mid: '1', track_id: 'b-cam' }]);
    call.watch(new Set(['b', 'c']));
    await settle();
    expect(lastOffered()).toEqual([
      { mid: '0', track_id: 'c-cam' },
      { mid: '1', track_id: 'b-cam' },
    ]);
    expect(connections[0]?.transceivers).toHaveLength(2);
  });

  it('fetches only the cameras that are watched, and always sound and screens', async () => {
    const peers = ['a', 'b'].map((id) =>
      aPeer(id, [aTrack(`${id}-mic`, 'microphone'), aTrack(`${id}-cam`, 'camera'), aTrack(`${id}-scr`, 'screen')]),
    );
    const hub = new FakeHub(peers);
    const { call } = setUp(hub);
    call.watch(new Set(['b']));
    call.join();
    await settle();
    expect([...call.state.media.keys()].sort()).toEqual(['a-mic', 'a-scr', 'b-cam', 'b-mic', 'b-scr']);
  });

  it('asks for the camera of who comes with the first offer, until the page has said whom it shows', async () => {
    const camera = (id: string) => aPeer(id, [aTrack(`${id}-cam`, 'camera')]);
    const hub = new FakeHub(Array.from({ length: 12 }, (_, number) => camera(`p${number}`)));
    const { call } = setUp(hub);
    call.watch(new Set(), true);
    call.join();
    await settle();
    expect(hub.sentOf('room:subscribe')).toHaveLength(1);
    expect(call.state.media.size).toBe(9);
    call.watch(new Set(['p3']), true);
    await settle();
    expect([...call.state.media.keys()]).toEqual(['p3-cam']);
    call.watch(new Set());
    await settle();
    expect(call.state.media.size).toBe(0);
  });
});

describe('muting', () => {
  it('tells the hub again until it was heard, and then no more', async () => {
    const hub = new FakeHub();
    const { call } = setUp(hub);
    call.publish('microphone', microphone(), false);
    call.join();
    await settle();
    hub.answers.set('room:mute', () => refusal('unavailable'));
    call.mute('microphone', true);
    await settle();
    hub.answers.set('room:mute', () => ({}));
    await vi.advanceTimersByTimeAsync(600);
    expect(hub.sentOf('room:mute').at(-1)).toMatchObject({ muted: true });
    hub.sent.length = 0;
    call.mute('microphone', false);
    call.mute('microphone', true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(hub.sentOf('room:mute').map(({ muted }) => muted)).toEqual([false, true]);
  });

  it('keeps its voice open through a pause without teachers, so that it goes on by itself', async () => {
    const hub = new FakeHub();
    const { call, silenced } = setUp(hub);
    call.publish('microphone', microphone(), false);
    call.join();
    await settle();
    const track = { ...aTrack('mine-0-1', 'microphone', true), hold: 'alone' as const };
    hub.tell('room:muted', { room_id: 'room', peer_id: 'me', track });
    expect(silenced).toEqual([]);
  });

  it.each([
    ['lobby:sent_back', 'in_lobby'],
    ['room:removed', 'removed_from_room'],
    ['room:ended', 'room_ended'],
  ] as const)('is over when it hears %s', async (event, refusal) => {
    const hub = new FakeHub();
    const { call } = setUp(hub);
    call.join();
    await settle();
    hub.tell(event, { room_id: 'another' });
    expect(call.state.phase).not.toBe('refused');
    hub.tell(event, { room_id: 'room' });
    expect(call.state).toMatchObject({ phase: 'refused', refusal });
  });

  it('obeys a teacher who silences it, but not the echo of its own muting', async () => {
    const hub = new FakeHub();
    const { call, silenced } = setUp(hub);
    call.publish('microphone', microphone(), false);
    call.join();
    await settle();
    const muted = (value: boolean) =>
      hub.tell('room:muted', { room_id: 'room', peer_id: 'me', track: aTrack('mine-0-1', 'microphone', value) });
    call.mute('microphone', true);
    muted(true);
    await settle();
    call.mute('microphone', false);
    muted(true);
    await settle();
    muted(false);
    expect(silenced).toEqual([]);
    muted(true);
    expect(silenced).toEqual(['microphone']);
  });
});

describe('coming back', () => {
  async function inCall() {
    const hub = new FakeHub([aPeer('marek', [aTrack('t1', 'microphone')])]);
    const parts = setUp(hub);
    parts.call.publish('microphone', microphone(), false);
    parts.call.join();
    await settle();
    for (const connection of parts.connections) connection.become('connected');
    hub.sent.length = 0;
    return { hub, ...parts };
  }

  it('takes its place again after a lost socket, on the same connections', async () => {
    const { hub, call, connections } = await inCall();
    hub.setConnected(false);
    expect(call.state.phase).toBe('reconnecting');
    hub.setConnected(true);
    await settle();
    expect(hub.sentOf('room:join')).toEqual([{ room_id: 'room', peer_id: 'me', meeting: 'room:3' }]);
    expect(call.state.phase).toBe('connected');
    expect(connections).toHaveLength(2);
  });

  it('gives the connections it keeps the relays it is told of', async () => {
    const { hub, connections } = await inCall();
    hub.setConnected(false);
    const iceServers = [{ urls: ['turn:relay.test'], username: 'until', credential: 'secret' }];
    hub.answers.set('room:join', () => ({ peer_id: 'me', peers: [], ice_servers: iceServers }));
    hub.setConnected(true);
    await settle();
    expect(connections.map((connection) => connection.getConfiguration().iceServers)).toEqual([iceServers, iceServers]);
  });

  it('opens new connections when another media process answers', async () => {
    const { hub, call, connections } = await inCall();
    hub.setConnected(false);
    hub.fingerprint = 'sha-256 CC:DD';
    hub.setConnected(true);
    await settle();
    expect(connections).toHaveLength(4);
    expect(connections.slice(0, 2).map(({ connectionState }) => connectionState)).toEqual(['closed', 'closed']);
    const sending = connections
      .slice(2)
      .flatMap(({ transceivers }) => transceivers.map(({ sender }) => sender.track?.id));
    expect(sending).toContain('microphone');
    expect(call.state.phase).toBe('reconnecting');
    for (const connection of connections.slice(2)) connection.become('connected');
    expect(call.state.phase).toBe('connected');
  });

  it('opens new connections when it comes back as another peer', async () => {
    const { hub, connections } = await inCall();
    hub.setConnected(false);
    hub.answers.set('room:join', () => ({ peer_id: 'me-again', peers: [], ice_servers: [] }));
    hub.setConnected(true);
    await settle();
    expect(connections.slice(0, 2).map(({ connectionState }) => connectionState)).toEqual(['closed', 'closed']);
    expect(hub.sentOf('room:publish').at(-1)).toMatchObject({ tracks: [{ source: 'microphone' }] });
  });

  it('knows what the hub keeps back and who speaks, until the room is reset', async () => {
    const { hub, call } = await inCall();
    hub.tell('room:line', { room_id: 'another', sound_only: true, paused: [], narrowed: true });
    expect(call.state.line).toEqual({ soundOnly: false, paused: new Set(), narrowed: false });
    hub.tell('room:line', { room_id: 'room', sound_only: true, paused: ['t2'], narrowed: true });
    hub.tell('room:speaker', { room_id: 'room', peer_id: 'marek' });
    expect(call.state.line).toEqual({ soundOnly: true, paused: new Set(['t2']), narrowed: true });
    expect(call.state.speaker).toBe('marek');
    hub.tell('room:reset', { room_id: 'room' });
    await settle();
    expect(call.state.line).toEqual({ soundOnly: false, paused: new Set(), narrowed: false });
    expect(call.state.speaker).toBeNull();
  });

  it('starts over with the same local tracks when the room was reset', async () => {
    const { hub, call, connections } = await inCall();
    hub.tell('room:reset', { room_id: 'room' });
    await settle();
    expect(hub.sent.map(({ event }) => event)).toEqual(['room:join', 'room:publish', 'room:subscribe']);
    expect(connections).toHaveLength(4);
    for (const connection of connections.slice(2)) connection.become('connected');
    expect(call.state.phase).toBe('connected');
  });

  it('restarts ICE when the path is lost, and opens a new connection when that does not help', async () => {
    const { call, connections } = await inCall();
    connections[0]?.become('disconnected');
    expect(call.state.phase).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(2_600);
    expect(connections[0]?.restarts).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(connections[0]?.connectionState).toBe('closed');
    expect(connections).toHaveLength(3);
  });

  it('leaves a path alone that heals by itself', async () => {
    const { call, connections } = await inCall();
    connections[0]?.become('disconnected');
    await vi.advanceTimersByTimeAsync(1_000);
    connections[0]?.become('connected');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(connections[0]?.restarts).toBe(0);
    expect(call.state.phase).toBe('connected');
  });

  it('opens a new connection when the hub says that this one is over', async () => {
    const { hub, connections } = await inCall();
    hub.answers.set('room:publish', () => {
      hub.answers.set('room:publish', () => ({ sdp: hub.sdp(), tracks: [{ mid: '0', track_id: 'again' }] }));
      return refusal('conflict');
    });
    hub.tell('room:unpublished', { room_id: 'room', peer_id: 'me', track: aTrack('mine-0-1', 'microphone') });
    await vi.advanceTimersByTimeAsync(600);
    expect(connections[0]?.connectionState).toBe('closed');
    expect(hub.sentOf('room:publish')).toHaveLength(2);
  });

  it('joins again when the hub does not know this peer any more', async () => {
    const { hub, call } = await inCall();
    hub.answers.set('room:publish', () => refusal('not_found'));
    call.publish('camera', fakeTrack('camera', 'video'), false);
    await settle();
    expect(hub.sent.map(({ event }) => event).slice(0, 2)).toEqual(['room:publish', 'room:join']);
  });
});

describe('leaving', () => {
  it('closes both connections, tells the hub and hears nothing more', async () => {
    const hub = new FakeHub([aPeer('marek', [aTrack('t1', 'microphone')])]);
    const { call, connections, states } = setUp(hub);
    call.publish('microphone', microphone(), false);
    call.join();
    await settle();
    call.leave();
    expect(connections.map(({ connectionState }) => connectionState)).toEqual(['closed', 'closed']);
    expect(hub.sent.at(-1)).toEqual({ event: 'room:leave', payload: { room_id: 'room' } });
    const count = states.length;
    hub.tell('room:peer_joined', { room_id: 'room', peer: aPeer('late') });
    hub.setConnected(false);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(states).toHaveLength(count);
    expect(states.at(-1)?.phase).toBe('left');
  });
});

describe('codecs', () => {
  const watching = () => new FakeHub([aPeer('me'), aPeer('obs', [aTrack('t1', 'camera')])]);
  const codecsOf = (connections: FakeConnection[]) =>
    connections.flatMap(({ transceivers }) => transceivers.map(({ codecs }) => codecs.map(({ mimeType }) => mimeType)));

  it('offers VP8, and every codec for a track that comes in another', async () => {
    const hub = watching();
    const { call, connections } = setUp(hub);
    hub.answers.set('room:subscribe', () => ({
      sdp: hub.sdp(),
      undecodable: hub.sentOf('room:subscribe').length > 1 ? [] : ['t1'],
    }));
    call.join();
    await settle();
    expect(hub.sentOf('room:subscribe')).toHaveLength(2);
    expect(codecsOf(connections)).toEqual([['video/VP8', 'video/H264']]);
    expect([...call.state.undecodable]).toEqual([]);
  });

  it('says which pictures it can not show, and does not ask forever', async () => {
    const hub = watching();
    const { call } = setUp(hub);
    hub.answers.set('room:subscribe', () => ({ sdp: hub.sdp(), undecodable: ['t1'] }));
    call.join();
    await settle();
    expect(hub.sentOf('room:subscribe')).toHaveLength(2);
    expect([...call.state.undecodable]).toEqual(['t1']);
  });
});
