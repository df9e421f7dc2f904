import type { Action } from '../interaction/action.ts';
import type { Form } from '../interaction/form.ts';
import { alertActions } from './alerts/alert-actions.ts';
import { chooseAction } from './approval/choose-action.ts';
import { decideActions, overrideForm, rejectionForm } from './approval/decide-actions.ts';
import { handOverForm } from './approval/hand-over.ts';
import { dropActions } from './dropped-file/drop-actions.ts';
import { evidenceAction } from './evidence/evidence-action.ts';
import { homeActions } from './home/home-actions.ts';
import { correctForm, tryActions, tryForm } from './predict/try-actions.ts';
import { promoteActions } from './promotion/promote-actions.ts';
import { retireAction, retireForm } from './retire/retire-actions.ts';
import { retrainActions, retrainForm } from './retrain/submit-retrain.ts';
import { retryActions } from './retry/run-again.ts';
import { rollbackActions, rollbackForm } from './rollback/rollback-actions.ts';
import { detailsAction } from './run/details-action.ts';
import { suggestionActions } from './run-suggestion.ts';
import { onDemandAction } from './spot/on-demand-action.ts';
import { stopAction } from './stop/stop.ts';

/** Every button and menu a person can use. */
export const allActions: readonly Action[] = [
  ...decideActions,
  chooseAction,
  stopAction,
  onDemandAction,
  detailsAction,
  evidenceAction,
  ...retryActions,
  ...rollbackActions,
  retireAction,
  ...retrainActions,
  ...promoteActions,
  ...alertActions,
  ...tryActions,
  ...dropActions,
  ...homeActions,
  ...suggestionActions,
];

/** Every form a person can submit. */
export const allForms: readonly Form[] = [
  rejectionForm,
  overrideForm,
  handOverForm,
  retrainForm,
  rollbackForm,
  retireForm,
  tryForm,
  correctForm,
];
