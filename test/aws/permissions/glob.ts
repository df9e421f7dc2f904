/** Whether a text matches a pattern of IAM: `*` is any text, `?` one character. */
export function matches(pattern: string, text: string): boolean {
  return new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[\\s\\S]*')
      .replaceAll('?', '[\\s\\S]')}$`,
  ).test(text);
}

/** Variables of the reference's ARN formats that may contain a slash. */
const withSlashes = new Set([
  'ModelPackageName',
  'ObjectName',
  'LogGroupName',
  'LogStreamName',
  'ParameterNameWithoutLeadingSlash',
  'RepositoryName',
  'RoleNameWithPath',
]);

type Token = { readonly any: 'text' | 'name' } | { readonly character: string };

/** An ARN format of the service authorization reference, `arn:${Partition}:s3:::${BucketName}`. */
function formatTokens(format: string): readonly Token[] {
  return format.split(/(\$\{\w+\})/).flatMap((part): Token[] => {
    const variable = /^\$\{(\w+)\}$/.exec(part)?.[1];
    if (variable === undefined) return characters(part);
    return [{ any: withSlashes.has(variable) ? 'text' : 'name' }];
  });
}

const characters = (text: string): Token[] => [...text].map((character) => ({ character }));

const patternTokens = (pattern: string): readonly Token[] =>
  [...pattern].map((character) => (character === '*' ? { any: 'text' } : { character }));

/** Whether any ARN fits both the pattern of a policy and an ARN format. */
export function canMatch(pattern: string, format: string): boolean {
  return overlap(patternTokens(pattern), formatTokens(format));
}

function overlap(one: readonly Token[], other: readonly Token[]): boolean {
  const seen = new Map<string, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = `${i} ${j}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, false);
    const found = step(i, j);
    seen.set(key, found);
    return found;
  };
  const step = (i: number, j: number): boolean => {
    const a = one[i];
    const b = other[j];
    if (a === undefined && b === undefined) return true;
    if (a !== undefined && 'any' in a && from(i + 1, j)) return true;
    if (b !== undefined && 'any' in b && from(i, j + 1)) return true;
    if (a === undefined || b === undefined) return false;
    if ('any' in a) return 'character' in b && takes(a.any, b.character) && from(i, j + 1);
    if ('any' in b) return takes(b.any, a.character) && from(i + 1, j);
    return a.character === b.character && from(i + 1, j + 1);
  };
  return from(0, 0);
}

const takes = (any: 'text' | 'name', character: string) => any === 'text' || character !== '/';
