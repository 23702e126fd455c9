/**
 * Moves a row by its handle: the pointer says before which row it goes. Its keyboard ways are Alt with arrows and the
 * buttons of the row's menu.
 */
export function rowDrag(
  handle: HTMLElement,
  {
    rows,
    aim,
    drop,
  }: {
    /** The rows as they stand on the page, in order. */
    rows: () => readonly HTMLElement[];
    /** Where it would go now; null when it would stay. */
    aim: (place: number | null) => void;
    drop: (place: number) => void;
  },
): () => void {
  let place: number | null = null;

  function down(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener('pointermove', move);
  }

  function move(event: PointerEvent): void {
    place = rows().filter((row) => {
      const { top, height } = row.getBoundingClientRect();
      return event.clientY > top + height / 2;
    }).length;
    aim(place);
  }

  function end(event: PointerEvent): void {
    handle.removeEventListener('pointermove', move);
    if (place !== null && event.type === 'pointerup') drop(place);
    place = null;
    aim(null);
  }

  handle.addEventListener('pointerdown', down);
  handle.addEventListener('pointerup', end);
  handle.addEventListener('pointercancel', end);
  return () => {
    handle.removeEventListener('pointerdown', down);
    handle.removeEventListener('pointerup', end);
    handle.removeEventListener('pointercancel', end);
  };
}
