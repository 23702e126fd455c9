import { describe, expect, test } from 'vitest';
import { advance, hasUnsent, stateOf, UNOPENED, type DocEvent } from './saved_state';

const CONNECTED: DocEvent = { type: 'connected' };
const WRITER: DocEvent = { type: 'authenticated', canWrite: true };
const READER: DocEvent = { type: 'authenticated', canWrite: false };
const THEIRS: DocEvent = { type: 'received_state' };
const OURS: DocEvent = { type: 'sent_state' };
const EDITED: DocEvent = { type: 'edited' };
const SENT: DocEvent = { type: 'sent_change' };
const ACKNOWLEDGED: DocEvent = { type: 'acknowledged' };
const LOST: DocEvent = { type: 'disconnected' };
const JOINED = [CONNECTED, WRITER, THEIRS, OURS, ACKNOWLEDGED];

const after = (...events: DocEvent[]) => events.reduce(advance, UNOPENED);

describe('a document that is opened', () => {
  test('is opening until the hub has acknowledged the first exchange', () => {
    const steps = [CONNECTED, WRITER, THEIRS, OURS];
    for (let i = 0; i <= 2; i++) expect(stateOf(after(...steps.slice(0, i)))).toBe('opening');
    expect(stateOf(after(...JOINED))).toBe('saved');
  });

  test('is offline when the first connection fails', () => {
    expect(stateOf(after(LOST))).toBe('offline');
  });

  test('is read only for a reader, whose changes never count as saved', () => {
    expect(stateOf(after(CONNECTED, READER, THEIRS, OURS, ACKNOWLEDGED))).toBe('read_only');
    expect(stateOf(after(...JOINED, READER))).toBe('read_only');
  });

  test('tells an old client apart from other refusals, until the next connection', () => {
    expect(stateOf(after(CONNECTED, { type: 'refused', code: 'old_client' }))).toBe('old_client');
    const refused = after(...JOINED, { type: 'refused', code: 'not_found' });
    expect(stateOf(refused)).toBe('refused');
    expect(stateOf(JOINED.reduce(advance, refused))).toBe('saved');
  });
});

describe("the hub's storage", () => {
  const FAILING: DocEvent = { type: 'storage', failing: true };
  const WORKS: DocEvent = { type: 'storage', failing: false };

  test('that fails is never called saved, even when nothing was changed here', () => {
    expect(stateOf(after(...JOINED, FAILING))).toBe('not_saving');
    const typed = after(...JOINED, FAILING, EDITED, SENT);
    expect(stateOf(typed)).toBe('not_saving');
    expect(hasUnsent(typed)).toBe(true);
  });

  test('that works again saves what waited', () => {
    const mended = after(...JOINED, FAILING, EDITED, SENT, WORKS);
    expect(stateOf(mended)).toBe('saving');
    expect(stateOf(advance(mended, ACKNOWLEDGED))).toBe('saved');
  });

  test('means nothing to a reader, and is asked anew with each connection', () => {
    expect(stateOf(after(CONNECTED, READER, THEIRS, OURS, ACKNOWLEDGED, FAILING))).toBe('read_only');
    expect(stateOf(after(...JOINED, FAILING, LOST))).toBe('offline');
    expect(stateOf(after(...JOINED, FAILING, LOST, ...JOINED))).toBe('saved');
  });
});

test('a large document stays large, whatever happens to the connection', () => {
  const large = after(...JOINED, { type: 'large' });
  expect(stateOf(large)).toBe('saved');
  expect([LOST, ...JOINED].reduce(advance, large).large).toBe(true);
});

describe('a change', () => {
  test('is saving until its own acknowledgement', () => {
    const typed = after(...JOINED, EDITED, SENT, EDITED, SENT);
    expect(stateOf(typed)).toBe('saving');
    expect(stateOf(advance(typed, ACKNOWLEDGED))).toBe('saving');
    expect(stateOf(after(...JOINED, EDITED, SENT, EDITED, SENT, ACKNOWLEDGED, ACKNOWLEDGED))).toBe('saved');
  });

  test('made offline is unsent until the exchange after the next connection is acknowledged', () => {
    const offline = after(...JOINED, LOST, EDITED);
    expect(stateOf(offline)).toBe('offline');
    expect(hasUnsent(offline)).toBe(true);
    const back = [CONNECTED, WRITER, THEIRS, OURS].reduce(advance, offline);
    expect(stateOf(back)).toBe('saving');
    expect(hasUnsent(advance(back, ACKNOWLEDGED))).toBe(false);
  });

  test('under way when the connection broke is not taken for saved by the acknowledgement of another', () => {
    const broke = after(
      ...JOINED,
      EDITED,
      SENT,
      SENT,
      LOST,
      CONNECTED,
      WRITER,
      THEIRS,
      OURS,
      EDITED,
      SENT,
      ACKNOWLEDGED,
    );
    expect(stateOf(broke)).toBe('saving');
    expect(stateOf(advance(broke, ACKNOWLEDGED))).toBe('saved');
  });

  test('that the hub did not keep is never called saved', () => {
    expect(stateOf(after(...JOINED, EDITED, SENT, { type: 'not_kept' }))).toBe('saving');
  });

  test('is not saved by an acknowledgement too many', () => {
    expect(stateOf(after(...JOINED, ACKNOWLEDGED, EDITED, SENT))).toBe('saving');
  });
});

test('saved is said in no other case than: both states exchanged and nothing unacknowledged', () => {
  const events = [CONNECTED, WRITER, READER, THEIRS, OURS, EDITED, SENT, ACKNOWLEDGED, LOST];
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let run = 0; run < 2_000; run++) {
    let progress = UNOPENED;
    let unacknowledged = 0;
    let exchanged = { ours: false, theirs: false };
    for (let step = 0; step < 20; step++) {
      const event = events[random(events.length)] as DocEvent;
      progress = advance(progress, event);
      if (event === CONNECTED || event === LOST) [unacknowledged, exchanged] = [0, { ours: false, theirs: false }];
      if (event === OURS || event === SENT) unacknowledged++;
      if (event === ACKNOWLEDGED) unacknowledged = Math.max(0, unacknowledged - 1);
      if (event === OURS) exchanged.ours = true;
      if (event === THEIRS) exchanged.theirs = true;
      if (stateOf(progress) !== 'saved') continue;
      expect(unacknowledged).toBe(0);
      expect(exchanged).toEqual({ ours: true, theirs: true });
    }
  }
});
