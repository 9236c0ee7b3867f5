/** Those who want to be called back. */
export interface Listeners<T> {
  /** Returns what ends it. */
  add(listener: (value: T) => void): () => void;
  tell(value: T): void;
}

export function createListeners<T>(): Listeners<T> {
  let listeners: readonly ((value: T) => void)[] = [];
  return {
    add(listener) {
      listeners = [...listeners, listener];
      return () => {
        listeners = listeners.filter((other) => other !== listener);
      };
    },
    tell(value) {
      for (const listener of listeners) listener(value);
    },
  };
}
