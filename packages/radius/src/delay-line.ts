/** Actions waiting for their time, which can all be done early. An action must not throw. */
export interface DelayLine {
  add(action: () => void, delayMs: number): void;
  /** Does now whatever still waits. */
  flush(): void;
}

export function createDelayLine(): DelayLine {
  const waiting = new Map<NodeJS.Timeout, () => void>();
  return {
    add(action, delayMs) {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        action();
      }, delayMs);
      waiting.set(timer, action);
    },
    flush() {
      for (const [timer, action] of waiting) {
        clearTimeout(timer);
        action();
      }
      waiting.clear();
    },
  };
}
