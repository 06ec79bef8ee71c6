import type { App } from 'electron';

/**
 * Sends no client certificate to any server. Without this listener, Electron 44 and later send the first certificate that fits,
 * also for requests of the main process.
 */
export function refuseClientCertificates(app: Pick<App, 'on'>): void {
  app.on('select-client-certificate', (event, _contents, _url, _certificates, choose) => {
    event.preventDefault();
    choose();
  });
}
