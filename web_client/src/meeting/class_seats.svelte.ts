import { memberOf, may, session } from '../app_state.svelte';
import { call } from '../call/call.svelte';
import { t } from '../catalogue';
import type { Peer } from '../protocol/shapes';
import { emit, on } from '../protocol/socket';
import type { ClassSeat, ClassSeats } from '../protocol/schema';
import { surroundings } from './surroundings.svelte';

/** As many as the hub takes before one device. */
export const FEWEST = 2;
export const MOST = 60;

export const fits = (count: number): boolean => count >= FEWEST && count <= MOST;

/** "Class 4b – 14 pupils" */
export const seatWords = (className: string, count: number): string =>
  className ? t('seat_named', { name: className, count }) : t('seat_unnamed', { count });

/** What a tile calls somebody: a class before one device is called by its class. */
export const placeName = (peer: Peer): string =>
  peer.class_size ? seatWords(peer.class_name ?? '', peer.class_size) : surroundings.nameOf(peer);

/** Everybody in the meeting, with those who sit before one device together. */
export const peopleCount = (): number =>
  call.peers.reduce((sum, { class_size }) => sum + 1 + (class_size ?? 0), 1 + (call.seat?.length ?? 0));

/** Who sits before the class seats of this call: all of them for who leads, one's own for the others. */
class ClassSeatsHere {
  #seats = $state.raw<readonly ClassSeat[]>([]);

  /** Call it in an effect, which returns what this returns: it looks again whenever a seat changes. */
  follow(): (() => void) | undefined {
    const roomId = call.place?.roomId;
    const theirs = may('moderate') && call.peers.some(({ class_size }) => class_size);
    if (roomId === undefined || call.phase === 'joining' || (call.seat === null && !theirs)) {
      this.#seats = [];
      return undefined;
    }
    let over = false;
    const look = () => {
      emit<ClassSeats>('seat:list', { room_id: roomId }).then(
        ({ seats }) => {
          if (!over) this.#seats = seats;
        },
        () => undefined, // Whoever has just left asks for nothing; the next change looks again.
      );
    };
    look();
    const unfollow = on('room:seats', ({ room_id }) => {
      if (room_id === roomId) look();
    });
    return () => {
      over = true;
      unfollow();
    };
  }

  /** The pupils before the device of this user, called as I may call them. */
  pupilsOf(userId: string | undefined): readonly { pupil_id: string; name: string }[] {
    const seat = this.#seats.find(({ seat_id }) => seat_id === userId);
    return (seat?.pupils ?? []).map(({ pupil_id, name }) => ({ pupil_id, name: pupilName(pupil_id, name) }));
  }

  /** How this person's own device is called, when it is a class seat. */
  get ownWords(): string | null {
    if (call.seat === null) return null;
    const own = this.#seats.find(({ seat_id }) => seat_id === session.user?.id);
    return seatWords(own?.class_name ?? '', own?.pupils.length ?? call.seat.length);
  }
}

/** Everybody is told the name that other schools may read; of my own school's pupils I know better. */
export function pupilName(pupilId: string, told: string): string {
  const member = memberOf(pupilId);
  return member && member.school_id === session.user?.school.id ? member.display_name : told;
}

export const classSeats = new ClassSeatsHere();
