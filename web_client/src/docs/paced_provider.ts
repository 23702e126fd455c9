import { HocuspocusProvider } from '@hocuspocus/provider';
import { Pace } from './pace';

/** The stock provider, but what arrives together is applied as one change, and no oftener than this machine can draw. */
export class PacedProvider extends HocuspocusProvider {
  readonly #pace = new Pace<MessageEvent>((messages) => this.#apply(messages));

  override onMessage(event: MessageEvent): void {
    this.#pace.push(event);
  }

  override onClose(): void {
    this.#pace.flush();
    super.onClose();
  }

  override destroy(): void {
    this.#pace.stop();
    super.destroy();
  }

  #apply(messages: MessageEvent[]): void {
    // Views and editors hear of one transaction, whatever number of updates is in it.
    this.document.transact(() => {
      for (const message of messages) {
        try {
          super.onMessage(message);
        } catch (error) {
          reportError(error);
        }
      }
    }, this);
  }
}
