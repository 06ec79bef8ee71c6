// The floor is the smallest possible tray app on Electron. FLOOR_POPUP=new makes a window at each click, FLOOR_POPUP=kept only once.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- A module would load later than a script.
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
