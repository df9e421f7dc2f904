/** A file of a dataset, as it was dropped. */
export interface DatasetFile {
  /** Artifact key of the file. */
  readonly key: string;
  /** File name as the person wrote it; untrusted text. */
  readonly fileName: string;
  /** First 12 hexadecimal digits of the file's SHA-256. */
  readonly version: string;
  readonly bytes: number;
}

/**
 * What a run is trained on: one file, or the newest of several. Its `version` is the dataset version:
 * that of the file, or one made of those of all files.
 */
export interface Dataset extends DatasetFile {
  /** All of them, oldest first, when the newest was appended to others; left out: there is one. */
  readonly files?: readonly DatasetFile[];
}

/**
 * What the runs of a dataset say about it. `good`: one of them passed the gate; `untested`: none has
 * been judged. The others are suspect: a retrain takes them only when they are named.
 */
export type Standing =
  | 'good'
  | 'untested'
  | 'blocked'
  | 'changed'
  | 'stopped'
  | 'rolled_back'
  | 'invalid';

/** What the file of a run was appended to. */
export interface Appending {
  /** The version in production, whose data comes first; null: nothing is live. */
  readonly onto: number | null;
  /** Files that were appended to it too and are not part of the dataset, with what is wrong. */
  readonly leftOut: readonly LeftOutFile[];
}

export interface LeftOutFile {
  readonly fileName: string;
  readonly version: string;
  /** Of the dataset it was in; `untested`: its run ended before the data was checked. */
  readonly standing: Standing;
}
