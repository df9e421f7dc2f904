/** What nobody means as a dataset: the console's "folders", hidden and unfinished files. */
const SILENT = /(^|\/)$|(^|\/)[._~][^/]*$|(~|\.(part|tmp|crdownload|download|swp))$/i;

/** Whether the object is passed over without a word in Slack. */
export function isNoDataset(key: string): boolean {
  return SILENT.test(key);
}
