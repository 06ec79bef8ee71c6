import type { App } from 'electron';

/** The appId of electron-builder.yml: installed apps are known by it, so it never changes. */
export const APP_ID = 'io.github.keyvigil.keyvigil';

/** Tells the operating system which app this is. Without that, Windows shows no notifications and starts the wrong program at login. */
export function identifyApp(app: Pick<App, 'setAppUserModelId'>, platform: NodeJS.Platform): void {
  if (platform === 'win32') app.setAppUserModelId(APP_ID);
}
