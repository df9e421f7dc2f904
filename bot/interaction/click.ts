import type { BlockAction, RespondFn, ViewSubmitAction } from '@slack/bolt';
import type { ModalView, WebClient } from '@slack/web-api';
import type { Actor } from '../../pipeline/core/run.ts';
import type { Message } from '../blocks/message.ts';
import { noticeModal } from '../blocks/modal.ts';
import { privateAnswer } from '../web-api/private-answer.ts';

/** A press of a button (or a choice in a menu), freed of Slack's payload. */
export interface Click {
  readonly actor: Actor & { readonly kind: 'person' };
  readonly value: string;
  /** Unique per press, the same for every delivery of it. */
  readonly triggerId: string;
  /** Where answers to the private message that held the button go; null anywhere else. */
  readonly privateAddress: string | null;
  /** What was entered in a field beside the button; empty when nothing was. */
  readonly entered: (block: string) => string;
  /** Answers to this person alone, wherever the press was. */
  readonly answer: (message: Message) => Promise<void>;
  /** Puts the answer in place of the private message that held the button, if it was one. */
  readonly replace: (message: Message) => Promise<void>;
  readonly openModal: (view: ModalView) => Promise<void>;
  /** Puts another view in place of the modal the press was in. */
  readonly updateModal: (view: ModalView) => Promise<void>;
  /** Shows the Home tab anew when the press was there. */
  readonly refreshHome: () => Promise<void>;
}

/** Reads a press from Slack's payload; `publishHome` shows a person's Home tab. */
export function readClick(
  body: BlockAction,
  {
    respond,
    client,
    publishHome,
  }: {
    readonly respond: RespondFn;
    readonly client: WebClient;
    readonly publishHome: (userId: string) => Promise<void>;
  },
): Click {
  const [action] = body.actions;
  const threadTs = body.container?.thread_ts as string | undefined;
  const openModal = async (view: ModalView) => {
    await client.views.open({ trigger_id: body.trigger_id, view });
  };
  const say = async (message: Message, replaces: boolean) => {
    await respond({
      ...privateAnswer(message, { replaces }),
      ...(threadTs === undefined || replaces ? {} : { thread_ts: threadTs }),
    });
  };
  const isInView = body.view !== undefined;
  const isPrivate = body.container?.is_ephemeral === true;
  return {
    actor: actorOf(body.user),
    value: action === undefined ? '' : chosenValue(action),
    triggerId: body.trigger_id,
    privateAddress: isPrivate ? body.response_url : null,
    entered: (block) => Object.values(body.state?.values[block] ?? {})[0]?.value?.trim() ?? '',
    // A view has no place for private messages; a small modal is the nearest thing.
    answer: (message) => (isInView ? openModal(noticeModal(message)) : say(message, false)),
    replace: (message) => (isInView ? openModal(noticeModal(message)) : say(message, isPrivate)),
    openModal,
    updateModal: async (view) => {
      const { id = '', hash = '' } = body.view ?? {};
      // The hash refuses this when the modal shows something newer already.
      await client.views.update({ view_id: id, hash, view });
    },
    refreshHome: async () => {
      if (body.view?.type === 'home') await publishHome(body.user.id);
    },
  };
}

function chosenValue(action: BlockAction['actions'][number]): string {
  if (action.type === 'button') return action.value ?? '';
  if (action.type === 'static_select') return action.selected_option?.value ?? '';
  return '';
}

export function actorOf(user: BlockAction['user'] | ViewSubmitAction['user']): Click['actor'] {
  return {
    kind: 'person',
    id: user.id,
    name: user.name ?? ('username' in user ? user.username : user.id),
  };
}
