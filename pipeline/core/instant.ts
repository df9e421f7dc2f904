/** Instants are ISO 8601 strings in UTC, durations are seconds; both survive JSON unchanged. */
export type Instant = string;
