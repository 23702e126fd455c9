const WAITS_MS = [300, 1_000, 3_000];

/** A part of the client, asked for again when it does not come: browsers end all requests when the network changes. */
export async function loadPatiently<T>(load: () => Promise<T>): Promise<T> {
  for (const wait_ms of WAITS_MS) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait_ms));
    }
  }
  return load();
}
