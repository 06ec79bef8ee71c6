import { mount } from 'svelte';
import App from './App.svelte';
import { PopupState } from './state/popup.svelte.ts';

// Windows and macOS draw a border around a frameless window; most window managers on Linux do not.
document.documentElement.classList.toggle('bordered', navigator.userAgent.includes('Linux'));

mount(App, { target: document.body, props: { popup: new PopupState(window.keyvigil) } });
