import { comparisonSections, evaluationSections } from './evaluation-sections.ts';
import { toSection } from './facts.ts';
import { limitationsOf } from './limitations.ts';
import type { CardFacts, ModelCard } from './model-card.ts';
import { dataSection, lineageSection, trainingSection } from './origin-sections.ts';

/** The card of a version; the same facts give the same card. */
export function toModelCard(facts: CardFacts): ModelCard {
  const { run, version, config } = facts;
  return {
    schemaVersion: 1,
    model: run.model,
    version: version.version,
    title: `${config.title} v${version.version}`,
    sections: [
      toSection('Model details', [
        ['Model', `${run.model} v${version.version}`],
        ['Task', config.task],
        ['Recipe', run.recipe],
        ['Registered', version.createdAt],
        ['Archive', version.artifact.key],
        ['SHA-256 of the archive', version.artifact.sha256],
        ['Digest that approvals are bound to', version.digest],
      ]),
      toSection('Intended use', [], [config.description ?? config.title]),
      dataSection(run),
      trainingSection(run),
      ...evaluationSections(facts),
      ...comparisonSections(facts),
      toSection('Limitations', [], limitationsOf(facts)),
      lineageSection(run),
    ],
  };
}
