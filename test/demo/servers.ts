import { startEntra, type Entra } from '../simulators/entra.ts';
import { startNexusIc, type NexusIc } from '../simulators/nexus-ic.ts';
import { startRibCx, type RibCx } from '../simulators/rib-cx.ts';
import { MICROSOFT_USER, REPORTS_USER, USER, type DemoAccount } from './accounts.ts';
import { PROJECTS } from './projects.ts';

/** All servers that Keyvigil talks to in the demo. */
export interface Servers {
  readonly nexus: NexusIc;
  readonly ribCx: RibCx;
  readonly entra: Entra;
}

export async function startServers(): Promise<Servers> {
  const clock = { now: () => Date.now() };
  // Copy the user, because a server changes its users.
  const nexus = await startNexusIc({ clock, users: [{ ...USER }] });
  // Keyvigil asks at this interval whether a code was typed. Microsoft's interval is five seconds, which is long for a demo.
  const entra = await startEntra({
    clock,
    users: [{ ...MICROSOFT_USER }],
    deviceIntervalSeconds: 1,
  });
  const ribCx = await startRibCx({
    clock,
    users: [{ ...REPORTS_USER }, { email: MICROSOFT_USER.email }],
    projects: PROJECTS,
    verifyToken: entra.verifyToken,
  });
  return { nexus, ribCx, entra };
}

export async function stopServers({ nexus, ribCx, entra }: Servers): Promise<void> {
  await Promise.all([nexus.stop(), ribCx.stop(), entra.stop()]);
}

export function addressOf({ system }: DemoAccount, { nexus, ribCx }: Servers): string {
  return system === 'NEXUS IC' ? nexus.origin : ribCx.origin;
}
