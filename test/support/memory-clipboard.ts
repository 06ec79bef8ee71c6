import type { Clipboard } from '../../main/desktop/secret-copier.ts';

/** A clipboard in memory. A test may read and change its text. */
export class MemoryClipboard implements Clipboard {
  text = '';

  read(): Promise<string> {
    return Promise.resolve(this.text);
  }

  write(text: string): Promise<void> {
    this.text = text;
    return Promise.resolve();
  }

  clear(): Promise<void> {
    return this.write('');
  }
}
