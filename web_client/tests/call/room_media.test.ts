import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aPeer, aTrack, FakeConnection, FakeHub, fakeTrack, refusal } from './fakes';
import { VP8, microphone, settle, setUp } from './set_up';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

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
