/** Instants are ISO 8601 strings in UTC, durations are seconds; both survive JSON as they are. */
export type Instant = string;
