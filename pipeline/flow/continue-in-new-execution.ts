/** Thrown where a run waits: this execution ends, a new one goes on in the same stage. */
export class ContinueInNewExecution extends Error {
  override readonly name = 'ContinueInNewExecution';
}
