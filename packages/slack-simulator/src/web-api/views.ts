import { randomBytes } from 'node:crypto';
import type { Row } from '../journaled-store.ts';
import { viewRefusals } from '../limits.ts';
import {
  type Arguments,
  type Fields,
  flag,
  type Methods,
  objectOf,
  SlackError,
  text,
  type WebApiTools,
} from './call.ts';
import { refuseBlocks } from './chat.ts';

const MOST_STACKED_MODALS = 3;

export function viewMethods(tools: WebApiTools): Methods {
  const { store, identity, clock, triggers } = tools;
  const views = store.collection('slack.views');

  function content(args: Arguments, type: 'modal' | 'home'): Record<string, unknown> {
    const view = objectOf(args, 'view', 'invalid_arguments');
    if (!view || (view.type ?? type) !== type || !Array.isArray(view.blocks)) {
      throw new SlackError('invalid_arguments');
    }
    if (type === 'modal' && !view.title) throw new SlackError('invalid_arguments');
    refuseBlocks('invalid_arguments', viewRefusals(view, tools.refusedBlockTypes));
    const external_id = text(view, 'external_id');
    return {
      type,
      blocks: view.blocks,
      private_metadata: text(view, 'private_metadata'),
      callback_id: text(view, 'callback_id'),
      external_id,
      title: view.title ?? null,
      submit: view.submit ?? null,
      close: view.close ?? null,
      state: { values: {} },
      clear_on_close: flag(view, 'clear_on_close'),
      notify_on_close: flag(view, 'notify_on_close'),
    };
  }

  function refuseTakenId(fields: Fields, own?: Row): void {
    if (fields.external_id === '') return;
    const taken = views.findOneBy('external_id', fields.external_id);
    if (taken && taken.id !== own?.id) throw new SlackError('duplicate_external_id');
  }

  function create(fields: Fields, userId: string, parent?: Row): Row {
    const view_id = `V${randomBytes(5).toString('hex').toUpperCase()}`;
    const now = Math.floor(clock.now() / 1000);
    refuseTakenId(fields);
    return views.insert({
      ...fields,
      view_id,
      team_id: identity.team.id,
      user_id: userId,
      hash: clock.nextTs(),
      root_view_id: parent?.root_view_id ?? view_id,
      ...(parent ? { previous_view_id: parent.view_id } : {}),
      app_id: identity.appId,
      bot_id: identity.botId,
      created: now,
      updated: now,
    });
  }

  function change(view: Row, fields: Fields): Row {
    refuseTakenId(fields, view);
    const updated = Math.floor(clock.now() / 1000);
    return views.update(view.id, { ...fields, hash: clock.nextTs(), updated }) ?? view;
  }

  function refuseOldHash(args: Arguments, view: Row): void {
    const hash = text(args, 'hash');
    if (hash !== '' && hash !== view.hash) throw new SlackError('hash_conflict');
  }

  function takeTrigger(args: Arguments) {
    const use = triggers.use(text(args, 'trigger_id') || text(args, 'interactivity_pointer'));
    if (!use.ok) throw new SlackError(use.error);
    return use.trigger;
  }

  const modalsOf = (userId: string) =>
    views.findBy('user_id', userId).filter(({ type }) => type === 'modal');

  return {
    'views.open': {
      answer(args) {
        const fields = content(args, 'modal');
        return { view: viewJson(create(fields, takeTrigger(args).userId)) };
      },
    },
    'views.push': {
      answer(args) {
        const fields = content(args, 'modal');
        const { userId, viewId } = takeTrigger(args);
        const parent = viewId === null ? undefined : views.findOneBy('view_id', viewId);
        if (parent?.type !== 'modal') throw new SlackError('view_not_found');
        if (modalsOf(userId).length >= MOST_STACKED_MODALS) {
          throw new SlackError('push_limit_reached');
        }
        return { view: viewJson(create(fields, userId, parent)) };
      },
    },
    'views.update': {
      answer(args) {
        const external = text(args, 'external_id');
        const view =
          views.findOneBy('view_id', text(args, 'view_id')) ??
          (external === '' ? undefined : views.findOneBy('external_id', external));
        if (!view) throw new SlackError('not_found');
        refuseOldHash(args, view);
        const type = view.type === 'home' ? 'home' : 'modal';
        return { view: viewJson(change(view, content(args, type))) };
      },
    },
    'views.publish': {
      answer(args) {
        const user = store.collection('slack.users').findOneBy('user_id', text(args, 'user_id'));
        if (!user) throw new SlackError('user_not_found');
        const fields = content(args, 'home');
        const userId = String(user.user_id);
        const home = views.findBy('user_id', userId).find(({ type }) => type === 'home');
        if (home) refuseOldHash(args, home);
        return { view: viewJson(home ? change(home, fields) : create(fields, userId)) };
      },
    },
  };
}

function viewJson(row: Row): Record<string, unknown> {
  const { id: _row, view_id, user_id: _user, created: _created, updated: _updated, ...view } = row;
  return { ...view, id: view_id, previous_view_id: row.previous_view_id ?? null };
}
