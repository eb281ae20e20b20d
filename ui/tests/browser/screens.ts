import { examples } from "../../src/lib/backend/fake-views";

/** Every screen that can be looked at, as the address of the fake tour: the states of the view, and
 * what a click away is beside them. */
export const SCREENS: Record<string, string> = {
  ...Object.fromEntries(Object.keys(examples).map((name) => [name, `screen=${name}`])),
  "set-up-x": "screen=first-run&click=set-up-x",
  "add-account": "screen=several&click=nav-add",
  "bad-client-id": "screen=first-run&bad-id&click=set-up-x,x-client-id",
  "take-secret": "screen=app-confidential&click=change-secret",
  "remove-app": "screen=app&click=remove-app",
  "app-checked": "screen=app&click=check-app",
  "app-check-failed": "screen=app&reject=checkApp&click=check-app",
  scopes: "screen=app&click=choose-scopes",
  "scopes-everything": "screen=app&click=choose-scopes,preset-everything",
  "scopes-more": "screen=account&click=change-scopes,scope-tweet.write",
  "log-out": "screen=account&click=log-out",
  "logged-out": "screen=account&click=log-out,confirm-yes",
  "half-logged-out": "screen=account&half&click=log-out,confirm-yes",
  sandbox: "screen=several&click=nav-sandbox",
  settings: "screen=several&click=nav-settings",
  "settings-edit": "screen=app&click=nav-settings,edit-app",
  "settings-edit-failed": "screen=app&reject=changeApp&click=nav-settings,edit-app,save-app",
  "settings-remove": "screen=account&click=nav-settings,settings-remove-app",
  doctor: "screen=several&click=nav-settings,examine",
  activity: "screen=several&click=nav-activity",
  "activity-failed": "screen=several&reject=activity&click=nav-activity",
  request: "screen=account&click=try-request",
  "request-answered": "screen=account&click=try-request,request-send",
  "request-failed": "screen=account&reject=sendRequest&click=try-request,request-send",
  "long-names": "screen=several&long",
  "many-accounts": "screen=many",
};
