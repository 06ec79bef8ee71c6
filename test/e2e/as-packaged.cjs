// Loaded before the app, which then takes itself for a packaged one. A real package lets no test look inside.
const { app } = require('electron');

Object.defineProperty(app, 'isPackaged', { value: true });
