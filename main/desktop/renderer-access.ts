import { app, ipcMain, session, type Session, type WebContents } from 'electron';
import { REQUEST_CHANNEL } from '../bridge/channels.ts';
import type { createBridgeServer } from '../bridge/server.ts';
import { refuseClientCertificates } from './client-certificates.ts';

/**
 * Lets only the popup's page send requests to `answer`. No page may open windows, get permissions or download files.
 * @param popup the popup's contents, while there is a popup
 */
export function grantRendererAccess(
  answer: ReturnType<typeof createBridgeServer>,
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
  restrict(session.defaultSession);
  app.on('session-created', restrict);
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    // Without this policy, WebRTC could reach the network, although the popup's session has no network.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  refuseClientCertificates(app);
}

function restrict(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
}
