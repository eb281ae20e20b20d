// Logs in, asks who it is, refreshes and revokes with twitter-api-v2 as npm has it, without Birdkey.
import { createInterface } from "node:readline";
import { TwitterApi } from "twitter-api-v2";

const [redirectUri, clientId, clientSecret] = process.argv.slice(2);
const app = new TwitterApi({ clientId, clientSecret });
const scope = ["tweet.read", "users.read", "offline.access"];
const { url, codeVerifier } = app.generateOAuth2AuthLink(redirectUri, { scope });
console.log(url);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const code = (await lines.next()).value;
const login = await app.loginWithOAuth2({ code, codeVerifier, redirectUri });
const refreshed = await app.refreshOAuth2Token(login.refreshToken);
console.log("@" + (await refreshed.client.v2.me()).data.username);
await app.revokeOAuth2Token(refreshed.accessToken, "access_token");
await app.revokeOAuth2Token(refreshed.refreshToken, "refresh_token");
console.log(refreshed.accessToken);
process.exit();
