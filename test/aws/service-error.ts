/** An error as SageMaker answers it. */
export class ServiceError extends Error {
  readonly type: string;
  readonly status: number;
  /** Further members of the answer. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    type: string,
    message: string,
    { status = 400, members = {} }: { status?: number; members?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.type = type;
    this.status = status;
    this.members = members;
  }
}

export const account = '123456789012';

export function arn(kind: string, name: string): string {
  return `arn:aws:sagemaker:us-east-1:${account}:${kind}/${name}`;
}

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

/** JSON 1.1 writes times as seconds with fractions. */
export function seconds(at: Date): number {
  return at.getTime() / 1000;
}
