import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../pipeline/core/config.ts';
import { defineConfig } from '../../pipeline/core/config.ts';

const aConfig = (overrides: Partial<ConfigInput> = {}) =>
  defineConfig({
    channel: '#ml-ops',
    operators: 'everyone',
    models: {
      spam: {
        title: 'Spam filter',
        task: 'text-classification',
        recipe: 'words',
        columns: { text: 'text', label: 'label' },
        gate: { minimum: 0.8 },
        approval: { mode: 'people', approvers: ['U0GRACE'] },
      },
    },
    ...overrides,
  });

describe('studioUsers of mlops.config.ts', () => {
  it('may be left out: then Studio decides nothing', () => {
    expect(aConfig().studioUsers).toEqual({});
  });

  it('maps users of SageMaker Studio to Slack members', () => {
    const studioUsers = { 'd-abc123def456/grace-1645': 'U0GRACE', 'd-x/grace': 'W0GRACE' };

    expect(aConfig({ studioUsers }).studioUsers).toEqual(studioUsers);
  });

  it.each([
    ['grace', 'U0GRACE', 'such as d-abc123def456/grace'],
    ['d-abc123def456/', 'U0GRACE', 'such as d-abc123def456/grace'],
    ['d-abc123def456/grace', 'S0LEADS', 'a Studio user is one person'],
    ['d-abc123def456/grace', 'grace', 'such as U0123ABCD'],
  ])('names what is wrong with %j: %j', (user, member, problem) => {
    const wrong = () => aConfig({ studioUsers: { [user]: member } });

    expect(wrong).toThrow(problem);
    expect(wrong).toThrow(/at studioUsers/);
  });
});

describe('models of mlops.config.ts', () => {
  it('have names that fit everywhere', () => {
    const models = { Spam_Filter: aConfig().models.spam } as ConfigInput['models'];

    expect(() => aConfig({ models })).toThrow('lower-case letters, digits and hyphens');
  });

  it('name a column for one thing only', () => {
    const model = aConfig().models.spam;
    const models = { spam: { ...model, data: { group: 'sender', time: 'sender' } } };

    expect(() => aConfig({ models } as Partial<ConfigInput>)).toThrow(
      'models.spam uses the column “sender” for two things',
    );
  });

  it.each([[['text']], [['label']], [['country', 'country']]])('have no slices by %j', (slices) => {
    const model = aConfig().models.spam;
    const models = { spam: { ...model, gate: { minimum: 0.8, slices } } };

    expect(() => aConfig({ models } as Partial<ConfigInput>)).toThrow(
      'models.spam.gate.slices names',
    );
  });

  it('may be sliced by what their rows are grouped by', () => {
    const model = aConfig().models.spam;
    const gate = { minimum: 0.8, slices: ['customer'] };
    const models = { spam: { ...model, data: { group: 'customer' }, gate } };

    expect(() => aConfig({ models } as Partial<ConfigInput>)).not.toThrow();
  });
});
