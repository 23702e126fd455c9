import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aPeer, aTrack, FakeHub, fakeTrack, refusal } from './fakes';
import { microphone, settle, setUp } from './set_up';

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
