// The floor: the least an Electron tray app can be. FLOOR_POPUP=new creates its window at each click, FLOOR_POPUP=kept once.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- It is no module: that would load later.
const { app, BrowserWindow, Tray, nativeImage } = require('electron');
const { FLOOR_POPUP } = process.env;

function create() {
  const window = new BrowserWindow({
    x: 914,
    y: 36,
    width: 360,
    height: 320,
    frame: false,
    show: false,
    skipTaskbar: true,
  });
  window.loadFile(`${__dirname}/index.html`);
  return window;
}

app.whenReady().then(() => {
  const tray = (globalThis.tray = new Tray(nativeImage.createFromPath(`${__dirname}/icon.png`)));
  let popup = FLOOR_POPUP === 'kept' ? create() : undefined;
  tray.on('click', () => {
    if (FLOOR_POPUP === 'kept') {
      if (popup.isVisible()) popup.hide();
      else popup.show();
    } else if (popup) {
      popup.destroy();
      popup = undefined;
    } else {
      popup = create();
      popup.once('ready-to-show', () => popup.show());
    }
  });
});
app.on('window-all-closed', () => {});
