const TICK_MS = 1000;

/** The present, for countdowns; moves once a second while someone looks. */
export class WallClock {
  nowMs = $state(Date.now());

  /** Starts ticking; returns how to stop. */
  start(): () => void {
    const tick = () => {
      if (!document.hidden) this.nowMs = Date.now();
    };
    const timer = setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }
}
