import { mount } from "svelte";

import App from "./App.svelte";
import type { Backend } from "./lib/backend/backend";
import { tauriBackend } from "./lib/backend/tauri";
import { Controller } from "./lib/controller.svelte";
import "./styles/tokens.css";
import "./styles/base.css";

/** In development, outside the window, every state can be looked at: `?screen=account&click=log-out`. */
async function chooseBackend(): Promise<Backend> {
  if (!import.meta.env.DEV || "__TAURI_INTERNALS__" in window) return tauriBackend;
  const { fakeForAddress } = await import("./lib/backend/fake-tour");
  return fakeForAddress(new URLSearchParams(location.search));
}

const target = document.getElementById("app");
if (target !== null) {
  void chooseBackend().then((backend) =>
    mount(App, { target, props: { controller: new Controller(backend) } }),
  );
}
