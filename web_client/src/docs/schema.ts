/**
 * Grows by one whenever the editor learns a node, mark or attribute. An older editor deletes what it does not know, so the
 * hub refuses a client whose number is below its own (`old_client`).
 */
export const SCHEMA_NUMBER = 1;
