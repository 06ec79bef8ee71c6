/** electron-builder reads these variables to sign the app and to have Apple notarize it. docs/packaging.md explains them. */
const SIGNING = ['CSC_LINK', 'CSC_KEY_PASSWORD'];
const NOTARIZING = ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'];

const NEEDED: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  win32: SIGNING,
  darwin: [...SIGNING, ...NOTARIZING],
};

/** @returns what is not signed and why; undefined if everything is signed, or if this platform signs nothing */
export function missingSigning(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const missing = NEEDED[platform]?.filter((name) => !env[name]) ?? [];
  if (missing.length === 0) return undefined;
  const consequence =
    platform === 'darwin'
      ? 'macOS will refuse to open it until its user allows it, and notifications and updates will not work'
      : 'Windows will warn before it runs';
  return `Not signed, because ${missing.join(', ')} is not set: ${consequence}.`;
}
