// With this file loaded first, the app behaves as if it were packaged. A real package lets no test look inside.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { app } = require('electron');

Object.defineProperty(app, 'isPackaged', { value: true });
// Remove Playwright's own switches, which a packaged app refuses.
process.argv = process.argv.filter((arg) => !/^--(inspect|remote-debugging)/.test(arg));
const { hasSwitch } = app.commandLine;
app.commandLine.hasSwitch = (name) => name !== 'no-sandbox' && hasSwitch(name);
