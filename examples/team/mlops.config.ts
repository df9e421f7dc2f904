import { defineConfig } from '../../pipeline/core/config.ts';

/**
 * The configuration of a typical team: four models, approvals by groups, a quorum for the model that
 * moves money. To use it, copy it over mlops.config.ts and put in your own ids. stages.ts beside it
 * has the schedules and the Regions on AWS.
 */

// Slack ids: profile → ⋮ → Copy member ID; for a group, People → User groups → ⋮ → Copy group ID.
const mina = 'U04MINA'; // ML engineer
const tom = 'U04TOM'; // ML engineer
const lena = 'U04LENA'; // head of risk
const supportLeads = 'S04SUPPORT'; // user group: members change without a deployment
const riskOfficers = 'S04RISK'; // user group

export default defineConfig({
  channel: '#ml-releases',

  // The engineers start, stop and roll back runs. Everyone may read.
  operators: [mina, tom],

  // Lena also approves in SageMaker Studio. A Studio user is one person, so no group goes here.
  studioUsers: { 'd-abc123def456/lena': lena },

  models: {
    // Routes support tickets. Fine-tunes a pretrained model, because tickets are many and long.
    'ticket-routing': {
      title: 'Ticket routing',
      task: 'text-classification',
      recipe: 'distilbert',
      columns: { label: 'queue', text: 'message' },
      training: {
        instanceType: 'ml.g4dn.xlarge',
        maxRuntimeMinutes: 180, // the recipe keeps checkpoints, so Spot is fine for hours
        maxCapacityWaitMinutes: 240, // nobody waits for it at night
        whenNoCapacity: 'on-demand',
        baseModel: 'base-models/distilbert-base-uncased/', // docs/aws.md says how to put it there
      },
      hyperparameters: { learning_rate: 0.00003, max_length: 256, num_train_epochs: 2 },
      gate: {
        metric: 'macro_f1', // rare queues count as much as frequent ones
        minimum: 0.8,
        nonInferiorityMargin: 0.01,
        maxRecallDrop: 0.05, // a queue that loses more than this needs a decision
      },
      approval: {
        mode: 'people',
        approvers: [supportLeads],
        remindAfterHours: 4,
        expireAfterHours: 72, // spans a weekend
      },
      serving: { memoryMB: 3072, maxConcurrency: 20 },
      watch: { minutes: 30, maxErrorRate: 0.02 },
      alerts: { maxMetricDrop: 0.03, maxP95Milliseconds: 800, minimumRequests: 200 },
    },

    // Marks abusive reviews. A wrong mark is cheap and reviewed later, so a pass deploys by itself.
    'review-filter': {
      title: 'Review filter',
      task: 'text-classification',
      recipe: 'distilbert',
      columns: { label: 'label', text: 'review' },
      gate: {
        metric: 'macro_f1',
        minimum: 0.9,
        nonInferiorityMargin: 0.01, // stricter, because no person looks at the numbers
        tolerance: 0,
      },
      approval: { mode: 'auto' },
      watch: { minutes: 60, maxErrorRate: 0.01 }, // longer, for the same reason
    },

    // Predicts which customers will leave. Scored in a nightly batch, so latency hardly matters.
    churn: {
      title: 'Customer churn',
      task: 'tabular-classification',
      recipe: 'tabular',
      columns: { label: 'churned' }, // every other column is a feature
      training: { instanceType: 'ml.m5.large', maxRuntimeMinutes: 30 },
      gate: { metric: 'macro_f1', minimum: 0.75, nonInferiorityMargin: 0.02 },
      approval: {
        mode: 'people',
        approvers: [mina, tom], // two engineers: one asks, the other approves
      },
      alerts: {
        maxP95Milliseconds: 5000,
        minimumRows: 200,
        minimumRequests: 500, // ignores single requests between two batches
      },
    },

    // Holds suspicious payments. Two risk officers approve, three if the verdict is inconclusive.
    fraud: {
      title: 'Payment fraud',
      task: 'tabular-classification',
      recipe: 'tabular',
      columns: { label: 'is_fraud' },
      training: { instanceType: 'ml.m5.xlarge', spot: false }, // must be ready the same morning
      gate: {
        metric: 'macro_f1',
        minimum: 0.85,
        nonInferiorityMargin: 0.01,
        maxRecallDrop: 0.02, // missed fraud costs more than held payments
        perClassRows: 100,
      },
      approval: {
        mode: 'people',
        approvers: [riskOfficers, lena],
        notify: [lena], // only she is mentioned; every officer may decide
        quorum: 2,
        quorumWhenInconclusive: 3,
        selfApproval: false,
        remindAfterHours: 2,
        expireAfterHours: 24,
      },
      serving: { memoryMB: 2048, maxConcurrency: 50 },
      watch: { minutes: 60, maxErrorRate: 0.005 },
      alerts: {
        maxMetricDrop: 0.02,
        maxErrorRate: 0.01,
        maxP95Milliseconds: 300, // checked while the customer pays
        minimumRequests: 100,
        consecutive: 2,
      },
    },
  },
});
