/**
 * The `action_id` of every button and menu. Messages posted long ago carry them, so they never
 * change; `bot/features/all-actions.ts` maps each to its handler.
 */
export const actionIds = {
  approve: 'run.approve',
  reject: 'run.reject',
  decideChoose: 'run.decide_choose',
  stop: 'run.stop',
  rollBack: 'run.roll_back',
  runAgain: 'run.again',
  retryBlocked: 'run.retry_blocked',
  onDemand: 'run.on_demand',
  rollBackModel: 'model.roll_back',
  rollBackNow: 'model.roll_back_now',
  retireNow: 'model.retire_now',
  retrainModel: 'model.retrain',
  promoteChoose: 'promote.choose',
  promoteConfirm: 'promote.confirm',
  retrainChooseModel: 'retrain.model',
  runCommand: 'command.run',
  commandMenu: 'command.menu',
  retrainMore: 'retrain.more',
  homeModel: 'home.model',
  homeRefresh: 'home.refresh',
  acknowledge: 'alert.acknowledge',
  muteAlert: 'alert.mute',
  unmuteAlert: 'alert.unmute',
  alertRight: 'alert.right',
  alertWrong: 'alert.wrong',
} as const;
