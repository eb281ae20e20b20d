import { fireEvent, render, waitFor } from "@testing-library/svelte";
import { expect } from "vitest";

import App from "../src/App.svelte";
import { FakeBackend } from "../src/lib/backend/fake";
import type { View } from "../src/lib/backend/generated/View";
import { Controller } from "../src/lib/controller.svelte";

/** What carries this mark, if it is shown. */
export const find = (test: string) => document.querySelector<HTMLElement>(`[data-test="${test}"]`);

export function get(test: string): HTMLElement {
  const element = find(test);
  if (element === null) throw new Error(`nothing is marked ${test}`);
  return element;
}

export const click = (test: string) => fireEvent.click(get(test));

/** The window over a backend of the test. */
export async function openOn(backend: FakeBackend): Promise<FakeBackend> {
  render(App, { controller: new Controller(backend) });
  await waitFor(() => expect(find("loading")).toBeNull());
  return backend;
}

export const open = (view: View): Promise<FakeBackend> => openOn(new FakeBackend(view));
