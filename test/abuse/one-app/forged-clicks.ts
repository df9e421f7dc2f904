import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { actionIds } from '../../../bot/blocks/action-ids.ts';
import { attack } from '../attack.ts';
import { sendJson } from '../send.ts';
import { approveBlock, expectUndecided, type Target } from './target.ts';

/** Clicks, forms and commands that nobody with the right made. */
export function forgedClicks(target: () => Target): void {
  attack('forged clicks and views through the page', 'decide nothing', async (survives) => {
    const { url, waiting, client } = target();
    const click = {
      channel: waiting.channel,
      ts: waiting.ts,
      block_id: approveBlock(waiting),
      action_id: actionIds.approve,
    };
    const forged: readonly (readonly [string, string, unknown])[] = [
      ['by Kit, who may nothing', '/api/actions', { ...click, user: 'U0KIT' }],
      ['without a user', '/api/actions', click],
      ['by an unknown user', '/api/actions', { ...click, user: 'U0NONE' }],
      ['by the bot', '/api/actions', { ...click, user: 'U0MLOPS' }],
      ['by an object', '/api/actions', { ...click, user: { id: 'U0GRACE' } }],
      ['on another message', '/api/actions', { ...click, user: 'U0GRACE', ts: '1.000001' }],
      ['in another channel', '/api/actions', { ...click, user: 'U0GRACE', channel: 'C0NONE' }],
      ['of another block', '/api/actions', { ...click, user: 'U0GRACE', block_id: 'forged' }],
      ['of another action', '/api/actions', { ...click, user: 'U0GRACE', action_id: 'run.deploy' }],
      [
        'on no message',
        '/api/actions',
        { user: 'U0GRACE', block_id: 'x', action_id: actionIds.approve },
      ],
      ['with a list as body', '/api/actions', [click]],
      [
        'with a forged value by Kit',
        '/api/actions',
        { ...click, user: 'U0KIT', value: 'tumour-1' },
      ],
      ['of a form that is not open', '/api/views/V0NONE/submit', { user: 'U0GRACE', values: {} }],
      ['of a form with odd values', '/api/views/V0NONE/submit', { user: 'U0GRACE', values: 'x' }],
      ['closing a form that is not open', '/api/views/V0NONE/close', { user: 'U0GRACE' }],
      ['of a shortcut there is not', '/api/shortcuts', { user: 'U0GRACE', callback_id: 'none' }],
      [
        'of a command without a user',
        '/api/commands',
        { text: '/mlops approve tumour', channel: 'C0MLOPS' },
      ],
      [
        'of a command by Kit',
        '/api/commands',
        { user: 'U0KIT', text: '/mlops approve tumour', channel: 'C0MLOPS' },
      ],
      [
        'of another command',
        '/api/commands',
        { user: 'U0ADA', text: '/deploy tumour', channel: 'C0MLOPS' },
      ],
      [
        'of a rollback by Kit',
        '/api/commands',
        { user: 'U0KIT', text: '/mlops rollback tumour', channel: 'C0MLOPS' },
      ],
      [
        'of a promotion by Kit',
        '/api/commands',
        { user: 'U0KIT', text: '/mlops promote tumour 1', channel: 'C0MLOPS' },
      ],
      [
        'of a retrain by Kit',
        '/api/commands',
        { user: 'U0KIT', text: '/mlops retrain tumour', channel: 'C0MLOPS' },
      ],
    ];
    for (const [what, path, body] of forged) {
      await survives(what, async () => {
        const answer = await sendJson(url, path, body);
        expect(answer.status).toBeLessThan(500);
        await delay(20);
        await expectUndecided({ client, waiting });
      });
    }
  });
}
