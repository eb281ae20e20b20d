import type { Backend } from "../backend/backend";
import type { FindingView } from "../backend/generated/FindingView";
import type { Level } from "../backend/generated/Level";
import { asProblem, type ShownProblem } from "../backend/problem";

const WORST_FIRST: Record<Level, number> = { problem: 0, warning: 1, note: 2, ok: 3 };

/** One examination, and what was done about what it found. */
export class Doctor {
  running = $state(false);
  offline = $state(false);
  /** `null` before the first examination. */
  findings = $state.raw<FindingView[] | null>(null);
  problem = $state<ShownProblem | null>(null);

  constructor(private readonly backend: () => Backend) {}

  /** Warnings and problems. */
  open = $derived((this.findings ?? []).filter(({ level }) => WORST_FIRST[level] < 2).length);

  examine = (): Promise<boolean> => this.#run(async () => this.#look());

  /** Mends findings of this kind, then looks again whether that helped. */
  fix = ({ check }: FindingView): Promise<boolean> =>
    this.#run(async () => {
      await this.backend().fix(check);
      await this.#look();
    });

  /** What was found is in the language of then. */
  forget = (): void => {
    this.findings = null;
    this.problem = null;
  };

  copy = (): Promise<boolean> => this.#run(() => this.backend().copyReport(this.offline));

  async #look(): Promise<void> {
    const found = await this.backend().examine(this.offline);
    this.findings = [...found].sort((a, b) => WORST_FIRST[a.level] - WORST_FIRST[b.level]);
  }

  /** Once at a time; whether it went well. */
  async #run(act: () => Promise<void>): Promise<boolean> {
    if (this.running) return false;
    this.running = true;
    this.problem = null;
    try {
      await act();
    } catch (rejection) {
      this.problem = asProblem(rejection);
    }
    this.running = false;
    return this.problem === null;
  }
}
