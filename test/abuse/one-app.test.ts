// Everything that comes over HTTP or through the inbox, against one running app with a version that
// waits for approval. In order: what must not decide comes before the decision.
import { afterAll, beforeAll, describe } from 'vitest';
import { endpointBodies } from './one-app/endpoint-bodies.ts';
import { forgedClicks } from './one-app/forged-clicks.ts';
import { oddInboxFiles } from './one-app/odd-inbox-files.ts';
import { pageRequests } from './one-app/page-requests.ts';
import { scripts } from './one-app/scripts.ts';
import { secrets } from './one-app/secrets.ts';
import { slowClients } from './one-app/slow-clients.ts';
import { openTarget, type Target } from './one-app/target.ts';
import { uploads } from './one-app/uploads.ts';

const cleanUps: (() => void)[] = [];
let opened: Target;

beforeAll(async () => {
  opened = await openTarget((work) => void cleanUps.unshift(work));
}, 120_000);

afterAll(() => {
  for (const work of cleanUps) work();
});

describe('one running app', () => {
  const target = () => opened;
  forgedClicks(target);
  pageRequests(target);
  uploads(target);
  slowClients(target);
  oddInboxFiles(target);
  scripts(target);
  endpointBodies(target);
  secrets(target);
});
