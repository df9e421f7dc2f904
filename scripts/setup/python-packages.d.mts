/** The Python interpreter of `.venv`. */
export function virtualPython(root: string): string;
