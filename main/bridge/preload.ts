import { contextBridge, ipcRenderer } from 'electron';
import { REQUEST_CHANNEL, SHOW_CHANNEL, SNAPSHOT_CHANNEL } from './channels.ts';
import type { Bridge } from './contract.ts';

function listen<T>(channel: string, listener: (message: T) => void): () => void {
  const wrapped = (_event: unknown, message: T) => listener(message);
  ipcRenderer.on(channel, wrapped);
  return () => ipcRenderer.off(channel, wrapped);
}

/** Passes messages on and nothing else: the main process checks them. */
const bridge: Bridge = {
  request: (name, question) => ipcRenderer.invoke(REQUEST_CHANNEL, name, question),
  onSnapshot: (listener) => listen(SNAPSHOT_CHANNEL, listener),
  onShow: (listener) => listen(SHOW_CHANNEL, listener),
};

contextBridge.exposeInMainWorld('keyvigil', bridge);
