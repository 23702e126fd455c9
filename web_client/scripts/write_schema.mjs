// Writes src/protocol/schema.d.ts from the hub's OpenAPI document, which it reads from stdin: `make protocol`.
// With --check it writes nothing and fails when the file is not what it would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { compile } from 'json-schema-to-typescript';

const target = join(import.meta.dirname, '..', 'src', 'protocol', 'schema.d.ts');
const openapi = JSON.parse(await text(process.stdin));
const schemas = openapi.components.schemas;

/** Titles of fields would each become a type of their own name, and `$ref`s have to point into this document. */
function prepare(node) {
  if (Array.isArray(node)) return node.map(prepare);
  if (node === null || typeof node !== 'object') return node;
  const entries = Object.entries(node)
    .filter(([name, value]) => !(name === 'title' && typeof value === 'string') && name !== 'description')
    .map(([name, value]) => [
      name,
      name === '$ref' ? value.replace('#/components/schemas/', '#/$defs/') : prepare(value),
    ]);
  return Object.fromEntries(entries);
}

const $defs = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, prepare(schema)]));
const announcements = Object.fromEntries(
  Object.entries(openapi['x-socket-announcements']).map(([name, { payload }]) => [name, prepare(payload)]),
);
const document = {
  $defs,
  title: 'Announcements',
  type: 'object',
  properties: announcements,
  required: Object.keys(announcements),
  additionalProperties: false,
};
const compiled = await compile(document, 'Announcements', {
  bannerComment: '/* Written by scripts/write_schema.mjs from the table in hub/protocol/. Do not edit. */',
  unreachableDefinitions: true,
  strictIndexSignatures: true,
  style: { printWidth: 120, singleQuote: true },
});

const written = compiled.replaceAll(/\/\*\*\n \* This interface was referenced by [\s\S]*?\*\/\n/g, '');

if (!process.argv.includes('--check')) writeFileSync(target, written);
else if (readFileSync(target, 'utf8') !== written) {
  console.error('src/protocol/schema.d.ts is not what the hub says now: run `make protocol`.');
  process.exit(1);
}
