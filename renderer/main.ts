import { mount } from 'svelte';
import App from './App.svelte';
import { PopupState } from './state/popup.svelte.ts';

// Windows and macOS draw an edge round a frameless window; window managers on Linux mostly do not.
document.documentElement.classList.toggle('edged', navigator.userAgent.includes('Linux'));

mount(App, { target: document.body, props: { popup: new PopupState(window.keyvigil) } });
