import { defineConfig } from '../../pipeline/core/config.ts';

/** One text model that trains in seconds and deploys what passes by itself. */
export default defineConfig({
  channel: '#ml-ops',
  operators: 'everyone',
  models: {
    mails: {
      title: 'Mails',
      task: 'text-classification',
      recipe: 'tfidf',
      columns: { text: 'text', label: 'label' },
      gate: { minimum: 0.7, nonInferiorityMargin: 0.08, minimumRows: 20 },
      approval: { mode: 'auto' },
    },
  },
});
