// This app does what `electron DIR` does. The older runtime needs it, because it lacks Electron's own
// resources/default_app.asar.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);
const { modules, target, version } = readCommandLine(process.argv.slice(1));

if (version) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
}
if (!target) {
  console.error('Usage: electron [-r MODULE] [--version] DIR|FILE');
  process.exit(1);
}
// Wait for the app to load: Electron sends `ready` when this module has loaded, and the app must be able to prepare before that.
for (const module of modules) require(resolve(module));
await start(resolve(target));

function readCommandLine(args) {
  const modules = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '-r' || args[i] === '--require') modules.push(args[++i]);
    else if (args[i] === '--version' || args[i] === '-v') return { modules, version: true };
    else if (!args[i].startsWith('-')) return { modules, target: args[i] };
  }
  return { modules };
}

async function start(path) {
  process.defaultApp = true;
  const packageFile = join(path, 'package.json');
  if (existsSync(packageFile)) introduce(JSON.parse(readFileSync(packageFile, 'utf8')));
  const entry = require.resolve(path);
  app.setAppPath(existsSync(packageFile) ? path : dirname(entry));
  await import(pathToFileURL(entry).href);
}

function introduce({ name, productName, version, desktopName }) {
  app.setName(productName ?? name ?? 'Electron');
  if (version) app.setVersion(version);
  app.setDesktopName(desktopName ?? `${app.name}.desktop`);
}
