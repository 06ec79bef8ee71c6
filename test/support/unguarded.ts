/** A gate that is always open. */
export const unguarded = () => Promise.resolve(() => undefined);
