import { readFile, stat, writeFile } from 'node:fs/promises';
import { dialog } from 'electron';

const FILTERS = [{ name: 'Keyvigil accounts', extensions: ['json'] }];
const MAX_BYTES = 5_000_000;

/** @returns false if the user has cancelled */
export async function saveFile(name: string, text: string): Promise<boolean> {
  const { filePath } = await dialog.showSaveDialog({ defaultPath: name, filters: FILTERS });
  if (!filePath) return false;
  await writeFile(filePath, text, { mode: 0o600 });
  return true;
}

/** @returns undefined if the user has cancelled, and an empty text for a file that is too large */
export async function openFile(): Promise<string | undefined> {
  const { filePaths } = await dialog.showOpenDialog({ filters: FILTERS, properties: ['openFile'] });
  const [path] = filePaths;
  if (path === undefined) return undefined;
  const { size } = await stat(path);
  return size > MAX_BYTES ? '' : readFile(path, 'utf8');
}
