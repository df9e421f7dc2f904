import type { Cost } from '../../../pipeline/core/pricing.ts';
import { plural } from '../../blocks/format.ts';
import { type Message, message } from '../../blocks/message.ts';
import { about, priceSource } from '../../blocks/money.ts';
import { bold, bullets, type Line, richText, section } from '../../blocks/rich-text.ts';

/** The cost of one model in a month. */
export interface ModelCost {
  readonly model: string;
  readonly runs: number;
  /** Null when no job has ended. */
  readonly cost: Cost | null;
  /** Since the endpoint last changed; null when nothing is live. */
  readonly serving: {
    readonly invocations: number;
    readonly milliseconds: number;
    readonly memoryMB: number;
    readonly dollars: number;
  } | null;
}

/** The cost of all models in a month. */
export interface MonthCost {
  /** `2026-11` */
  readonly month: string;
  readonly models: readonly ModelCost[];
  readonly total: Cost | null;
}

const MAX_MODELS = 15;

/** The answer of `/mlops costs`. */
export function costsMessage({ month, models, total }: MonthCost): Message {
  const title = `Costs for ${nameOf(month)}`;
  const shownModels = models.slice(0, MAX_MODELS);
  const rest = models.length - shownModels.length;
  return message(`${title}: ${totalOf(total)}`, [
    richText(
      section(bold(`${title}: ${totalOf(total)}`)),
      bullets([
        ...shownModels.map(jobsLine),
        ...(rest > 0 ? [[`and ${plural(rest, 'more model')}`]] : []),
      ]),
    ),
    ...servingBlocks(shownModels),
    richText(
      ...notesOn(total).map((note) => section(note)),
      section(`Estimate from ${priceSource}; excludes free tier, storage, logs, Lambda and tax.`),
    ),
  ]);
}

function totalOf(total: Cost | null): string {
  return total === null || total.billed === 0 ? '$0.00' : about(total.billed);
}

function jobsLine({ model, runs, cost }: ModelCost): Line {
  if (cost === null) return [bold(model), `: ${plural(runs, 'run')}, no training`];
  const isBilled = cost.billed > 0;
  const parts = [
    `${isBilled ? '' : 'on AWS '}training ${about(cost.training)}`,
    `evaluation ${about(cost.evaluation)}`,
    isBilled && cost.spotSaving >= 0.01 ? `Spot saved ${about(cost.spotSaving)}` : '',
  ];
  return [bold(model), `: ${plural(runs, 'run')} · ${parts.filter(Boolean).join(' · ')}`];
}

function servingBlocks(models: readonly ModelCost[]) {
  const served = models.flatMap(({ model, serving }): Line[] => {
    if (serving === null) return [];
    const { invocations, milliseconds, memoryMB, dollars } = serving;
    return [
      [
        bold(model),
        `: ${plural(invocations, 'request')} at ${milliseconds.toFixed(1)} ms and ${memoryMB / 1024} GB, ${about(dollars)}`,
      ],
    ];
  });
  if (served.length === 0) return [];
  return [
    richText(
      section(bold('Serving on Serverless Inference'), ', since the endpoint last changed'),
      bullets(served),
    ),
  ];
}

function notesOn(total: Cost | null): readonly string[] {
  if (total === null) return [];
  return [
    total.notBilled > 0
      ? `Jobs on this machine cost nothing. The same run time on the instances in mlops.config.ts would cost ${about(total.notBilled)} on AWS, assuming Spot at 65 % off; run times differ between machines.`
      : '',
    total.unpriced.length > 0 ? `No price known for: ${total.unpriced.join(', ')}.` : '',
  ].filter(Boolean);
}

function nameOf(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
