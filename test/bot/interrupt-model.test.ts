import { describe, expect, it } from 'vitest';
import { interruptModel } from '../../bot/local/interrupt-model.ts';

const jobs = ['spam', 'tumour'].map((model) => ({
  name: `${model}-aaaaaaaa-train-1`,
  model,
  runId: `${model}-aaaaaaaa`,
  step: 1,
  total: 10,
}));

const controls = {
  runningJobs: async () => jobs,
  interrupt: async (jobName = 'any') => ({ message: `Interrupting ${jobName}.` }),
};

describe('/mlops interrupt of the local app', () => {
  it('interrupts the job of the model that is named', async () => {
    expect(await interruptModel(controls, 'tumour')).toEqual({
      message: 'Interrupting tumour-aaaaaaaa-train-1.',
    });
  });

  it('interrupts any job when none is named', async () => {
    expect(await interruptModel(controls, undefined)).toEqual({ message: 'Interrupting any.' });
  });

  it('says that the model trains nothing', async () => {
    await expect(interruptModel(controls, 'wine')).rejects.toThrow(
      'No training job of wine is running.',
    );
  });
});
