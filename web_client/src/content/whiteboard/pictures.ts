import type { Thing } from '../../docs/board';

/** The pictures that lie on a board, each fetched once. */
export class Pictures {
  readonly #versions = new Map<string, number>();
  readonly #images = new Map<string, HTMLImageElement | null>();
  readonly #waiting = new Map<string, Set<Thing>>();
  readonly #listeners = new Set<(thing: Thing) => void>();

  /** Pages of this PDF stay those that it had then. */
  pin(materialId: string, version: number): void {
    this.#versions.set(materialId, version);
  }

  /** Undefined while it is on its way, or when it can't be had. */
  readonly of = (thing: Thing): HTMLImageElement | undefined => {
    if (!thing.materialId) return undefined;
    const address = addressOf(thing.materialId, thing.page, this.#versions.get(thing.materialId));
    const image = this.#images.get(address);
    if (image === undefined) this.#fetch(address);
    if (!image) {
      const waiting = this.#waiting.get(address);
      if (waiting) waiting.add(thing);
      return undefined;
    }
    return image;
  };

  /** Hears of each thing whose picture has come. */
  listen(listener: (thing: Thing) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #fetch(address: string): void {
    const image = new Image();
    this.#images.set(address, null);
    this.#waiting.set(address, new Set());
    image.onload = () => {
      this.#images.set(address, image);
      for (const thing of this.#waiting.get(address) ?? []) for (const listener of this.#listeners) listener(thing);
      this.#waiting.delete(address);
    };
    image.src = address;
  }
}

/** A page of a PDF is drawn by the hub; a picture is itself. */
export const addressOf = (materialId: string, page: number, version?: number): string =>
  page > 0
    ? `/api/v1/materials/${materialId}/page?page=${page}${version ? `&version=${version}` : ''}`
    : `/api/v1/materials/${materialId}/file`;
