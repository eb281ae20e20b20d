import type { Backend } from "../backend/backend";
import { asProblem, type ShownProblem } from "../backend/problem";

/** Asks the server about an app's registration, and keeps what it said. */
export class AppCheck {
  running = $state(false);
  problem = $state<ShownProblem | null>(null);
  /** Where a login would listen; `null` when it takes links, `undefined` before the first answer. */
  listensAt = $state<string | null | undefined>(undefined);

  constructor(private readonly backend: () => Backend) {}

  run = async (appId: string): Promise<void> => {
    if (this.running) return;
    this.running = true;
    this.problem = null;
    this.listensAt = undefined;
    try {
      this.listensAt = await this.backend().checkApp(appId);
    } catch (rejection) {
      this.problem = asProblem(rejection);
    }
    this.running = false;
  };
}
