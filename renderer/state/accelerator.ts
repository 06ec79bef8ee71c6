import { m } from '../../main/messages/index.ts';

/** Electron's names for keys that the browser names differently (Electron's documentation, "Keyboard Shortcuts"). */
const KEY_NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  '+': 'Plus',
};

/** The keys that have another name on other keyboards. */
const WORDS: Readonly<Record<string, () => string>> = {
  Control: m.key_control,
  Shift: m.key_shift,
  Space: m.key_space,
  Home: m.key_home,
  End: m.key_end,
  Enter: m.key_enter,
};

/** A shortcut as the user's keyboard names its keys. */
export const shortcutWords = (accelerator: string): string =>
  accelerator
    .split('+')
    .map((key) => WORDS[key]?.() ?? key)
    .join(' + ');

type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

/** The pressed keys in Electron's format; undefined if they are no shortcut: it needs Ctrl, Alt or Meta, or a function key. */
export function toAccelerator(keys: Keys): string | undefined {
  const { ctrlKey, altKey, shiftKey, metaKey } = keys;
  const key = keyName(keys);
  const isFunctionKey = /^F\d+$/.test(key ?? '');
  if (key === undefined || !(ctrlKey || altKey || metaKey || isFunctionKey)) return undefined;
  const modifiers = [
    ctrlKey && 'Control',
    altKey && 'Alt',
    shiftKey && 'Shift',
    metaKey && 'Super',
  ].filter((modifier) => modifier !== false);
  return [...modifiers, key].join('+');
}

/** Use the key's own letter or digit: Shift and Alt may change the character. */
function keyName({ key, code }: Keys): string | undefined {
  const plain = /^(?:Key|Digit)(.)$/.exec(code)?.[1];
  if (plain !== undefined) return plain;
  if (['Control', 'Alt', 'Shift', 'Meta', 'AltGraph', 'Dead'].includes(key)) return undefined;
  return KEY_NAMES[key] ?? key;
}
