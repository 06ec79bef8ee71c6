import { app, ipcMain } from 'electron';
import { REQUEST_CHANNEL } from '../bridge/channels.ts';
import type { createServer } from '../bridge/server.ts';

/** Lets the renderer ask `answer`, and nothing else. No page may open windows or get permissions. */
export function grantRendererAccess(answer: ReturnType<typeof createServer>): void {
  ipcMain.handle(REQUEST_CHANNEL, ({ senderFrame }, name, question) =>
    answer(
      { url: senderFrame?.url ?? '', isMainFrame: senderFrame?.parent === null },
      name,
      question,
    ),
  );
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
    contents.session.setPermissionCheckHandler(() => false);
  });
}
