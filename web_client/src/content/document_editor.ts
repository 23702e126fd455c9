import { Editor, Extension } from '@tiptap/core';
import Collaboration from '@tiptap/extension-collaboration';
import CollaborationCaret from '@tiptap/extension-collaboration-caret';
import { Placeholder } from '@tiptap/extensions';
import StarterKit from '@tiptap/starter-kit';
import type { LiveDoc } from '../docs/live_doc';
import { readPresence, type Presence } from '../docs/people';

/** The document's schema is that of these extensions: change it together with SCHEMA_NUMBER. */

const SAFE_ADDRESS = /^(https?:\/\/|mailto:)/i;

/** ProseMirror writes its own selection into the page so long after it got the focus. */
const EDITOR_HEEDS_FOCUS_AFTER_MS = 20;

/** A typed address made complete, or null when it leads nowhere we let links lead. */
export function safeAddress(typed: string): string | null {
  const address = typed.trim();
  if (SAFE_ADDRESS.test(address)) return URL.canParse(address) ? address : null;
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) && !/^[^/]*:\d/.test(address)) return null;
  if (/^[^\s/@]+@[^\s/@]+\.[^\s/@]+$/.test(address)) return `mailto:${address}`;
  const completed = `https://${address}`;
  return /^[^\s/]+\.[^\s/]/.test(address) && URL.canParse(completed) ? completed : null;
}

interface EditorOptions {
  element: HTMLElement;
  live: LiveDoc;
  me: Presence;
  editable: boolean;
  label: string;
  describedBy: string;
  placeholder: () => string;
  /** Escape was pressed: the focus must leave the text. */
  onescape: () => void;
  onlink: () => void;
  /** After every change of text or selection. */
  onchange: () => void;
  renderCaret: (person: Presence) => HTMLElement;
  caretColour: (person: Presence) => string;
}

/**
 * Makes the editor read where the caret is before anything changes under it. The browser announces a caret moved by a
 * click or a key only a moment later; a partner's change drawn in between would put it back to where it was.
 *
 * Call it before the editor is made: whatever the editor does at these moments, it must do after ours. Call what it
 * returns when the editor is gone.
 */
function readSelectionFirst(element: HTMLElement, { doc, awareness }: LiveDoc): () => void {
  const read = () => document.dispatchEvent(new Event('selectionchange'));
  const readSoon = () => setTimeout(read);
  const readOnceFocused = () => setTimeout(read, EDITOR_HEEDS_FOCUS_AFTER_MS);
  doc.on('beforeAllTransactions', read);
  awareness?.on('change', readSoon);
  element.addEventListener('focus', readOnceFocused, true);
  return () => {
    doc.off('beforeAllTransactions', read);
    awareness?.off('change', readSoon);
    element.removeEventListener('focus', readOnceFocused, true);
  };
}

/** An editor on the live document's fragment "default". Call `destroy` on it before the document is let go. */
export function createEditor(options: EditorOptions): Editor {
  const { live, me } = options;
  const person = (user: Record<string, unknown>): Presence =>
    readPresence(user) ?? { id: '', name: '?', school_id: '' };
  const Keys = Extension.create({
    name: 'keys',
    addKeyboardShortcuts: () => ({
      Escape: () => {
        options.onescape();
        return true;
      },
      'Mod-k': () => {
        options.onlink();
        return true;
      },
    }),
  });
  const letGo = readSelectionFirst(options.element, live);
  return new Editor({
    onDestroy: letGo,
    element: options.element,
    editable: options.editable,
    injectCSS: false,
    extensions: [
      StarterKit.configure({
        undoRedo: false,
        heading: { levels: [2, 3] },
        link: {
          openOnClick: 'whenNotEditable',
          autolink: true,
          defaultProtocol: 'https',
          isAllowedUri: (address) => SAFE_ADDRESS.test(address),
          shouldAutoLink: (address) => SAFE_ADDRESS.test(address),
          HTMLAttributes: { rel: 'noopener noreferrer nofollow', target: '_blank' },
        },
      }),
      Collaboration.configure({ document: live.doc }),
      CollaborationCaret.configure({
        provider: { awareness: live.awareness },
        user: { ...me },
        render: (user) => options.renderCaret(person(user)),
        selectionRender: (user) => ({
          class: 'their_selection',
          style: `--their-colour: ${options.caretColour(person(user))}`,
        }),
      }),
      Placeholder.configure({ placeholder: options.placeholder }),
      Keys,
    ],
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label,
        'aria-describedby': options.describedBy,
        dir: 'auto',
        spellcheck: 'true',
      },
    },
    onTransaction: options.onchange,
  });
}
