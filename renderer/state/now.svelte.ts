/** The current time for the words on screen. `time` changes only when one of these words must change. */
export class Now {
  time = $state(Date.now());

  /**
   * @param msToNextChange returns how long the words stay true
   * @returns a function that stops the timer
   */
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
