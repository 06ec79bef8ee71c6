/** The time as the words on screen know it: it moves on only when one of them reads differently. */
export class Now {
  time = $state(Date.now());

  /** From now on, wakes after as many milliseconds as `wait` says each time; the function it returns ends that. */
  follow(wait: (time: number) => number): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const turn = () => {
      const time = Date.now();
      this.time = time;
      timer = setTimeout(turn, wait(time));
    };
    turn();
    return () => clearTimeout(timer);
  }
}
