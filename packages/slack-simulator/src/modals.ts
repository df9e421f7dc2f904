/** Submitting and closing modals: the app's `response_action` decides what the person sees next. */
import { type InteractionTools, sendInteraction, UnknownTargetError } from './interactions.ts';
import type { StateValues } from './payloads.ts';
import type { ViewAnswer } from './types.ts';
import type { Fields, SlackAnswer } from './web-api/call.ts';

export interface Modals {
  submit(input: { viewId: string; user: string; values: StateValues }): Promise<ViewAnswer>;
  /** Closes one view, or with `clear` the whole stack. */
  close(input: { viewId: string; user: string; clear: boolean }): Promise<ViewAnswer>;
}

export function createModals(
  options: Pick<InteractionTools, 'store' | 'send' | 'person' | 'triggers' | 'payloads'> & {
    call: (method: string, args: Fields) => SlackAnswer;
  },
): Modals {
  const { store, send, person, triggers, payloads, call } = options;
  const views = store.collection('slack.views');

  function openRow(viewId: string, user: string) {
    const row = views.findOneBy('view_id', viewId);
    if (row?.type !== 'modal' || row.user_id !== user) {
      throw new UnknownTargetError(`There is no open view ${viewId}.`);
    }
    return row;
  }

  const stackOf = (user: string) =>
    views.findBy('user_id', user).filter((row) => row.type === 'modal');

  function clearStack(user: string): void {
    for (const row of stackOf(user)) views.delete(row.id);
  }

  function follow(
    answer: { response_action?: string; view?: unknown; errors?: Record<string, string> },
    viewId: string,
    user: string,
  ): ViewAnswer {
    switch (answer.response_action) {
      case 'errors':
        return { ok: true, errors: answer.errors ?? {} };
      case 'update': {
        const result = call('views.update', { view_id: viewId, view: answer.view });
        return result.ok ? { ok: true } : { ok: false, error: String(result.error) };
      }
      case 'push': {
        const trigger_id = triggers.mint(user, viewId);
        const result = call('views.push', { trigger_id, view: answer.view });
        return result.ok ? { ok: true } : { ok: false, error: String(result.error) };
      }
      case 'clear':
        clearStack(user);
        return { ok: true };
      default: {
        const row = views.findOneBy('view_id', viewId);
        if (row) views.delete(row.id);
        return { ok: true };
      }
    }
  }

  return {
    async submit({ viewId, user, values }) {
      const row = openRow(viewId, user);
      const answer = await sendInteraction(
        send,
        payloads.viewSubmissionPayload({
          person: person(user),
          viewJson: payloads.viewJson(row, values),
          triggerId: triggers.mint(user, viewId),
        }),
      );
      if (!answer.ok) return answer;
      return follow(parseAnswer(answer.body), viewId, user);
    },
    async close({ viewId, user, clear }) {
      const row = openRow(viewId, user);
      const clearsStack = clear || row.clear_on_close === true;
      if (clearsStack) clearStack(user);
      else views.delete(row.id);
      if (row.notify_on_close !== true) return { ok: true };
      const answer = await sendInteraction(
        send,
        payloads.viewClosedPayload({
          person: person(user),
          viewJson: payloads.viewJson(row, {}),
          isCleared: clearsStack,
        }),
      );
      return answer.ok ? { ok: true } : answer;
    },
  };
}

function parseAnswer(body: string): { response_action?: string } {
  try {
    return body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    return {};
  }
}
