import { type RetirePlan, retireModal, retireQuestion } from '../features/retire/retire-modal.ts';
import { sampleAlerts } from './alert-examples.ts';
import { answers, modals, type Section } from './example.ts';
import { sampleModel } from './sample-fleet.ts';
import { nastyNames } from './sample-parts.ts';

/** The question before a model is retired: as a form, and as a message where no form can open. */
export function retireSections(): readonly Section[] {
  const longest = { ...plan, name: 'm'.repeat(20), alerts: sampleAlerts() };
  return [
    modals('Retire form', [
      ['as usual', retireModal(plan, '')],
      ['reason typed with the command', retireModal(plan, 'replaced by the new filter')],
      ['no version of ours serves', retireModal({ ...plan, production: null }, '')],
      ['everything, at its longest', retireModal(longest, nastyNames.join(' '))],
    ]),
    answers('Retire, where no form opens', [
      ['as usual', retireQuestion(plan, '')],
      ['everything, at its longest', retireQuestion(longest, nastyNames.join(' '))],
    ]),
  ];
}

const plan: RetirePlan = {
  ...sampleModel('spam', 'Spam filter', []),
  configName: 'spam-v7-a1b2c3d4',
};
