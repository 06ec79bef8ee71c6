// Loaded before the app, which then takes itself for a packaged one. A real package lets no test look inside.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { app } = require('electron');

Object.defineProperty(app, 'isPackaged', { value: true });
// Playwright's own switches, which a packaged app refuses.
process.argv = process.argv.filter((arg) => !/^--(inspect|remote-debugging)/.test(arg));
const { hasSwitch } = app.commandLine;
app.commandLine.hasSwitch = (name) => name !== 'no-sandbox' && hasSwitch(name);
