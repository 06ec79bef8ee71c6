/** The current time for the words on screen. It moves only when one of them changes. */
export class Now {
  time = $state(Date.now());

  /** @param msToNextChange how long the words stay true; the returned function stops the timer */
  start(msToNextChange: (time: number) => number): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const update = () => {
      const time = Date.now();
      this.time = time;
      timer = setTimeout(update, msToNextChange(time));
    };
    update();
    return () => clearTimeout(timer);
  }
}
