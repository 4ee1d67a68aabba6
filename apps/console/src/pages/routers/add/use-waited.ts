import { useEffect, useState } from 'react';

/** True once something has been so for a while. */
export function useWaited(isWaiting: boolean, waitMs: number): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setLong(true), waitMs);
    return () => clearTimeout(timer);
  }, [isWaiting, waitMs]);
  return isLong;
}
