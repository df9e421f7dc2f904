import type { Appending, Dataset, DatasetFile } from '../dataset.ts';
import { listOf, shorten } from './bounds.ts';

const FILE_NAME = 255;
const LEFT_OUT_BYTES = 4_000;

/** Of files there are at most `MOST_FILES`, under keys of at most 300 bytes. */
export function boundDataset(dataset: Dataset): Dataset {
  const short = <T extends DatasetFile>(file: T): T => ({
    ...file,
    fileName: shorten(file.fileName, FILE_NAME),
  });
  const { files } = dataset;
  return { ...short(dataset), ...(files === undefined ? {} : { files: files.map(short) }) };
}

export function boundLeftOut({ leftOut, ...rest }: Appending): Appending {
  const named = leftOut.map((each) => ({ ...each, fileName: shorten(each.fileName, FILE_NAME) }));
  return { ...rest, leftOut: listOf(named, LEFT_OUT_BYTES) };
}
