import type { ActionsBlock } from '@slack/types';
import type { RegisteredVersion } from '../../../pipeline/core/ports.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { ago } from '../../blocks/ago.ts';
import { button, confirmation } from '../../blocks/button.ts';
import { truncate } from '../../blocks/escape.ts';
import { figure, metricTitles } from '../../blocks/format.ts';
import { type Message, message } from '../../blocks/message.ts';
import { reasonInput } from '../../blocks/reason.ts';
import { bold, bullets, lines, richText, section } from '../../blocks/rich-text.ts';
import type { Marks } from '../versions/load-marks.ts';
import { versionLine } from '../versions/versions-message.ts';

const MAX_LISTED = 8;
/** Versions that the menu offers. */
export const MAX_OPTIONS = 25;

/** The value of a promotion's menu and button; `requestId` makes two clicks one promotion. */
export interface PromotionChoice {
  readonly model: string;
  readonly version: number;
  readonly requestId: string;
  /** The live version it was compared with; null when nothing was live. */
  readonly live: number | null;
}

/** Asks which version to promote, and lists them newest first with their scores. */
export function versionChoice(
  model: string,
  versions: readonly RegisteredVersion[],
  options: {
    readonly live: number | null;
    readonly requestId: string;
    readonly now: Date;
    readonly marks?: Marks;
  },
): Message & { readonly asks: true } {
  const { live, requestId, now, marks = new Map() } = options;
  const title = `Which version of ${model} should go into production?`;
  const menu: ActionsBlock = {
    type: 'actions',
    block_id: 'promote',
    elements: [
      {
        type: 'static_select',
        action_id: actionIds.promoteChoose,
        placeholder: { type: 'plain_text', text: 'Choose a version', emoji: false },
        options: versions.slice(0, MAX_OPTIONS).map((each) => ({
          text: { type: 'plain_text', text: optionText(each, now), emoji: false },
          value: JSON.stringify([model, each.version, live, requestId]),
        })),
      },
    ],
  };
  const asked = message(title, [
    richText(
      section(bold(title)),
      section('You will see what changes before the approvers are asked.'),
      bullets(
        versions
          .slice(0, MAX_LISTED)
          .map((each) => versionLine(each, live, marks.get(each.version))),
      ),
    ),
    menu,
  ]);
  return { ...asked, asks: true };
}

function optionText({ version, metrics, verdict, createdAt }: RegisteredVersion, now: Date) {
  const score = Object.entries(metricTitles).find(([name]) => metrics[name] !== undefined);
  const parts = [
    `v${version}`,
    score === undefined ? '' : `${score[1]} ${figure(metrics[score[0]] ?? 0)}`,
    verdict,
    ago(createdAt, now),
  ];
  return truncate(parts.filter(Boolean).join(' · '), 75);
}

/** What the promotion would change, a field for the reason, and the button that requests approval. */
export function promotionQuestion(
  choice: PromotionChoice,
  diff: Message | null,
): Message & { readonly asks: true } {
  const { model, version, live, requestId } = choice;
  const firstVersion =
    live === null
      ? lines([bold(`${model} has nothing in production yet; v${version} would be the first.`)])
      : null;
  const asked = message(`Promote ${model} v${version}?`, [
    ...(diff?.blocks ?? []),
    ...(firstVersion === null ? [] : [firstVersion]),
    reasonInput({
      hint: 'For the approvers: shown on the card, with your name.',
      isOptional: true,
    }),
    {
      type: 'actions',
      block_id: 'promote',
      elements: [
        {
          ...button(
            actionIds.promoteConfirm,
            `Request approval for v${version}`,
            JSON.stringify([model, version, live, requestId]),
          ),
          style: 'primary',
          confirm: confirmation({
            title: `Promote ${model} v${version}?`,
            text: `This asks the approvers of ${model}. Nothing changes until they decide.`,
            yes: 'Ask them',
          }),
        },
      ],
    },
  ]);
  return { ...asked, asks: true };
}

/** The choice a menu or a button carries; null when the value is not ours. */
export function readPromotionChoice(value: string): PromotionChoice | null {
  try {
    const [model, version, live, requestId] = JSON.parse(value) as unknown[];
    if (typeof model !== 'string' || typeof requestId !== 'string') return null;
    if (!Number.isInteger(version) || !(live === null || Number.isInteger(live))) return null;
    return {
      model,
      version: Number(version),
      live: live === null ? null : Number(live),
      requestId,
    };
  } catch {
    return null;
  }
}
