import { actionIds } from '../../blocks/action-ids.ts';
import { confirmWithReason } from '../../interaction/confirm-with-reason.ts';
import { readRetireChoice, retireFormId, retireWords } from './retire-modal.ts';
import { startRetirement } from './start-retirement.ts';

/** The form that confirms a retirement, and the button in the private message that replaces it. */
export const { action: retireAction, form: retireForm } = confirmWithReason({
  command: 'retire',
  actionId: actionIds.retireNow,
  formId: retireFormId,
  isReasonOptional: false,
  readChoice: readRetireChoice,
  wordsOf: retireWords,
  start: startRetirement,
});
