import Heart from '@lucide/svelte/icons/heart';
import Laugh from '@lucide/svelte/icons/laugh';
import PartyPopper from '@lucide/svelte/icons/party-popper';
import Sparkles from '@lucide/svelte/icons/sparkles';
import ThumbsDown from '@lucide/svelte/icons/thumbs-down';
import ThumbsUp from '@lucide/svelte/icons/thumbs-up';
import { session } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import { t, type Key } from '../catalogue';
import type { Announcements } from '../protocol/shapes';
import { emit, on } from '../protocol/socket';
import { classSeats, placeName } from './class_seats.svelte.js';
import { roomRules } from './room_rules.svelte.js';

export type Reaction = Announcements['room:reacted']['reactions'][number]['reaction'];

/** All there are, in the order of the menu. Drawn: old machines have no font for emoji. */
export const REACTIONS: readonly { kind: Reaction; icon: typeof Heart; words: Key; one: Key; more: Key }[] = [
  { kind: 'clap', icon: PartyPopper, words: 'meet_clap', one: 'reacts_clap', more: 'reacts_clap_more' },
  { kind: 'heart', icon: Heart, words: 'meet_heart', one: 'reacts_heart', more: 'reacts_heart_more' },
  { kind: 'laugh', icon: Laugh, words: 'meet_laugh', one: 'reacts_laugh', more: 'reacts_laugh_more' },
  { kind: 'wow', icon: Sparkles, words: 'meet_wow', one: 'reacts_wow', more: 'reacts_wow_more' },
  { kind: 'yes', icon: ThumbsUp, words: 'meet_yes', one: 'reacts_yes', more: 'reacts_yes_more' },
  { kind: 'no', icon: ThumbsDown, words: 'meet_no', one: 'reacts_no', more: 'reacts_no_more' },
];

export const SHOWN_FOR_MS = 6_000;

/** Those who react in one way, first come first; whoever does it again is counted once. */
export interface Crowd {
  kind: Reaction;
  people: readonly { peerId: string; name: string }[];
  until_ms: number;
}

/** The crowds after somebody reacted: a kind stays while people join it. */
export function gather(
  crowds: readonly Crowd[],
  reacted: readonly { kind: Reaction; peerId: string; name: string }[],
  now_ms: number,
): Crowd[] {
  let gathered = crowds.filter(({ until_ms }) => until_ms > now_ms);
  for (const { kind, peerId, name } of reacted) {
    const known = gathered.find((crowd) => crowd.kind === kind);
    const before = known?.people ?? [];
    const people = before.some((person) => person.peerId === peerId) ? before : [...before, { peerId, name }];
    const crowd = { kind, people, until_ms: now_ms + SHOWN_FOR_MS };
    gathered = known ? gathered.map((each) => (each === known ? crowd : each)) : [...gathered, crowd];
  }
  return gathered;
}

/** "Ana and 3 others clap" */
export function crowdWords({ kind, people }: Crowd): string {
  const said = REACTIONS.find((each) => each.kind === kind);
  const name = people[0]?.name ?? '';
  if (!said) return '';
  return people.length > 1 ? t(said.more, { name, count: people.length - 1 }) : t(said.one, { name });
}

/** Who reacts in the meeting of the call, for a few seconds each. */
class ReactionsHere {
  crowds = $state.raw<readonly Crowd[]>([]);
  /** The menu is open. */
  choosing = $state(false);
  /** What went wrong with the last one. */
  problem = $state.raw<unknown>(null);
  #sweeper: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    on('room:reacted', ({ room_id, reactions }) => {
      if (room_id !== call.place?.roomId) return;
      const reacted = reactions.map(({ peer_id, reaction }) => ({
        kind: reaction,
        peerId: peer_id,
        name: this.#nameOf(peer_id),
      }));
      this.#show(gather(this.crowds, reacted, Date.now()));
    });
  }

  get closed(): boolean {
    return roomRules.closed('reactions') !== null;
  }

  async send(kind: Reaction): Promise<void> {
    try {
      await emit('room:react', { room_id: call.place?.roomId, reaction: kind });
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  #nameOf(peerId: string): string {
    const peer = call.peers.find(({ peer_id }) => peer_id === peerId);
    return peer ? placeName(peer) : (classSeats.ownWords ?? session.user?.display_name ?? '');
  }

  #show(crowds: readonly Crowd[]): void {
    this.crowds = crowds;
    clearTimeout(this.#sweeper);
    const next_ms = Math.min(...crowds.map(({ until_ms }) => until_ms));
    if (crowds.length > 0) {
      this.#sweeper = setTimeout(() => this.#show(gather(this.crowds, [], Date.now())), next_ms - Date.now() + 1);
    }
  }
}

export const reactions = new ReactionsHere();
