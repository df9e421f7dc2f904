/** Replaces a secret. */
const MASK = '••••';

const named =
  '[\\w.-]{0,40}(?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|credential|signature)[\\w.-]{0,40}' +
  '|(?:[\\w.-]{0,40}[_.-])?token|pwd|authorization';
const value = `"[^"\\n]*"|'[^'\\n]*'|[^\\s"',;&}\\])]+`;

/** Shapes that are secret in any context, each with what is kept of the match. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  [/\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,}\b/g, MASK],
  [/\bx(?:ox[a-z]|app)-[\w.-]{4,}/gi, MASK],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|hf_|sk-)[\w-]{10,}/g, MASK],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, MASK],
  [/(hooks\.slack\.com\/[a-z]+\/)[\w/-]+/g, `$1${MASK}`],
  [/\b(bearer|basic)\s+[\w+/.=~-]{6,}/gi, `$1 ${MASK}`],
  [/([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,80}):[^\s@/]{1,200}@/gi, `$1:${MASK}@`],
];

const pairs = new RegExp(
  `\\b(${named})(["']?\\s{0,3}(?:=|:)\\s{0,3})(?!bearer |basic )(${value})`,
  'gi',
);

/**
 * A log without what looks like a secret: AWS, Slack, GitHub and Hugging Face keys, JSON web tokens,
 * private keys, passwords in addresses, and the values of names such as `password` or `API_KEY`.
 * Not complete: a secret without a telling name or a known shape stays.
 */
export function maskSecrets(text: string): string {
  const shaped = shapes.reduce((masked, [shape, kept]) => masked.replace(shape, kept), text);
  return shaped.replace(
    pairs,
    (_whole, name: string, between: string) => `${name}${between}${MASK}`,
  );
}
