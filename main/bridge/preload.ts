import { contextBridge, ipcRenderer } from 'electron';
import { REQUEST_CHANNEL, SHOW_CHANNEL, SNAPSHOT_CHANNEL } from './channels.ts';
import type { Bridge } from './contract.ts';

function listen<T>(channel: string, listener: (message: T) => void): () => void {
  const wrapped = (_event: unknown, message: T) => listener(message);
  ipcRenderer.on(channel, wrapped);
  return () => ipcRenderer.off(channel, wrapped);
}

/** A new window runs the preload script also for an empty page, which the main process would refuse. */
const isOurPage = location.protocol === 'app:';
/** Requested before the page's scripts are loaded, so that they do not wait for the answer. */
let firstSnapshot: Promise<string> | undefined = isOurPage
  ? ipcRenderer.invoke(REQUEST_CHANNEL, 'snapshot')
  : undefined;
// The main process has pushed a newer snapshot. A page that did not listen yet must request a new one.
ipcRenderer.once(SNAPSHOT_CHANNEL, () => (firstSnapshot = undefined));

function takeFirstSnapshot(): Promise<string> | undefined {
  const taken = firstSnapshot;
  firstSnapshot = undefined;
  return taken;
}

/** Only passes messages on. The main process checks them. */
const bridge: Bridge = {
  request: (name, question) =>
    (name === 'snapshot' && takeFirstSnapshot()) ||
    ipcRenderer.invoke(REQUEST_CHANNEL, name, question),
  onSnapshot: (listener) => listen(SNAPSHOT_CHANNEL, listener),
  onShow: (listener) => listen(SHOW_CHANNEL, listener),
};

contextBridge.exposeInMainWorld('keyvigil', bridge);
