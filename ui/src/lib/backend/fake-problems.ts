import type { Problem } from "./generated/Problem";

/** What there is to say about logins besides their accounts, as Rust says it. */

export const loginCutOff: Problem = {
  code: "login_cut_off",
  what: "A login through “Newsroom” was cut off.",
  why: "Birdkey sent its code, and the answer never arrived. If X issued tokens, they may still work.",
  hint: "To end them, log in again as the same user, or remove the app's access at https://x.com/settings/connected_apps. To dismiss this, run: birdkey doctor --fix",
};
export const logoutHeldBack: Problem = {
  code: "logout_held_back",
  what: "Older tokens of Ada Sample (@ada_sample) may still work at login.example.org.",
  why: "A newer login replaced them. Revoking them now could end that login too, so Birdkey revokes them when you log out of this account.",
  hint: "Nothing has to be done. To end them now, log out of the account and log in again.",
};
export const elsewhereLine =
  "export XDG_DATA_HOME='/home/ada/snap/code/177/.local/share' XDG_CONFIG_HOME='/home/ada/snap/code/177/.config'";
export const accountElsewhere: Problem = {
  code: "account_elsewhere",
  what: "Nobody is logged in in this terminal's folders, but you are in others.",
  why: "The keychain holds logins of the Birdkey whose data folder is /home/ada/snap/code/177/.local/share/birdkey. Programs like snap and flatpak give their terminals other folders.",
  hint: `To use those logins here, run: ${elsewhereLine}`,
};
export const loginElsewhere: Problem = {
  code: "login_elsewhere",
  what: "This login could end one that you have already.",
  why: "The Birdkey whose data folder is /home/ada/snap/code/177/.local/share/birdkey holds a login of the same app, and the server keeps one login per app and user.",
  hint: `To use that login here, run: ${elsewhereLine}`,
};
export const accountRenewed: Problem = {
  code: "account_renewed",
  what: "This login went into account u1, the only account of the app.",
  why: "It is not known whose account that was, and the server did not confirm who logged in.",
  hint: "To add another account, run: birdkey login --new --app a1",
};
export const userUnconfirmed: Problem = {
  code: "user_unconfirmed",
  what: "X did not confirm who logged in.",
  why: "So this login is kept apart as account u2, and @ada_sample is as it was.",
  hint: "Try later: birdkey refresh --account u2. Once the server confirms that it is the same user, the login moves into that account.",
};
export const refreshUnanswered: Problem = {
  code: "refresh_unanswered",
  what: "The last refresh of this account got no answer.",
  why: "X may have replaced its tokens in the meantime. Birdkey asks again in 28 seconds at the earliest.",
  hint: "Try again then. To ask at once, select Refresh in the window, or run: birdkey refresh",
};
export const newerTokens: Problem = {
  code: "newer_tokens_may_live",
  what: "Newer tokens of this login may still work.",
  why: "An earlier refresh got no answer. If X issued new tokens then, they never arrived here and could not be revoked.",
  hint: "To end them, log in again as the same user, or remove the app's access at https://x.com/settings/connected_apps.",
};
export const locksUnusable: Problem = {
  code: "file_unusable",
  what: "A file of Birdkey can't be used.",
  why: "/home/ada/.local/share/birdkey/locks: permission denied.",
  hint: "Make the folder writable, then look again.",
};
export const away: Problem = {
  code: "no_connection",
  what: "X could not be reached.",
  why: "There was no connection to api.x.com.",
  hint: "Check the network, then try again.",
};
