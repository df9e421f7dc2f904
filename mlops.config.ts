import { defineConfig } from './pipeline/core/config.ts';

/**
 * The models of this team. The pipeline and the bot take all their settings from this file. It is
 * read at the start: restart after an edit. A typo is refused with the path of the setting. All
 * settings, with defaults and units, are in pipeline/core/config.ts.
 *
 * To add a model: copy one of the two below, give it a short name (lower-case letters, digits,
 * hyphens), and name the columns of its files. Restart, then drop a file into the inbox of that name.
 */

/** Slack ids. These three live in the local workspace (`npm start`); put your own in. */
const ada = 'U0ADA'; // engineer: starts, stops and rolls back runs
const grace = 'U0GRACE'; // approver: decides what goes into production
// Kit (U0KIT) is in the workspace too and has no rights: try a button as Kit to see a refusal.

export default defineConfig({
  // Where every run gets its card and thread: a channel id, or `#name`. Invite the bot.
  channel: '#ml-ops',

  // Who may start, stop and retry runs and ask for promotions; 'everyone' for no limit.
  operators: [ada, grace],

  // On AWS: who may also approve and reject in SageMaker Studio, and who they are in Slack.
  // studioUsers: { 'd-abc123def456/grace': grace }, // '<domain id>/<user profile name>'

  models: {
    // Text: is a message spam? Files need the columns `label` and `text` (CSV or JSON Lines).
    spam: {
      title: 'Spam filter',
      // Its intended use, on the model card of every version.
      description:
        'Tells spam from ham in English mail. Not for other languages or short messages.',
      task: 'text-classification',
      // A folder under training/recipes; its recipe.json names the hyperparameters. `tfidf` is the
      // other one for texts: seconds to train, and the baseline shown beside every candidate.
      recipe: 'distilbert',
      columns: { label: 'label', text: 'text' },

      // Overrides of the recipe's defaults, for every run of this model. A value typed with
      // `/mlops retrain spam num_train_epochs=5` applies to that run only.
      hyperparameters: { num_train_epochs: 3 },

      // The AWS machine that trains. Locally your own processor does it.
      training: {
        instanceType: 'ml.g4dn.xlarge',
        spot: true, // about 70 % cheaper; an interruption resumes from the last checkpoint
        whenNoCapacity: 'on-demand',
        // Fine-tune a pretrained model instead of training a small one from scratch (docs/aws.md):
        // baseModel: 'base-models/distilbert-base-uncased/',
      },

      // Optional: `group` names a column whose rows stay together, such as a customer, and `time` one
      // by which the newest rows are held out. Neither is a feature.
      // What happens, before training is paid, when the data differs from that of production:
      // 'continue' and say it, 'ask' people for an approval with a reason, or 'stop'.
      // A dropped file replaces the data the model has; `onNewFile: 'append'` adds it instead.
      data: { onLabelChange: 'ask', onShrink: 'stop', maxShrink: 0.5 },

      // What a candidate must prove on the held-out rows; shares from 0 to 1.
      gate: {
        metric: 'macro_f1',
        minimum: 0.9, // a candidate proven to be below this is blocked, whatever production scores
        nonInferiorityMargin: 0.02, // the loss that must be ruled out
      },

      // Who decides, with the buttons on the card. `mode: 'auto'` deploys every pass by itself.
      approval: {
        mode: 'people',
        approvers: [grace],
        quorum: 1,
        selfApproval: false, // whoever asked for the run may not approve it
        remindAfterHours: 4,
        expireAfterHours: 48,
      },

      // Operators and approvers see a few held-out texts behind “Evidence”; false: ids and labels only.
      evidence: { showRows: true },

      // How long errors are watched after a deployment; too many, and the previous version comes back.
      watch: { minutes: 2, maxErrorRate: 0.05, minimumRequests: 20 },

      // What opens an alert thread with a "Roll back" button, for as long as the version is live.
      alerts: {
        maxMetricDrop: 0.03, // macro_f1 on new held-out rows, against the registered figure
        maxErrorRate: 0.05, // share of requests that fail with a server error
        maxP95Milliseconds: 2000, // 95th percentile of the answer times
        minimumRequests: 20, // with fewer new requests than this nothing is judged
        consecutive: 3, // breaches in a row that open it, good observations that end it
      },
    },

    // Tabular: is a tumour malignant? Every column but the label is a feature.
    tumour: {
      title: 'Tumour classifier',
      task: 'tabular-classification',
      recipe: 'tabular',
      columns: { label: 'label' },
      training: { instanceType: 'ml.m5.large' },
      gate: {
        metric: 'macro_f1',
        minimum: 0.9,
        // Few held-out rows cannot prove a small difference, so people decide.
        nonInferiorityMargin: 0.03,
        perClassRows: 30,
      },
      approval: { mode: 'people', approvers: [grace, ada] },
      watch: { minutes: 2 },
    },
  },
});
