/** Who has a document open, read from awareness: what other clients say about themselves, so nothing in it is trusted. */

export interface Person {
  userId: string;
  name: string;
  schoolId: string;
  isMe: boolean;
}

/** What a client says about its user; also the `user` field that the carets read. */
export interface Presence {
  id: string;
  name: string;
  school_id: string;
}

const MAX_NAME_LENGTH = 80;

/** A presence as another client sent it, or null when it is not one. */
export function readPresence(value: unknown): Presence | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, name, school_id } = value as Record<string, unknown>;
  if (typeof id !== 'string' || typeof name !== 'string' || !name.trim()) return null;
  return { id, name: name.slice(0, MAX_NAME_LENGTH), school_id: typeof school_id === 'string' ? school_id : '' };
}

/** Everybody once, however many tabs they have open; oneself first, then by name. */
export function peopleIn(states: ReadonlyMap<number, Record<string, unknown>>, me: Presence): Person[] {
  const people = new Map<string, Person>();
  for (const state of states.values()) {
    const presence = readPresence(state.user);
    if (!presence || people.has(presence.id)) continue;
    people.set(presence.id, {
      userId: presence.id,
      name: presence.name,
      schoolId: presence.school_id,
      isMe: presence.id === me.id,
    });
  }
  return [...people.values()].sort((a, b) => Number(b.isMe) - Number(a.isMe) || a.name.localeCompare(b.name));
}
