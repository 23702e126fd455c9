/**
 * The first names in what a teacher pasted: one to a line, or divided by commas, semicolons or tabs (a spreadsheet's
 * first column counts). Numbers and dots that lists begin with are left out.
 */
export function namesIn(pasted: string): string[] {
  const lines = pasted.split(/\r?\n/).filter((line) => line.trim() !== '');
  const cells = lines.length > 1 ? lines.map((line) => line.split(/[\t;,]/)[0] ?? '') : pasted.split(/[\t;,\n]/);
  return cells.map((cell) => cell.replace(/^\s*\d+[.)]?\s*/, '').trim()).filter((name) => name !== '');
}
