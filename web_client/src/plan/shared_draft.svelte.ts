import { merge } from './merge';
import type { Change } from './work_plan.svelte';

/** What a colleague wrote in a field that I wrote in too. */
interface Theirs<T> {
  name: keyof T;
  was: T;
}

/** A dialog's copy of a row of the plan, which others may change while it is open. */
export class SharedDraft<Row extends { revision: number; changes: readonly Change[] }, T extends object> {
  mine = $state() as T;
  revision = $state(0);
  /** What others changed since the dialog was opened. */
  changes = $state.raw<readonly Change[]>([]);
  /** Where both wrote: what they wrote. */
  both = $state.raw<readonly Theirs<T>[]>([]);
  readonly #begin: (row: Row | null) => T;
  #base: T;

  /** `begin` makes the fields of a row, or of a new one. */
  constructor(begin: (row: Row | null) => T) {
    this.#begin = begin;
    this.#base = begin(null);
    this.mine = begin(null);
  }

  /** The dialog opens. */
  open(row: Row | null): void {
    this.#base = this.#begin(row);
    this.mine = this.#begin(row);
    this.revision = row?.revision ?? 0;
    this.changes = [];
    this.both = [];
  }

  /** Somebody was quicker: what I did not touch becomes theirs, what I wrote stays, and both are shown. */
  bringTogether(row: Row): void {
    const their = this.#begin(row);
    const { merged, both } = merge(this.#base, $state.snapshot(this.mine) as T, their);
    this.changes = row.changes.filter((change) => change.revision > this.revision);
    this.both = both.map((name) => ({ name, was: their }));
    this.mine = merged;
    this.#base = their;
    this.revision = row.revision;
  }
}
