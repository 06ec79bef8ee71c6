import { readFile, stat, writeFile } from 'node:fs/promises';
import { dialog } from 'electron';
import { m } from '../messages/index.ts';

const filters = () => [{ name: m.keyvigil_accounts(), extensions: ['json'] }];
const MAX_BYTES = 5_000_000;

/** Allows one dialog only, because a second one would hide the first. */
let isDialogOpen = false;

async function showOne<T>(show: () => Promise<T>): Promise<T | undefined> {
  if (isDialogOpen) return undefined;
  isDialogOpen = true;
  return show().finally(() => (isDialogOpen = false));
}

/** @returns false if the user has cancelled */
export async function saveFile(name: string, text: string): Promise<boolean> {
  const options = { defaultPath: name, filters: filters() };
  const filePath = (await showOne(() => dialog.showSaveDialog(options)))?.filePath;
  if (!filePath) return false;
  await writeFile(filePath, text, { mode: 0o600 });
  return true;
}

/** @returns undefined if the user has cancelled, and an empty text for a file that is too large */
export async function openFile(): Promise<string | undefined> {
  const options = { filters: filters(), properties: ['openFile' as const] };
  const path = (await showOne(() => dialog.showOpenDialog(options)))?.filePaths[0];
  if (path === undefined) return undefined;
  const { size } = await stat(path);
  return size > MAX_BYTES ? '' : readFile(path, 'utf8');
}
