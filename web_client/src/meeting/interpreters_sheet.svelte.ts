/** Whether the sheet about interpreters is open. */
export const interpretersSheet = $state({ open: false });
