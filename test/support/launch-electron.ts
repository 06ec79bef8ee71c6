import { _electron, type ElectronApplication } from '@playwright/test';

declare global {
  var answers: Promise<unknown>[] | undefined;
}

/**
 * Launches an app of Electron, and makes its `evaluate` reliable: V8's inspector loses an answer (*Resulting promise was garbage
 * collected*) if the app collects garbage before the answer is sent. So the app keeps the promise of every answer.
 * Source: https://github.com/spaceagetv/electron-playwright-helpers/pull/110
 */
export async function launchElectron(
  options: Parameters<typeof _electron.launch>[0],
): Promise<ElectronApplication> {
  const app = await _electron.launch(options);
  const evaluate = app.evaluate.bind(app);
  app.evaluate = (call: unknown, argument?: unknown) =>
    evaluate(callAndKeep, [`(${String(call)})`, argument] as const) as Promise<never>;
  return app;
}

/** Runs in the app, so it uses nothing of this file. */
function callAndKeep(
  electron: typeof Electron.CrossProcessExports,
  [call, argument]: readonly [call: string, argument: unknown],
): Promise<unknown> {
  const answer = (async () => (0, eval)(call)(electron, argument))();
  (globalThis.answers ??= []).push(answer);
  return answer;
}
