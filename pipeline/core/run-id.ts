/** Name of a run, such as `spam-d3nxsnos`. */
export type RunId = string;
