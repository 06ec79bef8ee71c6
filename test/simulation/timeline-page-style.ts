export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fcfcfb; --text: #1b1c1e; --quiet: #5b5f66; --rule: #dcdddf; --asleep: #e6e7ea;
  --live: #2e8a57; --offline: #8a8f98; --app-closed: #44474d; --user-needed: #b7791f; --expired: #7d5bbe; --lapse: #c8102e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #17181a; --text: #ececee; --quiet: #a3a7ae; --rule: #34363a; --asleep: #26282c;
    --live: #43a871; --offline: #8d929b; --app-closed: #c3c6cb; --user-needed: #e0a63f; --expired: #a98be6; --lapse: #ff5a6e;
  }
}
body { margin: 2rem auto; max-width: 76rem; padding: 0 1.5rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: .85rem; font-weight: 600; margin: .9rem 0 .2rem; }
header p { color: var(--quiet); margin: .3rem 0 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem 1.4rem .2rem 0; border-bottom: 1px solid var(--rule); text-align: right; font-weight: 400; }
th:first-child { text-align: left; } thead th { color: var(--quiet); font-size: .85rem; }
.detail th, .detail td { color: var(--quiet); } .detail th:first-child { padding-left: 1.2rem; }
.missed th, .missed td { color: var(--lapse); font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; padding: 0; margin: 0 0 1rem; font-size: .85rem; }
.legend svg { width: 2rem; height: 13px; margin-right: .45rem; vertical-align: -2px; }
.axis { position: sticky; top: 0; background: var(--page); padding: .3rem 0; }
.axis div { position: relative; height: 1.2rem; margin-left: 6.5rem; }
.axis span { position: absolute; padding-left: .25rem; border-left: 1px solid var(--rule); color: var(--quiet); font-size: .75rem; white-space: nowrap; }
.row { display: flex; align-items: center; }
.row:hover { background: color-mix(in srgb, var(--text) 7%, transparent); }
.name { flex: none; width: 6.5rem; font-size: .8rem; color: var(--quiet); }
.row svg { flex: auto; min-width: 0; height: 13px; }
.asleep, .resting { fill: var(--asleep); } .live { fill: var(--live); } .offline { fill: var(--offline); }
.app-closed { fill: var(--app-closed); } .user-needed { fill: var(--user-needed); } .expired { fill: var(--expired); } .lapse { fill: var(--lapse); }
`;
