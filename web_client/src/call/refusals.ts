/** After these nobody asks to join again by themselves. */
export const FINAL_REFUSALS = [
  'not_found',
  'not_signed_in',
  'invalid',
  'room_full',
  'hub_full',
  'encryption_differs',
  'in_lobby',
  'lobby_full',
  'removed_from_room',
  'room_ended',
];
/** The hub has given this connection up, or can't use what it offers: another connection is needed. */
export const CONNECTION_IS_OVER = ['conflict', 'invalid'];
