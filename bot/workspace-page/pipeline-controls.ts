/** What the local pipeline offers to the workspace page beside Slack. */
export interface PipelineControls {
  models(): readonly ModelChoice[];
  /** Throws an Error whose message is shown to the person. */
  dropDataset(input: {
    model: string;
    fileName: string;
    body: AsyncIterable<Uint8Array>;
    userId: string;
    /** Left out: as the configuration of the model says. */
    newFile?: 'append' | 'replace';
  }): Promise<{ message: string }>;
  runningJobs(): Promise<readonly RunningJob[]>;
  interrupt(jobName?: string): Promise<{ message: string }>;
  endpoints(): Promise<readonly ServedEndpoint[]>;
}

export interface ModelChoice {
  readonly name: string;
  readonly title: string;
  /** Value of the file input's `accept`, such as ".csv,.jsonl". */
  readonly accepts: string;
  /** What a dropped file does to the data of the model if nobody says otherwise. */
  readonly newFile: 'append' | 'replace';
}

export interface RunningJob {
  readonly name: string;
  readonly model: string;
  readonly runId: string;
  readonly step: number | null;
  readonly total: number | null;
}

export interface ServedEndpoint {
  readonly name: string;
  readonly model: string;
  readonly url: string;
  readonly version: number;
  /** A request body the endpoint accepts; the try-out form starts from it. */
  readonly example: unknown;
}

export interface PipelineState {
  readonly models: readonly ModelChoice[];
  readonly jobs: readonly RunningJob[];
  readonly endpoints: readonly ServedEndpoint[];
}

export interface Prediction {
  readonly ok: boolean;
  readonly status: number;
  readonly milliseconds: number;
  readonly answer: unknown;
}
