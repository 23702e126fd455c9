import { mount, unmount } from 'svelte';
import { call } from '../call/call.svelte';
import PictureWindow from './picture_window.svelte';

/** Not every browser has it, and TypeScript doesn't know it yet. */
interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

const SIZE = { width: 320, height: 244 };
const ofDocuments = (globalThis as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture;

/** A small window over all others, in which who speaks is seen while one works in another tab or program. */
class PictureInPicture {
  open = $state(false);
  #close: (() => void) | null = null;

  /** Whether this browser can. */
  get possible(): boolean {
    return ofDocuments !== undefined || document.pictureInPictureEnabled === true;
  }

  /** Only as the answer to a press: browsers want one. Rejects with a DOMException where the browser refuses. */
  async toggle(): Promise<void> {
    if (this.open) this.close();
    else if (ofDocuments) await this.#openWindow(ofDocuments);
    else await this.#openVideo();
  }

  close(): void {
    this.#close?.();
  }

  async #openWindow(documents: DocumentPictureInPicture): Promise<void> {
    const small = await documents.requestWindow(SIZE);
    const { documentElement, head, body } = small.document;
    for (const style of document.querySelectorAll('link[rel="stylesheet"], style')) head.append(style.cloneNode(true));
    for (const name of ['lang', 'dir', 'data-theme']) {
      const value = document.documentElement.getAttribute(name);
      if (value !== null) documentElement.setAttribute(name, value);
    }
    const view = mount(PictureWindow, { target: body });
    this.#opened(() => {
      void unmount(view);
      small.close();
    });
    small.addEventListener('pagehide', () => this.close());
  }

  /** Where there is only the picture of a video: that of who speaks. */
  async #openVideo(): Promise<void> {
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    const stop = $effect.root(() => {
      $effect(() => {
        const track = call.mediaOf(
          call.peers.find(({ peer_id }) => peer_id === call.speakers.active) ?? call.peers[0],
          'camera',
        );
        video.srcObject = track ? new MediaStream([track]) : null;
        if (track) void video.play().catch(() => undefined);
      });
    });
    try {
      await video.play();
      await video.requestPictureInPicture();
    } catch (error) {
      stop();
      throw error;
    }
    this.#opened(() => {
      stop();
      video.srcObject = null;
      if (document.pictureInPictureElement === video) void document.exitPictureInPicture();
    });
    video.addEventListener('leavepictureinpicture', () => this.close());
  }

  #opened(close: () => void): void {
    this.open = true;
    this.#close = () => {
      this.#close = null;
      this.open = false;
      close();
    };
  }
}

export const pictureInPicture = new PictureInPicture();
