import type { NewXApp } from "./backend/backend";

const KEY = "set-up-x";
const EMPTY: NewXApp = { name: "X", clientId: "", clientType: "public" };

/** What was typed into the form for an app at X before it was left; none of it is secret. */
export function readDraft(storage: Storage = localStorage): NewXApp {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "{}") as Partial<NewXApp>;
    return {
      name: typeof kept.name === "string" ? kept.name : EMPTY.name,
      clientId: typeof kept.clientId === "string" ? kept.clientId : EMPTY.clientId,
      clientType: kept.clientType === "confidential" ? "confidential" : "public",
    };
  } catch {
    return EMPTY;
  }
}

/** Keeps what is typed; an untouched form leaves nothing behind. */
export function keepDraft(app: NewXApp, storage: Storage = localStorage): void {
  if (app.clientId === "" && app.name === EMPTY.name && app.clientType === "public") {
    storage.removeItem(KEY);
  } else {
    storage.setItem(KEY, JSON.stringify(app));
  }
}

/** Once saved, the next app begins with an empty form. */
export function forgetDraft(storage: Storage = localStorage): void {
  storage.removeItem(KEY);
}
