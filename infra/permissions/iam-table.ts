interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Policy {
  readonly Properties: {
    readonly PolicyDocument: { readonly Statement: readonly Statement[] };
    readonly Roles?: readonly { readonly Ref?: string }[];
  };
}

export interface Permission {
  /** The function, or the service that assumes the role. */
  readonly who: string;
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: string;
}

/** The permissions of every role in a template, by function. */
export function permissionsIn(template: {
  readonly Resources?: Readonly<Record<string, { readonly Type: string }>>;
}): readonly Permission[] {
  return Object.values(template.Resources ?? {})
    .filter(({ Type }) => /^AWS::IAM::(?:Managed)?Policy$/.test(Type))
    .flatMap((resource) => {
      const { PolicyDocument, Roles = [] } = (resource as unknown as Policy).Properties;
      const who = nameOf(Roles[0]?.Ref ?? '');
      return PolicyDocument.Statement.map((statement) => toPermission(who, statement));
    })
    .sort((a, b) => compare(a.who, b.who) || compare(a.sid, b.sid));
}

/** The permissions as a Markdown table. */
export function iamTable(permissions: readonly Permission[]): string {
  const rows = permissions.map(({ who, sid, actions, resources, condition }) =>
    [
      who,
      sid,
      actions.map(code).join(' '),
      [...new Set(resources)].map(code).join(' '),
      condition === '' ? '' : code(condition),
    ].join(' | '),
  );
  return [
    '| who | for | may | on | only if |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function toPermission(who: string, { Sid, Action, Resource, Condition }: Statement): Permission {
  const resources = Array.isArray(Resource) ? Resource : [Resource];
  return {
    who,
    sid: Sid ?? '',
    actions: [Action].flat().sort(),
    resources: resources.map(flatten).sort(),
    condition: Object.values(Condition ?? {})
      .flatMap((each) => Object.entries(each))
      .map(([key, value]) => `${key} = ${[value].flat().map(flatten).join(', ')}`)
      .join('; '),
  };
}

/** A reference as a short name, without hash and partition. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const [name, content] = Object.entries(value as Record<string, unknown>)[0] ?? ['', ''];
  switch (name) {
    case 'Fn::Join':
      return ((content as [string, unknown[]])[1] ?? []).map(flatten).join('');
    case 'Fn::GetAtt':
      return `<${nameOf((content as string[])[0] ?? '')}>`;
    case 'Fn::ImportValue':
      return `<${nameOf(String(content).replace(/^.*ExportsOutput(?:FnGetAtt|Ref)/, ''))}>`;
    case 'Ref':
      return String(content).startsWith('AWS::')
        ? `<${String(content).slice(5)}>`
        : `<${nameOf(String(content))}>`;
    default:
      return JSON.stringify(value);
  }
}

/** The readable part of a logical id. */
export function nameOf(logicalId: string): string {
  return logicalId
    .replace(/(Arn)?[0-9A-F]{8}$/, '')
    .replace(/[0-9A-F]{8}(?:Arn)?$/, '')
    .replace(/(?:Function|Role)$/, '')
    .replace(/(?:ServiceRole.*)$/, '');
}

const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
