/** Which of the sheets of a class seat is open. */
export const seatSheet = $state<{ open: 'pupils' | 'hands' | null }>({ open: null });
