/** More than fit on any screen, and few enough to be painted at once. */
const FIRST_ROWS = 30;
const MORE_ROWS = 60;

/** Lets the first rows be painted before the others are made. */
export class RowLimit {
  value = $state(FIRST_ROWS);

  /** Makes more rows when there is time, until `count` are made or the returned function is called. */
  follow(count: number): () => void {
    if (this.value >= count) return () => {};
    const request = requestIdleCallback(() => (this.value += MORE_ROWS), { timeout: 200 });
    return () => cancelIdleCallback(request);
  }
}
