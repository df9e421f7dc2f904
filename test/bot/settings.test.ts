import { readFileSync } from 'node:fs';
import { viewProblems } from '@mlops-bot/slack-simulator/limits';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../bot/features/retrain/read-settings.ts';
import { retrainModal } from '../../bot/features/retrain/retrain-modal.ts';
import { tokenize } from '../../bot/interaction/tokenize.ts';
import { recipeSchema } from '../../pipeline/core/python-contract.ts';

const recipeOf = (name: string) => {
  const file = new URL(`../../training/recipes/${name}/recipe.json`, import.meta.url);
  return recipeSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
};
const distilbert = recipeOf('distilbert');
const tabular = recipeOf('tabular');

/** Every text that is shown, wherever it stands. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name === 'text' && typeof part === 'string' ? [part] : textsOf(part),
  );
}

describe('settings as people type them', () => {
  it.each([
    ['epochs=5', { num_train_epochs: '5' }],
    ['lr=1e-5', { learning_rate: '1e-5' }],
    ['5 epochs', { num_train_epochs: '5' }],
    ['epochs 5', { num_train_epochs: '5' }],
    ['3 epochs 0.001 lr', { num_train_epochs: '3', learning_rate: '0.001' }],
    ['batch_size=32 wd=0.1', { per_device_train_batch_size: '32', weight_decay: '0.1' }],
    ['num_train_epochs=5', { num_train_epochs: '5' }],
  ])('%s', (typed, expected) => {
    expect(readSettings(distilbert, tokenize(typed))).toEqual(expected);
  });

  it('takes those of the other recipe', () => {
    expect(readSettings(tabular, tokenize('trees=300 depth=5'))).toEqual({
      n_estimators: '300',
      max_depth: '5',
    });
  });

  it.each(['tomorrow', '5', '5 apples', 'epochs many', 'trees=3'])(
    'guesses nothing from “%s”',
    (typed) => {
      const read = () => readSettings(distilbert, tokenize(typed));

      // A key without a likely name is left for the pipeline, which lists the names there are.
      if (typed.includes('=')) expect(read()).toEqual({ trees: '3' });
      else expect(read).toThrow('retrain does not take');
    },
  );
});

describe('the retrain form of a recipe with many settings', () => {
  const form = {
    model: 'spam',
    models: [{ name: 'spam', title: 'Spam filter' }],
    datasets: [],
    settings: Object.entries(distilbert.hyperparameters).map(([name, spec]) => ({
      name,
      spec,
      value: String(spec.default),
    })),
    spot: true,
    now: new Date(0),
  };
  const labels = (view: ReturnType<typeof retrainModal>) =>
    (view.blocks as readonly { label?: { text: string } }[]).flatMap(({ label }) =>
      label === undefined ? [] : [label.text],
    );

  it('shows what matters first, by titles, and the rest behind a button', () => {
    const view = retrainModal(form);

    expect(labels(view)).toEqual([
      'Model',
      'Epochs',
      'Learning rate',
      'Batch size',
      'Base model',
      'Machine',
      'Reason',
    ]);
    expect(JSON.stringify(view)).toContain(`"More settings (${form.settings.length - 4})"`);
    expect(viewProblems(view)).toEqual([]);
  });

  it('shows all of them once asked', () => {
    const view = retrainModal({ ...form, isLong: true });

    expect(labels(view)).toHaveLength(form.settings.length + 3);
    expect(JSON.stringify(view)).not.toContain('More settings');
    expect(viewProblems(view)).toEqual([]);
  });

  it.each(['distilbert', 'tabular', 'tfidf'])(
    'says nothing of %s in snake case, but what one types',
    (recipe) => {
      const settings = Object.entries(recipeOf(recipe).hyperparameters).map(([name, spec]) => ({
        name,
        spec,
        value: String(spec.default),
      }));

      const { blocks } = retrainModal({ ...form, settings, isLong: true });

      const said = textsOf(blocks).join('\n');
      const typed = /Typed as [\w.]+=…/g;
      expect(said.match(typed)).toHaveLength(settings.length);
      expect(said.replace(typed, '').match(/[a-z]+_[a-z_]+/g)).toBeNull();
    },
  );
});
