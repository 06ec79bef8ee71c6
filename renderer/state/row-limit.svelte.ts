/** As many as fit into the highest popup, and few enough to be painted at once. */
export const FIRST_ROWS = 10;
/** Few enough that a click does not wait for them. */
const MORE_ROWS = 20;

/** Lets the first rows be painted before the others are made. */
export class RowLimit {
  value = $state(FIRST_ROWS);

  /** Makes more rows after the next frame, when there is time, until `count` are made or the returned function is called. */
  follow(count: number): () => void {
    if (this.value >= count) return () => {};
    let request = 0;
    const frame = requestAnimationFrame(() => {
      request = requestIdleCallback(() => (this.value += MORE_ROWS), { timeout: 200 });
    });
    return () => {
      cancelAnimationFrame(frame);
      cancelIdleCallback(request);
    };
  }
}
