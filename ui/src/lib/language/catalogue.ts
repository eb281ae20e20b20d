/** The messages of the window, one file for each area; what scopes allow, which the sandbox says too;
 * and why something failed, which the command says too. The rest of the catalogue is Rust's. */

import scopesFile from "../../../../crates/messages/catalogue/scopes.json";
import codesDe from "../../../../crates/messages/catalogue/de/codes.json";
import sharedDe from "../../../../crates/messages/catalogue/de/window/shared.json";
import frameDe from "../../../../crates/messages/catalogue/de/window/frame.json";
import loginDe from "../../../../crates/messages/catalogue/de/window/login.json";
import accountsDe from "../../../../crates/messages/catalogue/de/window/accounts.json";
import activityDe from "../../../../crates/messages/catalogue/de/window/activity.json";
import settingsDe from "../../../../crates/messages/catalogue/de/window/settings.json";
import requestDe from "../../../../crates/messages/catalogue/de/window/request.json";
import codesEn from "../../../../crates/messages/catalogue/en/codes.json";
import sharedEn from "../../../../crates/messages/catalogue/en/window/shared.json";
import frameEn from "../../../../crates/messages/catalogue/en/window/frame.json";
import loginEn from "../../../../crates/messages/catalogue/en/window/login.json";
import accountsEn from "../../../../crates/messages/catalogue/en/window/accounts.json";
import activityEn from "../../../../crates/messages/catalogue/en/window/activity.json";
import settingsEn from "../../../../crates/messages/catalogue/en/window/settings.json";
import requestEn from "../../../../crates/messages/catalogue/en/window/request.json";

/** A message, or its forms by number: `one` and `other` as the languages here need them. */
export type Message = string | { one: string; other: string };

/** What X's scopes allow in one language, each under `scope.` and its name. */
const ofScopes = (spoken: "en" | "de"): Record<`scope.${string}`, string> =>
  Object.fromEntries(scopesFile.scopes.map(({ name, words }) => [`scope.${name}`, words[spoken]]));

const english = {
  ...ofScopes("en"),
  ...codesEn,
  ...sharedEn,
  ...frameEn,
  ...loginEn,
  ...accountsEn,
  ...activityEn,
  ...settingsEn,
  ...requestEn,
};

/** The name of a message; one that is missing in English does not compile, but for those of scopes. */
export type Key = keyof typeof english | `scope.${string}`;

/** Whether there is a message of this name. */
export const isKey = (name: string): name is Key => Object.hasOwn(english, name);

const german: Record<string, Message> = {
  ...ofScopes("de"),
  ...codesDe,
  ...sharedDe,
  ...frameDe,
  ...loginDe,
  ...accountsDe,
  ...activityDe,
  ...settingsDe,
  ...requestDe,
};

/** English by the type that all may be asked with. */
export const messages: Record<"en" | "de", Record<string, Message>> = {
  en: english,
  de: german,
};
