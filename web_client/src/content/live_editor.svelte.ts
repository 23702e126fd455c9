import type { Editor } from '@tiptap/core';
import { untrack } from 'svelte';
import { schoolOf, session } from '../app_state.svelte';
import type { School } from '../protocol/shapes';
import { caretColour, renderCaret } from './caret';
import { createEditor } from './document_editor';
import type { HeldDoc } from './held_doc.svelte';

interface Options {
  /** The element it is made in; while there is none, or `ready` says no, there is no editor. */
  sheet: () => HTMLElement | undefined;
  ready: () => boolean;
  label: () => string;
  describedBy: string;
  placeholder: () => string;
  onescape: () => void;
  onlink: () => void;
  findSchool?: (schoolId: string) => School | undefined;
}

interface LiveEditor {
  readonly current: Editor | null;
  /** Grows with every change of text or selection: the editor's own state is not reactive. */
  readonly revision: number;
}

/** An editor on a held document, for as long as the calling component lives; it may be written in when the document may. */
export function editLive(held: HeldDoc, options: Options): LiveEditor {
  const { findSchool = schoolOf } = options;
  let editor = $state.raw<Editor | null>(null);
  let revision = $state(0);

  function make(element: HTMLElement): Editor | null {
    const user = session.user;
    if (!user) return null;
    return createEditor({
      element,
      live: held.live,
      me: { id: user.id, name: user.display_name, school_id: user.school.id },
      editable: false,
      label: options.label(),
      describedBy: options.describedBy,
      placeholder: options.placeholder,
      onescape: options.onescape,
      onlink: options.onlink,
      onchange: () => (revision += 1),
      renderCaret: (person) => renderCaret(person, findSchool),
      caretColour: (person) => caretColour(person, findSchool),
    });
  }

  // Every keystroke changes the document's status; only whether it is ready may make another editor.
  const ready = $derived(options.ready());

  $effect(() => {
    const element = options.sheet();
    if (!ready || !element) return;
    // What the editor itself changes while it is made must not make another.
    const made = untrack(() => make(element));
    editor = made;
    return () => {
      editor = null;
      made?.destroy();
    };
  });

  $effect(() => {
    if (editor && editor.isEditable !== held.canWrite) editor.setEditable(held.canWrite, false);
  });

  return {
    get current() {
      return editor;
    },
    get revision() {
      return revision;
    },
  };
}
