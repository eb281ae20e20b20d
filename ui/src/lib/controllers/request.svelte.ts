import type { Backend } from "../backend/backend";
import type { AccountView } from "../backend/generated/AccountView";
import type { AnswerView } from "../backend/generated/AnswerView";
import { asProblem, type ShownProblem } from "../backend/problem";
import { endpointOf, placeholders } from "../format/endpoints";

/** Lines that are fetched at once; Rust hands out 500 at most. */
const WINDOW = 200;

/** A request as it is typed, and the answer to it. */
export class RequestTry {
  method = $state("GET");
  path = $state("/2/users/me");
  body = $state("");
  sending = $state(false);
  answer = $state.raw<AnswerView | null>(null);
  problem = $state<ShownProblem | null>(null);
  /** The lines fetched so far, by their number. */
  lines = $state.raw<ReadonlyMap<number, string>>(new Map());
  /** What the answer, or the Problem in its place, is to. */
  sent = $state("");
  readonly #asked = new Set<number>();
  #tried = $state(false);

  constructor(
    private readonly backend: () => Backend,
    private readonly account: () => AccountView,
    /** Whether its API is X's, whose endpoints and scopes are known. */
    private readonly isX: () => boolean,
  ) {}

  endpoint = $derived.by(() => (this.isX() ? endpointOf(this.method, this.path) : null));
  lacking = $derived.by(() => {
    const { scopesRequested, scopesGranted } = this.account();
    // Those of an imported login are unknown, and may be enough.
    if (scopesRequested.length + scopesGranted.length === 0) return [];
    return (this.endpoint?.scopes ?? []).filter((scope) => !scopesGranted.includes(scope));
  });
  unfilled = $derived(placeholders(this.path));
  hasBody = $derived(this.method !== "GET" && this.method !== "DELETE");
  /** What is wrong with the body, in the words of the platform. */
  bodyProblem = $derived(this.hasBody ? jsonProblem(this.body) : null);
  /** Why nothing can be sent to this path; an empty one is no mistake until it is sent. */
  pathProblem = $derived.by((): "missing" | "spaces" | "address" | null => {
    const path = this.path.trim();
    if (path === "" || path === "/") return this.#tried ? "missing" : null;
    if (/^\w+:\/\//.test(path) && pathOfX(path) === null) return "address";
    return /\s/.test(path) ? "spaces" : null;
  });

  /** Sends it, or says what stands in the way; `false` when that is something typed. */
  send = async (): Promise<boolean> => {
    if (this.sending) return true;
    this.#tried = true;
    this.problem = null;
    // An earlier answer would be taken for the one to this request.
    this.answer = null;
    if (this.pathProblem !== null || this.unfilled.length > 0 || this.bodyProblem !== null) return false;
    const path = pathOfX(this.path.trim()) ?? this.path.trim();
    this.path = path.startsWith("/") ? path : `/${path}`;
    this.sending = true;
    this.sent = `${this.method} ${this.path}`;
    try {
      const body = this.hasBody && this.body.trim() !== "" ? this.body : null;
      // What seems to be missing is said, and left to the server: its rules may have changed.
      const request = { method: this.method, target: this.path, body, scopes: [] };
      this.answer = await this.backend().sendRequest(this.account().id, request);
      this.lines = new Map();
      this.#asked.clear();
      await this.show(0, WINDOW);
    } catch (rejection) {
      this.answer = null;
      this.problem = asProblem(rejection);
    }
    this.sending = false;
    return true;
  };

  /** Fetches the lines that are about to be seen, a window of them at a time. */
  show = async (from: number, to: number): Promise<void> => {
    const last = Math.min(to, this.answer?.lines ?? 0);
    for (let at = from - (from % WINDOW); at < last; at += WINDOW) {
      if (this.#asked.has(at)) continue;
      this.#asked.add(at);
      const fetched = await this.backend().answerLines(at, WINDOW).catch(() => null);
      if (fetched === null) this.#asked.delete(at);
      else this.lines = new Map([...this.lines, ...fetched.map((line, by) => [at + by, line] as const)]);
    }
  };

  copy = (): Promise<void> => this.backend().copyAnswer();
}

/** The path of an address as X's documentation writes it; `null` for any other. */
const pathOfX = (typed: string): string | null =>
  /^https:\/\/api\.(?:x|twitter)\.com(\/.*)$/.exec(typed)?.[1] ?? null;

function jsonProblem(text: string): string | null {
  if (text.trim() === "") return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
