/** Finds what cannot be read or used in the popup's page. Runs in the page. */
export function findUnusable(): string[] {
  const found: string[] = [];
  const layers = [...document.querySelectorAll<HTMLElement>(':popover-open, dialog[open]')];
  // An open menu or dialog covers the view below it.
  const layer = layers.at(-1) ?? document.body;
  const name = (element: Element) => {
    const text = element.getAttribute('aria-label') ?? element.textContent;
    return `${element.tagName.toLowerCase()} “${text.trim().replace(/\s+/g, ' ').slice(0, 40)}”`;
  };
  const isShown = (element: Element) =>
    element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false });
  const elements = [...layer.querySelectorAll<HTMLElement>('*')].filter(isShown);

  // Nothing may need horizontal scrolling, and no text may be cut off, unless its tooltip has the whole text.
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} px wide`);
  for (const element of [layer, ...elements]) {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
    const isInline = clientWidth === 0;
    if (isInline || element.matches('input, select, svg, svg *') || element.closest('[title]'))
      continue;
    if (scrollWidth > clientWidth + 1) {
      found.push(`${name(element)} is cut off: ${scrollWidth} px in ${clientWidth}`);
    }
    const isScrollable = getComputedStyle(element).overflowY === 'auto';
    if (element !== document.body && !isScrollable && scrollHeight > clientHeight + 2) {
      found.push(`${name(element)} is cut off: ${scrollHeight} px high in ${clientHeight}`);
    }
  }

  // Everything that can be pressed or filled in can be scrolled into the window, and nothing covers it.
  const controls = 'button, input, select, summary, [role^=menuitem]';
  for (const control of elements.filter((element) => element.matches(controls))) {
    control.scrollIntoView({ block: 'nearest' });
    const { left, right, top, bottom } = control.getBoundingClientRect();
    if (left < 0 || top < -1 || right > innerWidth || bottom > innerHeight + 1) {
      found.push(`${name(control)} is not inside the window`);
    }
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!control.contains(hit)) found.push(`${name(control)} is covered by ${hit && name(hit)}`);
  }

  // Texts and icons do not overlap.
  const boxes = elements.flatMap((element) => {
    if (element instanceof SVGElement) {
      return element.matches('.icon, text')
        ? [{ element, box: element.getBoundingClientRect() }]
        : [];
    }
    return [...element.childNodes].flatMap((node) => {
      if (!(node instanceof Text) || node.data.trim() === '') return [];
      const range = document.createRange();
      range.selectNode(node);
      return [...range.getClientRects()].map((box) => ({ element, box }));
    });
  });
  const visible = boxes.map(({ element, box }) => {
    let { left, right, top, bottom } = box;
    for (let parent: Element | null = element; parent; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflow === 'visible') continue; // This parent does not clip.
      const clip = parent.getBoundingClientRect();
      [left, right] = [Math.max(left, clip.left), Math.min(right, clip.right)];
      [top, bottom] = [Math.max(top, clip.top), Math.min(bottom, clip.bottom)];
    }
    return { element, left, right, top, bottom };
  });
  for (const [index, a] of visible.entries()) {
    for (const b of visible.slice(index + 1)) {
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const isSame = a.element === b.element;
      if (!isSame && width > 1 && height > 2)
        found.push(`${name(a.element)} overlaps ${name(b.element)}`);
    }
  }
  return found;
}
