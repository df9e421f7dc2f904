/** Where a command came from. */
export type AuditSource = 'slack' | 'page' | 'cli' | 'ci' | 'schedule' | 'inbox' | 'studio';
