import type { Editor } from '@tiptap/core';
import { relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { decodePlace } from '../docs/passages';

/** The passage that the page's address names (`#passage=START.END`): brought into view, with the caret at its start. */

const NAMED = /^#passage=([\w=-]+)\.([\w=-]+)$/;
const HIGHLIGHT = 'passage';

interface Synced {
  doc: Y.Doc;
  type: Y.XmlFragment;
  binding: { mapping: never } | null;
}

export const namesPassage = (hash: string): boolean => NAMED.test(hash);

/** False while the passage is not in the text, or not there any more. */
export function showPassage(editor: Editor, hash: string): boolean {
  const found = findPassage(editor, hash);
  // The shared document may be ahead of what the editor has drawn of it.
  if (!found || found.to > editor.state.doc.content.size) return false;
  const [first, last] = [editor.view.domAtPos(found.from), editor.view.domAtPos(found.to)];
  const range = document.createRange();
  range.setStart(first.node, first.offset);
  range.setEnd(last.node, last.offset);
  // A selection would be written over by the first key; browsers without highlights just scroll.
  if ('highlights' in CSS) CSS.highlights.set(HIGHLIGHT, new Highlight(range));
  if (editor.isEditable) editor.commands.focus(found.from, { scrollIntoView: false });
  range.startContainer.parentElement?.scrollIntoView({ block: 'center' });
  return true;
}

export function forgetPassage(): void {
  if ('highlights' in CSS) CSS.highlights.delete(HIGHLIGHT);
}

function findPassage(editor: Editor, hash: string): { from: number; to: number } | null {
  const [start, end] = (NAMED.exec(hash)?.slice(1) ?? []).map(decodePlace);
  const sync = ySyncPluginKey.getState(editor.state) as Synced | undefined;
  if (!start || !end || !sync?.binding) return null;
  const [first, last] = [start, end].map((each) => Y.createAbsolutePositionFromRelativePosition(each, sync.doc));
  if (!first || !last || first.type !== last.type || first.index >= last.index) return null;
  // y-tiptap gives no place for what stands at the beginning of a document, so the end is what is asked for.
  const to = relativePositionToAbsolutePosition(sync.doc, sync.type, end, sync.binding.mapping);
  return to === null ? null : { from: to - (last.index - first.index), to };
}
