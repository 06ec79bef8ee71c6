import type { App } from 'electron';

/** The appId of electron-builder.yml. It must never change, because the system recognizes installed apps by it. */
export const APP_ID = 'io.github.keyvigil.keyvigil';

/** Tells Windows which app this is. Otherwise Windows shows no notifications and starts the wrong program at login. */
export function identifyApp(app: Pick<App, 'setAppUserModelId'>, platform: NodeJS.Platform): void {
  if (platform === 'win32') app.setAppUserModelId(APP_ID);
}
