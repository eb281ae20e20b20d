import type { Backend } from "../backend/backend";
import type { ActivityEntry } from "../backend/generated/ActivityEntry";
import type { ActivityKind } from "../backend/generated/ActivityKind";
import { asProblem, type ShownProblem } from "../backend/problem";

/** What is shown of the activity; an empty text is no filter. */
export interface Filters {
  account: string;
  kind: ActivityKind | "";
  program: string;
}

const NONE: Filters = { account: "", kind: "", program: "" };

/** The activity as it happens, newest first. */
export class ActivityLog {
  /** `null` until it was read. */
  entries = $state.raw<ActivityEntry[] | null>(null);
  problem = $state<ShownProblem | null>(null);
  filters = $state<Filters>({ ...NONE });
  /** How many came since the list was opened. */
  added = $state(0);

  constructor(private readonly backend: () => Backend) {}

  shown = $derived(
    (this.entries ?? []).filter(
      ({ account, what, program }) =>
        fits(this.filters.account, account) &&
        fits(this.filters.kind, what) &&
        fits(this.filters.program, program),
    ),
  );
  accounts = $derived(names(this.entries, ({ account }) => account));
  programs = $derived(names(this.entries, ({ program }) => program));
  filtered = $derived(Object.values(this.filters).some((value) => value !== ""));

  /** Reads it, and reads it again with every change until `stop`. */
  start = async (): Promise<void> => {
    await this.read();
    await this.backend()
      .watchActivity(() => void this.read())
      .catch(() => {});
  };

  stop = (): void => void this.backend().leaveActivity().catch(() => {});

  read = async (): Promise<void> => {
    try {
      const read = await this.backend().activity();
      if (this.entries !== null) this.added += Math.max(0, read.length - this.entries.length);
      this.entries = [...read].reverse();
      this.problem = null;
    } catch (rejection) {
      this.problem = asProblem(rejection);
    }
  };

  clear = (): void => {
    this.filters = { ...NONE };
  };
}

const fits = (wanted: string, found: string | null): boolean => wanted === "" || wanted === found;

function names(
  entries: ActivityEntry[] | null,
  of: (entry: ActivityEntry) => string | null,
): string[] {
  const all = new Set((entries ?? []).map(of).filter((name) => name !== null));
  return [...all].sort((a, b) => a.localeCompare(b));
}
