/** Slack's limits on messages, modals and the Home tab. No dependencies: for tests and galleries too. */
import { blockRule, MOST_OF_A_TYPE } from './limits/block-rules.ts';
import {
  advice,
  items,
  type Json,
  list,
  type Problem,
  plainText,
  refused,
  string,
  unique,
} from './limits/rules.ts';

export { blockRules, elementRules } from './limits/block-rules.ts';

type Surface = 'message' | 'view';

const MOST_BLOCKS = { message: 50, view: 100 } as const;

/** Everything about `blocks` that Slack would refuse or that is unwise, one line each; empty when all is well. */
export function blockProblems(blocks: readonly object[], surface: Surface): string[] {
  const none = blocks.length === 0 ? advice('/blocks', 'no blocks') : [];
  return [...findProblems(blocks, surface, []), ...none].map(describe);
}

export function messageProblems(message: { text: string; blocks: readonly object[] }): string[] {
  const { text, blocks } = message;
  const at = '/text';
  const problems = [
    ...(text.trim() === '' ? advice(at, 'no fallback text') : []),
    ...(text.length > 4_000 ? advice(at, 'fallback text over 4000 characters') : []),
    ...(/<[!@#]/.test(text) ? advice(at, 'fallback text holds a mention') : []),
  ];
  return [...blockProblems(blocks, 'message'), ...problems.map(describe)];
}

export function viewProblems(view: object): string[] {
  const json = view as Json;
  return [...blockProblems(items(json.blocks), 'view'), ...viewFieldProblems(json).map(describe)];
}

/** What Slack answers to such blocks in `response_metadata.messages`; empty when it takes them. */
export function blockRefusals(
  blocks: unknown,
  surface: Surface,
  refusedTypes: readonly string[] = [],
): string[] {
  if (!Array.isArray(blocks)) return [];
  return refusals(findProblems(blocks, surface, refusedTypes));
}

export function viewRefusals(view: object, refusedTypes: readonly string[] = []): string[] {
  const { blocks } = view as Json;
  return [
    ...blockRefusals(blocks, 'view', refusedTypes),
    ...refusals(viewFieldProblems(view as Json)),
  ];
}

function viewFieldProblems(view: Json): readonly Problem[] {
  const titles = view.type === 'modal' ? ['title', 'submit', 'close'] : [];
  return [
    ...titles.flatMap((name) => plainText(24)(view[name], `/${name}`)),
    ...string(3_000)(view.private_metadata, '/private_metadata'),
    ...string(255)(view.callback_id, '/callback_id'),
  ];
}

function findProblems(
  blocks: readonly object[],
  surface: Surface,
  refusedTypes: readonly string[],
): readonly Problem[] {
  const at = '/blocks';
  const all = blocks as readonly Json[];
  const ids = all.flatMap(({ block_id }) => (block_id ? [block_id] : []));
  const tooMany = Object.entries(MOST_OF_A_TYPE).filter(
    ([type, most]) => all.filter((block) => block.type === type).length > most,
  );
  return [
    ...list(MOST_BLOCKS[surface], blockRule, 0)(blocks, at),
    ...all.flatMap(({ type }, index) =>
      refusedTypes.includes(String(type))
        ? refused(`${at}/${index}/type`, `unsupported type: ${type}`)
        : [],
    ),
    ...tooMany.flatMap(([type, most]) => refused(at, `no more than ${most} ${type} allowed`)),
    ...unique(ids, at, 'block_id already exists'),
  ];
}

function refusals(problems: readonly Problem[]): string[] {
  return problems.filter(({ kind }) => kind === 'refused').map(describe);
}

function describe({ message, at }: Problem): string {
  return `${message} [json-pointer:${at}]`;
}
