/** A small Xfce desktop on its own display: session bus, unlocked keyring, window manager, and on request a panel with a tray. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startXvfb } from '../../build/display.ts';
import { ensureCommands } from '../../build/runtime/packages.ts';
import { run } from '../../build/runtime/run.ts';
import { callBus, end, hasOwner, startSessionBus, until } from '../../build/session-bus.ts';

export const SCREEN = { width: 1280, height: 800 };

export interface DesktopSession {
  /** The environment of the session's programs. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Runs a command.
   * @returns what the command printed
   * @throws if the command fails
   */
  run(command: string, ...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Windows and macOS have only the user's own desktop. */
const usersDesktop: DesktopSession = {
  env: process.env,
  run: (command) => Promise.reject(new Error(`There is no ${command} on ${process.platform}.`)),
  stop: () => Promise.resolve(),
};

export async function startDesktop({ panel = false } = {}): Promise<DesktopSession> {
  if (process.platform !== 'linux') return usersDesktop;
  const tools = await ensureCommands([
    'xfwm4',
    'xfconfd',
    'xfce4-panel',
    'xdotool',
    'scrot',
    'xclip',
    'font',
    'icons',
  ]);
  const screen = await startXvfb(SCREEN);
  const bus = await startSessionBus({ DISPLAY: screen.display, XDG_CURRENT_DESKTOP: 'XFCE' });
  const env = { ...process.env, ...bus.env };
  const running: ChildProcess[] = [];
  const stop = async () => {
    // Wait for these programs to end, because they write into the session's home until then.
    await Promise.all(running.map(end));
    await bus.stop();
    screen.stop();
  };
  const inSession = async (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = await run(command, args, { env });
    if (status !== 0) throw new Error(`${command} failed: ${stderr.trim()}`);
    return stdout;
  };

  try {
    configurePanel(bus.env['XDG_CONFIG_HOME'] ?? '');
    running.push(spawn(tools.xfconfd, { env, stdio: 'ignore' }));
    await until('the settings daemon', () => hasOwner('org.xfce.Xfconf', env));
    running.push(spawn(tools.xfwm4, { env, stdio: 'ignore' }));
    // When a window manager is ready, it sets the number of desktops.
    await until('the window manager', async () => {
      const { status } = await run(tools.xdotool, ['get_num_desktops'], { env });
      return status === 0;
    });
    if (panel) {
      running.push(spawn(tools['xfce4-panel'], { env, stdio: 'ignore' }));
      await until('the panel’s tray', () => hasTray(env));
    }
    return { env, run: inSession, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The watcher registers tray icons. The watcher's host, which is a plugin of the panel, shows the icons. */
async function hasTray(env: NodeJS.ProcessEnv): Promise<boolean> {
  const name = 'org.kde.StatusNotifierWatcher';
  const property = [`string:${name}`, 'string:IsStatusNotifierHostRegistered'];
  const call = [name, '/StatusNotifierWatcher', 'org.freedesktop.DBus.Properties.Get'] as const;
  return (await callBus(env, call, ...property)).includes('true');
}

function configurePanel(configFolder: string): void {
  const folder = join(configFolder, 'xfce4/xfconf/xfce-perchannel-xml');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'xfce4-panel.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="30"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/><value type="int" value="2"/><value type="int" value="3"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator"><property name="expand" type="bool" value="true"/></property>
    <property name="plugin-2" type="string" value="systray"><property name="square-icons" type="bool" value="true"/></property>
    <property name="plugin-3" type="string" value="clock"/>
  </property>
</channel>
`,
  );
}
