/** Which of the sheets with which one leads a meeting together is open. */
export const sheets = $state({ opening: false, timer: false, spotlight: false });
