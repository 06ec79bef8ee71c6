export { compileMessages as default } from '../../build/messages.ts';
