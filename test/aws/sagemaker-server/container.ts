// The container of an endpoint as a client meets it: training/serving/toolkit_entry.py in the toolkits
// of HuggingFace and scikit-learn. `serving-answers.json` holds it and the real entry to the same
// answers. Not reproduced: how a body is read, which is the model's part here, and models that cannot be
// loaded.

const CONTENT_TYPE = 'application/json';

/** What a model of the tests throws about a request that is the caller's fault. */
export class RequestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RequestError';
  }
}

export interface ContainerAnswer {
  readonly status: number;
  readonly body: string;
}

/** The answer to one request, whatever the model does. */
export function answerInContainer(
  model: (body: string) => string,
  { body, contentType }: { readonly body: string; readonly contentType: string },
): ContainerAnswer {
  if (contentType.split(';')[0]?.trim().toLowerCase() !== CONTENT_TYPE) {
    return refusal(415, `Send ${CONTENT_TYPE}, not ${contentType.slice(0, 100)}.`);
  }
  try {
    return { status: 200, body: model(body) };
  } catch (error) {
    // What is wrong with our model is in the log alone.
    return error instanceof RequestError
      ? refusal(400, error.message)
      : refusal(500, 'The model failed.');
  }
}

/** As json.dumps of Python writes it: in ASCII, with a space behind the colon. */
function refusal(status: number, message: string): ContainerAnswer {
  const text = JSON.stringify(message).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { status, body: `{"error": ${text}}` };
}
