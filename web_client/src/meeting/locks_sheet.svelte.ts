/** Whether the sheet with the room's locks is open. */
export const locksSheet = $state({ open: false });
