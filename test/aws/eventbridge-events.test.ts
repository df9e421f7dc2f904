import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAwsEvent } from '../../pipeline/aws/eventbridge-events.ts';
import { keys } from '../../pipeline/core/names.ts';

const event = (type: string, detail: unknown) => ({ 'detail-type': type, detail });

function dropped(key: string, object: object = {}) {
  return event('Object Created', {
    version: '0',
    bucket: { name: 'artifacts' },
    object: { key, size: 12, etag: 'abc', sequencer: '1', ...object },
    reason: 'PutObject',
  });
}

describe('readAwsEvent', () => {
  it('asks to look at a job, whatever its times look like', () => {
    const detail = {
      TrainingJobName: 'spam-aaaaaaaa-train-1',
      TrainingJobStatus: 'Completed',
      CreationTime: '1583831889050',
      LastModifiedTime: 1583831889050,
      Tags: {},
    };

    expect(readAwsEvent(event('SageMaker Training Job State Change', detail))).toEqual({
      kind: 'job-changed',
      jobName: 'spam-aaaaaaaa-train-1',
      runId: 'spam-aaaaaaaa',
    });
  });

  it('names model and version of an endpoint', () => {
    const detail = {
      EndpointName: 'spam',
      EndpointConfigName: 'spam-v12-aaaaaaaa',
      EndpointStatus: 'IN_SERVICE',
      CreationTime: 1583831889050,
    };

    expect(readAwsEvent(event('SageMaker Endpoint State Change', detail))).toEqual({
      kind: 'endpoint-changed',
      model: 'spam',
      version: 12,
    });
  });

  it('reads the approval of a version', () => {
    const detail = {
      ModelPackageGroupName: 'spam',
      ModelPackageVersion: 3,
      ModelApprovalStatus: 'Rejected',
    };

    const time = '2026-11-22T10:00:00Z';
    const changed = { ...event('SageMaker Model Package State Change', detail), time };

    expect(readAwsEvent(changed)).toEqual({
      kind: 'version-changed',
      model: 'spam',
      version: 3,
      approval: 'Rejected',
      at: '2026-11-22T10:00:00Z',
    });
  });

  it('ignores a version of which something else than the approval changed', () => {
    const detail = {
      ModelPackageGroupName: 'spam',
      ModelPackageVersion: 3,
      ModelApprovalStatus: 'Approved',
      UpdatedModelPackageFields: ['ModelPackageDescription'],
    };

    expect(readAwsEvent(event('SageMaker Model Package State Change', detail)).kind).toBe(
      'ignored',
    );
  });

  it('reads an alarm with its former state', () => {
    const detail = {
      alarmName: 'spam-errors',
      state: {
        value: 'ALARM',
        reason: 'Threshold Crossed',
        timestamp: '2026-11-22T10:00:00.000+0000',
      },
      previousState: { value: 'INSUFFICIENT_DATA' },
    };

    expect(readAwsEvent(event('CloudWatch Alarm State Change', detail))).toEqual({
      kind: 'alarm-changed',
      alarmName: 'spam-errors',
      state: 'ALARM',
      previousState: 'INSUFFICIENT_DATA',
      reason: 'Threshold Crossed',
      at: '2026-11-22T10:00:00.000Z',
    });
  });

  it('reads how an execution ended', () => {
    const detail = { durableExecutionName: 'spam-aaaaaaaa', status: 'TIMED_OUT' };

    expect(readAwsEvent(event('Durable Execution Status Change', detail))).toEqual({
      kind: 'execution-changed',
      runId: 'spam-aaaaaaaa',
      executionName: 'spam-aaaaaaaa',
      status: 'TIMED_OUT',
    });
  });

  it('takes a file of the inbox, whatever it is called', () => {
    const key = 'inbox/spam/größe & mehr (2).CSV';

    expect(readAwsEvent(dropped(key, { 'version-id': 'v1' }))).toEqual({
      kind: 'dataset-dropped',
      dropped: {
        bucket: 'artifacts',
        key,
        versionId: 'v1',
        etag: 'abc',
        model: 'spam',
        fileName: 'größe & mehr (2).CSV',
        bytes: 12,
        requestId: `s3:artifacts/${key}#v1`,
      },
    });
  });

  it.each([undefined, 'append', 'replace'] as const)(
    'takes a file that was shared in Slack, with who shared it, to %s',
    (newFile) => {
      const by = { kind: 'person', id: 'U0GRACE', name: 'Grace / größe & Söhne?' } as const;

      expect(
        readAwsEvent(dropped(keys.slackInbox('spam', 'append.csv', by, newFile))),
      ).toMatchObject({
        kind: 'dataset-dropped',
        dropped: { model: 'spam', fileName: 'append.csv', by, ...(newFile && { newFile }) },
      });
    },
  );

  it.each(['append', 'replace'])('takes a file to %s by its folder', (newFile) => {
    expect(readAwsEvent(dropped(`inbox/spam/${newFile}/append.csv`))).toMatchObject({
      kind: 'dataset-dropped',
      dropped: { model: 'spam', fileName: 'append.csv', newFile },
    });
  });

  it('has one request for every delivery, and another for every change', () => {
    const requestOf = (object: object) => {
      const read = readAwsEvent(dropped('inbox/spam/a.csv', object));
      return read.kind === 'dataset-dropped' ? read.dropped.requestId : null;
    };

    expect(requestOf({ sequencer: '1' })).toBe(requestOf({ sequencer: '2' }));
    expect(requestOf({ etag: 'other' })).not.toBe(requestOf({}));
    expect(requestOf({ 'version-id': 'v2' })).not.toBe(requestOf({ 'version-id': 'v1' }));
  });

  it.each([
    ['SageMaker Training Job State Change', { TrainingJobName: 'somebody-elses' }],
    ['SageMaker Training Job State Change', {}],
    ['SageMaker Model Package State Change', { ModelPackageGroupName: 'spam' }],
    ['Something Else', {}],
  ])('ignores %s with %j', (type, detail) => {
    expect(readAwsEvent(event(type, detail)).kind).toBe('ignored');
  });

  it.each([
    'datasets/spam/0123456789ab/a.csv',
    'slack-inbox/spam/a.csv',
    'slack-inbox/spam/grace/Grace/a.csv',
    'slack-inbox/spam/U0GRACE/%E0%A4%A/a.csv',
    'slack-inbox/spam/U0GRACE/Grace/deeper/a.csv',
    'inbox/a.csv',
    'inbox/spam/',
    'inbox/spam/deeper/a.csv',
    'inbox/spam/Append/a.csv',
    'inbox/spam/append/deeper/a.csv',
    'inbox/spam/append/',
    'inbox/spam/../a.csv',
    'inbox/Spam/a.csv',
    'inbox/spam/.hidden.csv',
    'inbox/spam/a.csv.part',
    'inbox/spam/a.exe',
    'inbox/spam/csv',
    'inbox/spam/a\u202eb.csv',
  ])('takes no dataset from %j', (key) => {
    expect(readAwsEvent(dropped(key)).kind).toBe('ignored');
  });

  it('takes no empty file', () => {
    expect(readAwsEvent(dropped('inbox/spam/a.csv', { size: 0 })).kind).toBe('ignored');
  });

  it('never throws, whatever comes', () => {
    const types = fc.constantFrom(
      'SageMaker Training Job State Change',
      'SageMaker Endpoint State Change',
      'SageMaker Model Package State Change',
      'Object Created',
      'CloudWatch Alarm State Change',
      'Durable Execution Status Change',
      '__proto__',
    );
    fc.assert(
      fc.property(types, fc.jsonValue(), fc.jsonValue(), (type, detail, anything) => {
        expect(readAwsEvent(event(type, detail)).kind).toBeTypeOf('string');
        expect(readAwsEvent(anything).kind).toBe('ignored');
      }),
    );
  });
});
