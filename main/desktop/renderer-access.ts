import { app, ipcMain, type WebContents } from 'electron';
import { REQUEST_CHANNEL } from '../bridge/channels.ts';
import type { createServer } from '../bridge/server.ts';

/**
 * Lets the popup's page ask `answer`, and nothing else. No page may open windows, get permissions or download files.
 * @param popup the popup's contents, while there is a popup
 */
export function grantRendererAccess(
  answer: ReturnType<typeof createServer>,
  popup: () => WebContents | undefined,
): void {
  ipcMain.handle(REQUEST_CHANNEL, ({ sender, senderFrame }, name, question) =>
    answer(
      {
        url: senderFrame?.url ?? '',
        isMainFrame: sender === popup() && senderFrame === sender.mainFrame,
      },
      name,
      question,
    ),
  );
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
    contents.session.setPermissionCheckHandler(() => false);
    contents.session.on('will-download', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  // Unanswered, Electron 44 and later send the first certificate that fits, also for requests of the main process.
  app.on('select-client-certificate', (event, _contents, _url, _certificates, choose) => {
    event.preventDefault();
    choose();
  });
}
