// Replays a recorded editing trace (JSON, gzipped, form of the editing-traces project) and writes it as one Yjs update.
// Arguments: trace, file to write.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';

const [trace, target] = process.argv.slice(2);
const { txns, endContent } = JSON.parse(gunzipSync(readFileSync(trace)));
const doc = new Y.Doc();
const text = doc.getText('t');
for (const { patches } of txns) {
  for (const [place, removed, inserted] of patches) {
    if (removed) text.delete(place, removed);
    if (inserted) text.insert(place, inserted);
  }
}
if (text.toString() !== endContent) throw new Error('the trace does not end in its text');
writeFileSync(target, Y.encodeStateAsUpdate(doc));
