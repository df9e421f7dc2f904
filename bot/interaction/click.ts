import type { BlockAction, RespondFn, ViewSubmitAction } from '@slack/bolt';
import type { ModalView, WebClient } from '@slack/web-api';
import type { Actor } from '../../pipeline/core/run.ts';
import type { Message } from '../blocks/message.ts';
import { noticeModal } from '../blocks/modal.ts';
import { privateAnswer } from '../web-api/private-answer.ts';

/** A click on a button or a choice in a menu, independent of Slack's payload. */
export interface Click {
  readonly actor: Actor & { readonly kind: 'person' };
  readonly value: string;
  /** Unique per click, the same for every delivery of it. */
  readonly triggerId: string;
  /** The response URL of the private message that held the button; null anywhere else. */
  readonly privateAddress: string | null;
  /** What was typed in a field beside the button; empty when nothing was. */
  readonly entered: (block: string) => string;
  /** Answers this person privately, wherever they clicked. */
  readonly answer: (message: Message) => Promise<void>;
  /** Replaces the private message that held the button, or answers when it was not private. */
  readonly replace: (message: Message) => Promise<void>;
  readonly openModal: (view: ModalView) => Promise<void>;
  /** Replaces the modal they clicked in. */
  readonly updateModal: (view: ModalView) => Promise<void>;
  /** Refreshes the Home tab if they clicked there. */
  readonly refreshHome: () => Promise<void>;
}

/** Reads a click from Slack's payload; `publishHome` shows a person's Home tab. */
export function readClick(
  body: BlockAction,
  {
    respond,
    client,
    publishHome,
  }: {
    readonly respond: RespondFn;
    readonly client: WebClient;
    readonly publishHome: (userId: string, shown: string) => Promise<void>;
  },
): Click {
  const [action] = body.actions;
  const threadTs = body.container?.thread_ts as string | undefined;
  const openModal = async (view: ModalView) => {
    await client.views.open({ trigger_id: body.trigger_id, view });
  };
  const respondWith = async (message: Message, replaces: boolean) => {
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
    // A view cannot show private messages; a small modal is the closest substitute.
    answer: (message) => (isInView ? openModal(noticeModal(message)) : respondWith(message, false)),
    replace: (message) =>
      isInView ? openModal(noticeModal(message)) : respondWith(message, isPrivate),
    openModal,
    updateModal: async (view) => {
      const { id = '', hash = '' } = body.view ?? {};
      // With the hash, Slack refuses the update if the modal already shows something newer.
      await client.views.update({ view_id: id, hash, view });
    },
    refreshHome: async () => {
      if (body.view?.type === 'home') await publishHome(body.user.id, body.view.private_metadata);
    },
  };
}

function chosenValue(action: BlockAction['actions'][number]): string {
  if (action.type === 'button') return action.value ?? '';
  if (action.type === 'static_select' || action.type === 'overflow')
    return action.selected_option?.value ?? '';
  return '';
}

/** The person behind a click or submission. */
export function actorOf(user: BlockAction['user'] | ViewSubmitAction['user']): Click['actor'] {
  return {
    kind: 'person',
    id: user.id,
    name: user.name ?? ('username' in user ? user.username : user.id),
  };
}
