/** Half an hour before the TURN servers' password ends: the next connection or ICE restart needs one that holds. */
const RENEW_AFTER_MS = 30 * 60_000;

/** The servers that a connection may go through, whose passwords end: `renew` is asked for new ones in time. */
export class IceServers {
  #servers: RTCIceServer[] = [];
  #renewal: ReturnType<typeof setTimeout> | undefined;
  readonly #renew: () => void;

  constructor(renew: () => void) {
    this.#renew = renew;
  }

  get now(): RTCIceServer[] {
    return this.#servers;
  }

  use(servers: RTCIceServer[]): void {
    this.#servers = servers;
    clearTimeout(this.#renewal);
    if (servers.length > 0) this.#renewal = setTimeout(this.#renew, RENEW_AFTER_MS);
  }

  close(): void {
    clearTimeout(this.#renewal);
  }
}
