import { useState } from 'react';
import type { RunningJob, ServedEndpoint } from '../pipeline-controls.ts';
import { interrupt, usePipeline } from './api.ts';
import { Icon } from './icons.tsx';
import { TryOutDialog } from './try-out-dialog.tsx';

/** What stands in for AWS on this machine. Deliberately apart from everything Slack. */
export function PipelineSection({ chooseFile }: { chooseFile: () => void }) {
  const { models, jobs, endpoints } = usePipeline() ?? { models: [], jobs: [], endpoints: [] };
  const hasModels = models.length > 0;
  if (!hasModels && jobs.length === 0 && endpoints.length === 0) return null;
  return (
    <section className="local" aria-labelledby="local">
      <h2 id="local">Local pipeline</h2>
      {hasModels && (
        <button type="button" className="local-button" onClick={chooseFile}>
          <Icon name="upload" />
          Drop a dataset
        </button>
      )}
      {jobs.length === 0 ? (
        <p className="local-note">No training job is running.</p>
      ) : (
        <ul>
          {jobs.map((job) => (
            <JobRow key={job.name} job={job} />
          ))}
        </ul>
      )}
      {endpoints.length > 0 && (
        <ul>
          {endpoints.map((endpoint) => (
            <EndpointRow key={endpoint.name} endpoint={endpoint} />
          ))}
        </ul>
      )}
    </section>
  );
}

function JobRow({ job }: { job: RunningJob }) {
  const [note, setNote] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { step, total } = job;
  const percent = step !== null && total ? Math.round((100 * step) / total) : null;

  async function takeMachine(): Promise<void> {
    setBusy(true);
    try {
      setNote((await interrupt(job.name)).message);
    } catch (error) {
      setNote(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <li className="local-row">
      <span className="local-row-head">
        <span className="nav-label" title={job.name}>
          Training {job.model}
        </span>
        <small>{percent === null ? 'starting' : `${step} / ${total}`}</small>
      </span>
      <progress
        aria-label={`Training ${job.model}`}
        {...(percent === null ? {} : { value: percent, max: 100 })}
      />
      <button type="button" className="local-button" disabled={isBusy} onClick={takeMachine}>
        <Icon name="bolt" />
        Spot interruption
      </button>
      {note && (
        <p className="local-note" role="status">
          {note}
        </p>
      )}
    </li>
  );
}

function EndpointRow({ endpoint }: { endpoint: ServedEndpoint }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="local-row local-row-flat">
      <span className="live-dot" aria-hidden="true" />
      <span className="nav-label" title={endpoint.name}>
        {endpoint.model} <small>v{endpoint.version} served</small>
      </span>
      <button type="button" className="local-link" onClick={() => setOpen(true)}>
        Try it
      </button>
      {isOpen && <TryOutDialog endpoint={endpoint} onClose={() => setOpen(false)} />}
    </li>
  );
}
